"""Finance figures are appended, never changed: a correction is a new batch. Source: HQ-44."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER figure_append_only BEFORE UPDATE OR DELETE ON ledger_financefigure
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER reject_append_only BEFORE UPDATE OR DELETE ON ledger_financereject
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reject_append_only ON ledger_financereject;
DROP TRIGGER figure_append_only ON ledger_financefigure;
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
