"""What the database itself refuses of roles and work; what an empty home knows of both."""

import datetime as dt

from django.db import migrations
from django.utils import timezone

LONG_AGO = dt.date(1900, 1, 1)
FORWARD = """
-- Nobody holds roles of two kinds: the three administrators 三员, the regulator and the business
-- are disjoint. The person's row is locked, so that two assignments at once are judged in turn.
CREATE FUNCTION organization_roles_of_one_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM organization_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    IF (SELECT count(DISTINCT r.kind) FROM organization_staff_roles sr
        JOIN organization_role r ON r.id = sr.role_id WHERE sr.staff_id = NEW.staff_id) > 1 THEN
        RAISE EXCEPTION 'staff % would hold roles of two kinds', NEW.staff_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_roles_of_one_kind';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER staff_roles_of_one_kind AFTER INSERT OR UPDATE ON organization_staff_roles
    FOR EACH ROW EXECUTE FUNCTION organization_roles_of_one_kind();
CREATE FUNCTION organization_kind_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the kind of role % does not change', OLD.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'role_kind_stays';
END $$;
CREATE TRIGGER role_kind_stays BEFORE UPDATE ON organization_role
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
    EXECUTE FUNCTION organization_kind_stays();
CREATE TRIGGER workstep_append_only BEFORE UPDATE OR DELETE ON organization_workstep
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER workitem_finished_stays BEFORE UPDATE ON organization_workitem
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER workitem_never_deleted BEFORE DELETE ON organization_workitem
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER roledefinition_decided_stays BEFORE UPDATE ON organization_roledefinition
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER roledefinition_never_deleted BEFORE DELETE ON organization_roledefinition
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER roleassignment_never_deleted BEFORE DELETE ON organization_roleassignment
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER personnelorder_never_deleted BEFORE DELETE ON organization_personnelorder
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
BACKWARD = """
DROP TRIGGER staff_roles_of_one_kind ON organization_staff_roles;
DROP TRIGGER role_kind_stays ON organization_role;
DROP TRIGGER workstep_append_only ON organization_workstep;
DROP TRIGGER workitem_finished_stays ON organization_workitem;
DROP TRIGGER workitem_never_deleted ON organization_workitem;
DROP TRIGGER roledefinition_decided_stays ON organization_roledefinition;
DROP TRIGGER roledefinition_never_deleted ON organization_roledefinition;
DROP TRIGGER roleassignment_never_deleted ON organization_roleassignment;
DROP TRIGGER personnelorder_never_deleted ON organization_personnelorder;
DROP FUNCTION organization_roles_of_one_kind();
DROP FUNCTION organization_kind_stays();
"""
CONFLICTS = [
    ("propose_thresholds", "approve_thresholds"),
    ("import_finance", "sign_off_finance"),
    ("handle_warnings", "review_warnings"),
    ("draft_report", "review_report"),
    ("draft_report", "release_report"),
    ("review_report", "release_report"),
    ("propose_authority", "approve_authority"),
    ("propose_parameters", "approve_parameters"),
    ("maintain_registers", "approve_registers"),
]
PARAMETERS = [
    ("staffing.cases_per_underwriter", 40, "cases"),
    ("access.recertification_days", 14, "days"),
    ("access.regulator_days", 90, "days"),
    ("access.export_review_days", 90, "days"),
]
POSTS = [
    ("underwriter", "核保岗", "", ["信用保证保险核保", "借款人资信分析"], ["保险从业资格"]),
    ("warning_handler", "风险处置岗", "", ["逾期催收与处置", "资金方沟通"], []),
    ("actuary", "精算岗", "head_office", ["准备金评估"], ["精算师资格"]),
]


def seed(apps, schema_editor):
    get = lambda name: apps.get_model("organization", name)
    for unit in get("Unit").objects.all():
        get("UnitPeriod").objects.create(
            unit=unit, name=unit.name, name_en=unit.name_en, parent=unit.parent, path=unit.path,
            valid_from=LONG_AGO,
        )
    for role in get("Role").objects.all():
        get("RoleDefinition").objects.create(
            role=role, code=role.code, name=role.name, kind=role.kind,
            permissions=role.permissions, version=1, status="approved", reason="starter role",
            proposed_at=timezone.now(), decided_at=timezone.now(),
        )
    for staff in get("Staff").objects.all():
        for role in staff.roles.all():
            get("RoleAssignment").objects.create(
                staff=staff, role=role, valid_from=LONG_AGO, began_at=timezone.now()
            )
    for pair in CONFLICTS:
        first, second = sorted(pair)
        get("DutyConflict").objects.create(
            first=first, second=second, reason="one person makes, another checks"
        )
    for name, value, unit in PARAMETERS:
        apps.get_model("core", "RegulatoryParameter").objects.create(
            name=name, value=value, unit=unit, valid_from=dt.date(2020, 1, 1),
            source="company policy (starter value)",
        )
    for code, name, unit_kind, competencies, certificates in POSTS:
        get("Post").objects.create(
            code=code, name=name, unit_kind=unit_kind, competencies=competencies,
            certificates=certificates,
        )


class Migration(migrations.Migration):
    dependencies = [("organization", "0007_people"), ("core", "0003_app_role")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
