"""Who works on the books, and how many days what waits there may wait."""

from django.db import migrations

MORE = {
    "finance_officer": ["view_books", "post_vouchers"],
    "chief_risk_officer": ["view_books", "approve_vouchers", "close_books"],
    "general_manager": ["view_books"],
    "auditor": ["view_books"],
}
DAYS = {"voucher_approval": 3, "posting_rule_approval": 5, "books_closing": 2}


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
    dependencies = [("organization", "0015_books")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
