"""Whoever holds open work on a warning sees that warning; assignment follows work handed over."""

from django.db import migrations

UNIT = "unit_id IN (SELECT sees_unit_ids()) OR slice_unit_id IN (SELECT sees_unit_ids())"
HELD = """
EXISTS (
    SELECT FROM organization_workitem w
    WHERE w.subject_type = 'postloss.riskwarning' AND w.subject_id = postloss_riskwarning.id::text
        AND w.finished_at IS NULL AND w.holder_id = (SELECT sees_as()))
"""
POLICY = "DROP POLICY postloss_riskwarning_seen ON postloss_riskwarning;" \
    "CREATE POLICY postloss_riskwarning_seen ON postloss_riskwarning USING ({});"
# Whoever dismisses a person sees no warning; its assignment follows all the same, and no more.
REASSIGN = """
CREATE FUNCTION postloss_reassign_warnings(items bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE postloss_riskwarning r SET assigned_to_id = w.holder_id
    FROM organization_workitem w
    WHERE w.id = ANY (items) AND w.kind = 'warning_handling' AND w.finished_at IS NULL
        AND w.subject_type = 'postloss.riskwarning' AND w.subject_id = r.id::text
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("postloss", "0008_row_security"),
        ("organization", "0008_people_rules_and_seeds"),
    ]
    operations = [
        migrations.RunSQL(POLICY.format(f"{UNIT} OR {HELD}"), POLICY.format(UNIT)),
        migrations.RunSQL(REASSIGN, "DROP FUNCTION postloss_reassign_warnings(bigint[]);"),
    ]
