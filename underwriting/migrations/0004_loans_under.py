"""How many loans hang on a part of the tree: a count for whoever sees no loan."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION underwriting_loans_under(scope text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(s.loans), 0)::bigint FROM underwriting_segment s
    WHERE EXISTS (
        SELECT FROM underwriting_namemapping m JOIN organization_unit u ON u.id = m.unit_id
        WHERE m.lender_id = s.lender_id AND m.book_name_id = s.branch_id
            AND m.confirmed_at IS NOT NULL AND starts_with(u.path, scope))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("underwriting", "0003_row_security"),
        ("organization", "0007_people"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION underwriting_loans_under(text);"),
    ]
