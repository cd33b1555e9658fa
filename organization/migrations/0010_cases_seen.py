"""Cases are seen in the scope of the person, by their maker, and by whoever holds open work. A4."""

from django.db import migrations

from core.row_security import protect

CASE = """
unit_id IN (SELECT sees_unit_ids()) OR maker_id = (SELECT sees_as()) OR EXISTS (
    SELECT FROM organization_workitem w
    WHERE w.subject_type = 'organization.authoritycase'
        AND w.subject_id = organization_authoritycase.id::text
        AND w.finished_at IS NULL AND w.holder_id = (SELECT sees_as()))
"""
PART = "EXISTS (SELECT FROM organization_authoritycase whole WHERE whole.id = case_id)"
DECISION = """
unit_id IN (SELECT sees_unit_ids())
OR maker_id = (SELECT sees_as()) OR signer_id = (SELECT sees_as())
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0009_authority")]
    operations = [
        protect("organization_authoritycase", CASE),
        protect("organization_caseparty", PART),
        protect("organization_casefile", PART),
        protect("organization_recusalentry", PART),
        protect(
            "organization_caseidentity",
            "EXISTS (SELECT FROM organization_caseparty whole WHERE whole.id = party_id)",
        ),
        protect("organization_signeddecision", DECISION),
    ]
