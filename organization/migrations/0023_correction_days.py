"""How many days a correction of a premium may wait."""

from django.db import migrations

DAYS = {"premium_correction": 3}


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for row in parameter.objects.filter(name="work.due_days", status="unapproved"):
        row.value = row.value | DAYS
        row.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0022_policies_seeds")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
