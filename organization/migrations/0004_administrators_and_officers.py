"""The three administrators 三员, the regulator, and the officers of authority, registers and data."""

from django.db import migrations

NEW = {
    "system_administrator": ("系统管理员", "system", ["manage_units", "manage_staff"]),
    "security_administrator": (
        "安全管理员",
        "security",
        ["define_roles", "assign_roles", "manage_sign_in", "view_security_log", "rotate_keys"],
    ),
    "audit_administrator": ("审计管理员", "audit", ["search_audit", "verify_chain"]),
    "regulator": ("监管人员", "regulator", ["view_released"]),
    "compliance_officer": (
        "合规专员",
        "business",
        ["view_authority", "propose_parameters", "maintain_calendar", "maintain_registers",
         "handle_incidents", "manage_templates", "manage_retention", "answer_persons",
         "make_evidence"],
    ),
    "compliance_chief": (
        "合规负责人",
        "business",
        ["view_authority", "approve_parameters", "approve_registers", "certify_access",
         "approve_export", "handle_incidents", "make_evidence"],
    ),
    "underwriting_chief": (
        "首席核保官",
        "business",
        ["view_portfolio", "view_authority", "propose_authority", "sign_cases", "run_committees"],
    ),
    "underwriter": ("核保员", "business", ["view_portfolio", "view_authority", "sign_cases"]),
}
MORE = {
    "risk_manager": ["unmask", "view_authority"],
    "chief_risk_officer": ["view_authority", "approve_authority", "approve_export"],
    "general_manager": ["view_authority", "approve_authority"],
    "branch_manager": ["self_check", "unmask", "view_authority", "sign_cases"],
}


def seed(apps, schema_editor):
    role = apps.get_model("organization", "Role")
    for code, (name, kind, permissions) in NEW.items():
        role.objects.create(code=code, name=name, kind=kind, permissions=permissions)
    for code, more in MORE.items():
        row = role.objects.get(code=code)
        row.permissions = [*row.permissions, *more]
        row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_role_kind")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
