"""What the settings of a transaction let a person see, for the policies of every app. Source: A4."""

from django.db import migrations

from core.row_security import protect

FORWARD = """
CREATE FUNCTION sees_unit_ids() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT id FROM organization_unit
    WHERE starts_with(path, nullif(current_setting('xinbao.scope', true), ''))
$$;
CREATE FUNCTION sees_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM organization_unit
        WHERE parent_id IS NULL AND path = current_setting('xinbao.scope', true)
    )
$$;
CREATE FUNCTION sees_as() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('xinbao.staff', true), '')::bigint
$$;
CREATE FUNCTION sees_as_kind(kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('xinbao.kind', true) = kind, false)
$$;
"""
BACKWARD = """
DROP FUNCTION sees_unit_ids(); DROP FUNCTION sees_everything(); DROP FUNCTION sees_as();
DROP FUNCTION sees_as_kind(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0004_administrators_and_officers"),
        ("core", "0003_app_role"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        protect("core_job", "created_by_id = (SELECT sees_as()) OR (SELECT sees_everything())"),
    ]
