"""Policies in force are looked over again at a rhythm that is company policy. Source: PRE-26b."""

from django.db import migrations, models

FIGURES = {"review_months": (12, "months"), "review_notice_days": (30, "days")}
FIRST_DUE = """
UPDATE reporting_policyversion SET review_due_on = effective_from + interval '12 months'
WHERE status = 'published'
"""


def seed(apps, schema_editor):
    for name, (value, unit) in FIGURES.items():
        apps.get_model("core", "RegulatoryParameter").objects.create(
            name=f"policy.{name}",
            value=value,
            unit=unit,
            valid_from="2020-01-01",
            source="company policy (starter value)",
        )


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_findings_seen_through_work")]
    operations = [
        migrations.AddField(
            "policyversion",
            "review_due_on",
            models.DateField(null=True, help_text="looked over again by this day"),
        ),
        migrations.AddField(
            "policyversion",
            "review_asked_at",
            models.DateTimeField(null=True, help_text="asked, and not yet answered"),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(FIRST_DUE, migrations.RunSQL.noop),
    ]
