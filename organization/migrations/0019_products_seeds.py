"""Who works on products, and how many days what waits there may wait."""

from django.db import migrations

MORE = {
    "underwriting_chief": ["edit_products"],
    "chief_risk_officer": ["review_products"],
    "compliance_chief": ["review_products"],
    "general_manager": ["sell_products"],
}
DAYS = {"formula_review": 5, "product_sale": 10, "clause_approval": 5, "product_review": 10}


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
    dependencies = [("organization", "0018_products")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
