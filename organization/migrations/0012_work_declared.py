"""Work that another must do, or each by themselves; its days; and who sees it. Source: A4."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from core.row_security import protect

DAYS = {
    "case_decision": 3, "case_rework": 5, "grant_approval": 3, "committee_approval": 5,
    "sign_in_approval": 3, "role_approval": 5, "roles_assignment": 2, "export_approval": 2,
    "deletion_approval": 10, "alert_conclusion": 5, "key_rotation": 3, "parameter_approval": 5,
    "calendar_approval": 5, "policy_publication": 10, "self_check_sign_off": 5,
    "finding_verification": 5, "incident_closing": 10, "thresholds_approval": 5,
    "names_confirmation": 5, "finance_sign_off": 5, "report_review": 5, "report_release": 3,
}  # fmt: skip

# asked once per query; past the policies of the two tables, which look at the item itself
TOUCHED = """
CREATE FUNCTION sees_work_ids() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT item_id FROM organization_workstep
        WHERE by_id = nullif(current_setting('xinbao.staff', true), '')::bigint
    UNION
    SELECT item_id FROM organization_workstep
        WHERE from_holder_id = nullif(current_setting('xinbao.staff', true), '')::bigint
    UNION
    SELECT item_id FROM organization_workcopy
        WHERE staff_id = nullif(current_setting('xinbao.staff', true), '')::bigint
$$;
"""
ITEM = """
unit_id IN (SELECT sees_unit_ids())
OR (SELECT sees_as()) IN (holder_id, initiator_id, finished_by_id)
OR id IN (SELECT sees_work_ids())
OR ((SELECT sees_as_kind('system')) AND permission IN ('manage_units', 'manage_staff'))
OR ((SELECT sees_as_kind('security')) AND permission IN
    ('define_roles', 'assign_roles', 'manage_sign_in', 'view_security_log', 'rotate_keys'))
OR ((SELECT sees_as_kind('audit')) AND permission IN ('search_audit', 'verify_chain'))
"""
HELD = """
CREATE FUNCTION sees_through_work(label text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT subject_id FROM organization_workitem
    WHERE subject_type = label AND finished_at IS NULL
        AND holder_id = nullif(current_setting('xinbao.staff', true), '')::bigint
$$;
"""
PART = "EXISTS (SELECT FROM organization_workitem whole WHERE whole.id = item_id)"


def seed(apps, schema_editor):
    apps.get_model("core", "RegulatoryParameter").objects.create(
        name="work.due_days",
        value=DAYS,
        unit="days",
        valid_from="2020-01-01",
        source="company policy (starter value)",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0011_cases_brought_by_authority"),
        ("core", "0002_audit_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "workitem",
            "is_by_another",
            models.BooleanField(
                default=False, help_text="whoever set it going does not do it"
            ),
        ),
        migrations.AddField(
            "workitem",
            "is_personal",
            models.BooleanField(
                default=False, help_text="only its holder can do it; it is not passed on"
            ),
        ),
        migrations.RemoveConstraint("workitem", "workitem_one_open_per_kind"),
        migrations.AddConstraint(
            "workitem",
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(finished_at__isnull=True, is_personal=False),
                name="workitem_one_open_per_kind",
            ),
        ),
        migrations.AddConstraint(
            "workitem",
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "holder"],
                condition=Q(finished_at__isnull=True, is_personal=True),
                name="workitem_one_open_per_person",
            ),
        ),
        migrations.AddConstraint(
            "workitem",
            models.CheckConstraint(
                condition=Q(is_personal=False) | Q(holder__isnull=False),
                name="workitem_personal_has_holder",
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(TOUCHED, "DROP FUNCTION sees_work_ids()"),
        migrations.RunSQL(HELD, "DROP FUNCTION sees_through_work(text)"),
        protect("organization_workitem", ITEM),
        protect("organization_workstep", PART),
        protect("organization_workcopy", PART),
    ]
