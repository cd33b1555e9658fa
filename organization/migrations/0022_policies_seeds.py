"""Who quotes, issues and takes the money of policies, and how many days what waits there may wait."""

from django.db import migrations

MORE = {
    "underwriter": ["quote_policies", "issue_policies"],
    "branch_manager": ["quote_policies", "issue_policies"],
    "underwriting_chief": ["quote_policies", "issue_policies"],
    "finance_officer": ["receive_premiums"],
}
DAYS = {"quote_issue": 3, "endorsement_approval": 3, "insured_confirmation": 5}


def seed(apps, schema_editor):
    role = apps.get_model("organization", "Role")
    for code, more in MORE.items():
        row = role.objects.get(code=code)
        row.permissions = [*row.permissions, *more]
        row.save(update_fields=["permissions"])
    parameter = apps.get_model("core", "RegulatoryParameter")
    for row in parameter.objects.filter(name="work.due_days", status="unapproved"):
        row.value = row.value | DAYS
        row.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0021_cessions_seeds")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
