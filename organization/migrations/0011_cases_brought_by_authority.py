"""Whoever was lent authority over a unit, holds it by name, or sits on a case, sees that case. A4."""

from django.db import migrations

OLD_CASE = """
unit_id IN (SELECT sees_unit_ids()) OR maker_id = (SELECT sees_as()) OR EXISTS (
    SELECT FROM organization_workitem w
    WHERE w.subject_type = 'organization.authoritycase'
        AND w.subject_id = organization_authoritycase.id::text
        AND w.finished_at IS NULL AND w.holder_id = (SELECT sees_as()))
"""
OLD_DECISION = """
unit_id IN (SELECT sees_unit_ids())
OR maker_id = (SELECT sees_as()) OR signer_id = (SELECT sees_as())
"""
# which day counts is asked by the selector; the wall asks only whether it was taken back
CASE = f"""{OLD_CASE}
OR EXISTS (
    SELECT FROM organization_unit mine JOIN organization_unit low
        ON starts_with(low.path, mine.path)
    WHERE low.id = organization_authoritycase.unit_id AND mine.id IN (
        SELECT lent.unit_id FROM organization_delegation lent
        WHERE lent.delegate_id = (SELECT sees_as()) AND lent.revoked_at IS NULL
        UNION ALL
        SELECT held.unit_id FROM organization_authoritygrant held
        WHERE held.person_id = (SELECT sees_as()) AND held.status = 'approved'))
OR EXISTS (
    SELECT FROM organization_resolution put JOIN organization_committeemember seat
        ON seat.committee_id = put.committee_id
    WHERE put.case_id = organization_authoritycase.id AND seat.person_id = (SELECT sees_as()))
"""
DECISION = f"""{OLD_DECISION}
OR (subject_type = 'organization.authoritycase' AND EXISTS (
    SELECT FROM organization_authoritycase whole WHERE whole.id = subject_id))
"""


def policy(table, new, old):
    words = f"ALTER POLICY {table}_seen ON {table} USING"
    return migrations.RunSQL(f"{words} ({new})", f"{words} ({old})")


class Migration(migrations.Migration):
    dependencies = [("organization", "0010_cases_seen")]
    operations = [
        policy("organization_authoritycase", CASE, OLD_CASE),
        policy("organization_signeddecision", DECISION, OLD_DECISION),
    ]
