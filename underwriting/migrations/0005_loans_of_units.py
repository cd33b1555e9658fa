"""How many loans are booked in each unit: counts for whoever sees the tree and no loan."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION underwriting_loans_of_units() RETURNS TABLE (unit bigint, loans bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH led AS (
        SELECT DISTINCT ON (m.lender_id, m.book_name_id) m.lender_id, m.book_name_id, m.unit_id
        FROM underwriting_namemapping m
        WHERE m.unit_id IS NOT NULL AND m.confirmed_at IS NOT NULL
        ORDER BY m.lender_id, m.book_name_id, m.valid_from DESC)
    SELECT led.unit_id, sum(s.loans)::bigint FROM underwriting_segment s
    JOIN led ON led.lender_id = s.lender_id AND led.book_name_id = s.branch_id
    GROUP BY led.unit_id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("underwriting", "0004_loans_under")]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION underwriting_loans_of_units();"),
    ]
