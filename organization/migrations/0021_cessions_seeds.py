"""Who works on treaties and cessions, and how many days a proposed treaty may wait."""

from django.db import migrations

MORE = {
    "underwriting_chief": ["view_cessions", "propose_treaties"],
    "chief_risk_officer": ["view_cessions", "approve_treaties"],
    "risk_manager": ["view_cessions"],
    "finance_officer": ["view_cessions"],
    "general_manager": ["view_cessions"],
    "auditor": ["view_cessions"],
}
DAYS = {"treaty_approval": 5}


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
    dependencies = [("organization", "0020_policies_and_cessions")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
