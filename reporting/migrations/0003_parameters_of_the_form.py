"""Which annualised loss rate stands in the regulatory form: dated, sourced, not yet approved."""

import datetime as dt

from django.db import migrations

ROWS = [
    (
        "alr.recovery_window",
        "year_to_date",
        "POST-35(四) 月末公式原文；HQ-05（监管未另行确认前按字面口径）",
    ),
    (
        "alr.claim_basis",
        "gross",
        "POST-35(三)(四) 原文“全部赔款”；HQ-07（监管未另行确认前按分保前口径）",
    ),
]


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, value, source in ROWS:
        parameter.objects.create(
            name=name,
            value=value,
            unit="word",
            valid_from=dt.date(2000, 1, 1),
            source=source,
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("reporting", "0002_frozen_reports")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
