"""A released report never changes, nor do the sources and files of any draft. Source: POST-06d."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reporting_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER released_is_frozen BEFORE UPDATE ON reporting_quarterlyreport
    FOR EACH ROW WHEN (OLD.state = 'released') EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER report_is_kept BEFORE DELETE ON reporting_quarterlyreport
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER month_is_frozen BEFORE UPDATE OR DELETE ON reporting_reportmonth
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER batch_is_frozen BEFORE UPDATE OR DELETE ON reporting_quarterlyreport_finance_batches
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER file_is_frozen BEFORE UPDATE OR DELETE ON reporting_reportfile
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
"""
BACKWARD = """
DROP TRIGGER file_is_frozen ON reporting_reportfile;
DROP TRIGGER batch_is_frozen ON reporting_quarterlyreport_finance_batches;
DROP TRIGGER month_is_frozen ON reporting_reportmonth;
DROP TRIGGER report_is_kept ON reporting_quarterlyreport;
DROP TRIGGER released_is_frozen ON reporting_quarterlyreport;
DROP FUNCTION reporting_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
