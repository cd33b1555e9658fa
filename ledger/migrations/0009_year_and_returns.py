"""A year's result is carried forward at its end; a receipt that the bank returns is posted."""

import datetime as dt

from django.db import migrations, models

EVENTS = [
    ("balances_brought_forward", "Balances brought forward"),
    ("policy_issued", "Policy issued: premium written"),
    ("premium_due", "Premium due"),
    ("premium_received", "Premium received"),
    ("premium_overdue", "Premium overdue"),
    ("premium_returned", "Premium receipt returned by the bank"),
    ("premium_written_off", "Premium written off"),
    ("policy_cancelled", "Policy cancelled"),
    ("premium_refund", "Premium refunded"),
    ("commission", "Commission incurred"),
    ("commission_paid", "Commission paid"),
    ("ceded_premium", "Premium ceded"),
    ("ceding_commission", "Ceding commission"),
    ("ceded_claim", "Claim recovered from reinsurers"),
    ("ri_settled", "Reinsurance account settled"),
    ("inward_ri", "Inward reinsurance accepted"),
    ("unearned_premium", "Unearned premium reserve set"),
    ("ri_unearned_premium", "Reinsurers' unearned premium reserve set"),
    ("claim_reserve", "Outstanding claims reserve set"),
    ("ri_claim_reserve", "Reinsurers' outstanding claims reserve set"),
    ("claim_approved", "Claim approved"),
    ("claim_paid", "Claim paid out"),
    ("subrogation_recognised", "Subrogation receivable recognised"),
    ("subrogation_impaired", "Subrogation allowance set"),
    ("subrogation_written_off", "Subrogation receivable written off"),
    ("recovery_received", "Recovery received"),
    ("recovery_ceded", "Recovery passed on to reinsurers"),
    ("year_closed", "Result of the year carried forward"),
    ("manual", "Manual voucher"),
]
LONG_AGO = dt.date(2000, 1, 1)
RETURNED = [("not_due", "112201", "1002"), ("due", "112202", "1002"), ("overdue", "112203", "1002")]
YEAR_END = {"profit": "4103", "retained": "4104"}
GUIDE = "企业会计准则——应用指南，附录：会计科目和主要账务处理"


def seed(apps, schema_editor):
    apps.get_model("ledger", "PostingRule").objects.create(
        event="premium_returned",
        version=1,
        valid_from=LONG_AGO,
        lines=[
            {"side": side, "account": account, "amount": amount}
            for amount, debit, credit in RETURNED
            for side, account in (("debit", debit), ("credit", credit))
        ],
        status="approved",
        reason="Starter posting rule; finance decides on its own.",
        decided_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    )
    apps.get_model("core", "RegulatoryParameter").objects.create(
        name="ledger.year_end_accounts",
        kind="table",
        value=YEAR_END,
        valid_from=LONG_AGO,
        source=GUIDE,
        owner="finance",
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_figure_lines")]
    operations = [
        migrations.AlterField(model, "event", models.CharField(choices=EVENTS, max_length=30))
        for model in ("entry", "postingrule")
    ] + [migrations.RunPython(seed, migrations.RunPython.noop)]
