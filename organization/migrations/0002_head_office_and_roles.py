"""The head office and the starter roles exist in an empty home."""

from django.db import migrations

ROLES = {
    "risk_manager": (
        "总公司风险经理",
        ["view_portfolio", "load_files", "confirm_names", "close_month", "propose_thresholds",
         "handle_warnings", "draft_report", "export"],
    ),
    "chief_risk_officer": (
        "首席风险官",
        ["view_portfolio", "approve_thresholds", "review_warnings", "review_report",
         "sign_off_finance", "export"],
    ),
    "data_officer": ("数据专员", ["view_portfolio", "load_files", "export"]),
    "finance_officer": ("财务专员", ["view_portfolio", "import_finance", "export"]),
    "general_manager": ("总经理", ["view_portfolio", "release_report", "review_warnings", "export"]),
    "branch_manager": ("分公司经理", ["view_portfolio", "handle_warnings", "export"]),
    "auditor": ("审计员", ["view_portfolio"]),
}


def seed(apps, schema_editor):
    unit = apps.get_model("organization", "Unit")
    role = apps.get_model("organization", "Role")
    unit.objects.create(code="HQ", name="总公司", name_en="Head office", kind="head_office", path="/HQ/")
    for code, (name, permissions) in ROLES.items():
        role.objects.create(code=code, name=name, permissions=permissions)


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
