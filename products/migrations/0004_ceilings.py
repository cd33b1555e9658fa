"""What a loan may cost in all, by type of lender, and the company's own ceiling (HQ-18, HQ-19).

The figures stand as data from memory until a compliance officer has read the texts and proposed
them anew. Private lending alone is bound to a multiple of the LPR.
"""

import datetime as dt

from django.db import migrations

LICENSED = (
    "bank", "trust", "consumer_finance", "auto_finance", "leasing", "micro_loan",
    "financing_guarantee", "factoring", "pawn",
)  # fmt: skip
ROWS = [
    {
        "name": "rate.all_in_ceiling",
        "kind": "table",
        "value": {**dict.fromkeys(LICENSED, 24), "private": "LPR"},
        "unit": "%/y",
        "valid_from": dt.date(2020, 8, 20),
        "source": "法发〔2017〕22号；金规〔2025〕9号第6条；民间借贷司法解释第1条、第25条及批复",
        "note": "HQ-18：持牌机构及七类地方金融组织按综合融资成本24%，民间借贷按4倍一年期LPR；待核对原文",
        "owner": "compliance",
        "verification": "memory_high",
    },
    {
        "name": "rate.company_all_in_ceiling",
        "kind": "percent",
        "value": 24,
        "unit": "%/y",
        "valid_from": dt.date(2020, 1, 1),
        "source": "company policy (starter value)",
        "note": "HQ-18",
        "owner": "underwriting",
        "verification": "company",
    },
]


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    parameter.objects.bulk_create(parameter(**row) for row in ROWS)


def unseed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    parameter.objects.filter(name__in=[row["name"] for row in ROWS]).delete()


class Migration(migrations.Migration):
    dependencies = [("products", "0003_frozen"), ("core", "0012_message_words")]
    operations = [migrations.RunPython(seed, unseed)]
