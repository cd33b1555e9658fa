"""The figures of signing in, as company policy, and who sees who is at work."""

from django.db import migrations

FIGURES = {
    "idle_minutes": (15, "minutes"),
    "absolute_hours": (12, "hours"),
    "step_up_minutes": (10, "minutes"),
    "attempts_per_name": (5, "attempts"),
    "attempts_per_address": (50, "attempts"),
    "lockout_minutes": (15, "minutes"),
    "password_days": (90, "days"),
    "password_history": (5, "passwords"),
    "password_length_gb": (10, "characters"),
    "password_length_asvs": (15, "characters"),
    "password_classes": (3, "kinds"),
}
SEES_ACTIVITY = ("branch_manager", "risk_manager", "chief_risk_officer", "general_manager")


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, (value, unit) in FIGURES.items():
        parameter.objects.create(
            name=f"security.{name}",
            value=value,
            unit=unit,
            valid_from="2020-01-01",
            source="company policy (starter value)",
        )
    for role in apps.get_model("organization", "Role").objects.filter(code__in=SEES_ACTIVITY):
        role.permissions = [*role.permissions, "view_activity"]
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0005_sign_in"), ("core", "0002_audit_append_only")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
