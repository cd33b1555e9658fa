"""By what else the parties behind some blind indexes are known: indexes for indexes, nothing clear.

Whoever assigns a case sees its parties, and not where else these are known; a recusal must not
hang on that.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION parties_same_as(given bytea[]) RETURNS TABLE (kind text, idx bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH same AS (
        SELECT id FROM parties_party WHERE document_index = ANY(given)
        UNION
        SELECT k.party_id FROM parties_partycontact k
        WHERE k.value_index = ANY(given) AND k.kind <> 'email' AND k.ended_at IS NULL)
    SELECT 'document', p.document_index FROM parties_party p JOIN same ON same.id = p.id
    UNION ALL
    SELECT CASE c.kind WHEN 'card' THEN 'account' ELSE c.kind END, c.value_index
    FROM parties_partycontact c JOIN same ON same.id = c.party_id
    WHERE c.kind <> 'email' AND c.ended_at IS NULL
$$;
CREATE FUNCTION parties_request_index(given bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.document_index FROM parties_personrequest r WHERE r.id = given
$$;
CREATE INDEX partycontact_value ON parties_partycontact (value_index) WHERE ended_at IS NULL;
"""
BACKWARD = "DROP INDEX partycontact_value; DROP FUNCTION parties_same_as(bytea[]);"
BACKWARD += " DROP FUNCTION parties_request_index(bigint);"


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_retention_rules_by_two")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
