"""The role under which pages run: it owns nothing and no policy passes it by. Source: A4."""

from django.db import migrations

FORWARD = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xinbao_app') THEN
        CREATE ROLE xinbao_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    EXECUTE format('GRANT xinbao_app TO %I', current_user);
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN  -- another database of this server was faster
        EXECUTE format('GRANT xinbao_app TO %I', current_user);
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role xinbao_app is missing: have an administrator run'
            ' CREATE ROLE xinbao_app NOLOGIN NOBYPASSRLS; GRANT xinbao_app TO %', current_user;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit_append_only")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
