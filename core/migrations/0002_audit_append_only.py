"""Audit records are appended, never changed: the database says no. Source: EVID-04, CRM-34."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_auditrecord
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
BACKWARD = "DROP TRIGGER audit_append_only ON core_auditrecord; DROP FUNCTION core_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
