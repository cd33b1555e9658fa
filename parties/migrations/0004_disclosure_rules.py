"""Starter figures and retention rules, and what the database refuses about reveals and deletions."""

import datetime as dt

from django.db import migrations

from core.row_security import protect

POLICY = "company policy (starter value)"
FROM = dt.date(2020, 1, 1)
FIGURES = [
    ("privacy.reveals_per_hour", 10, "records"),
    ("privacy.reveals_per_day", 40, "records"),
    ("privacy.reveal_seconds", 60, "seconds"),
    ("privacy.export_rows_free", 10000, "rows"),
    ("privacy.export_rows_per_day", 50000, "rows"),
    ("privacy.export_rows_most", 1000000, "rows"),
    ("privacy.export_fetch_days", 7, "days"),
    ("privacy.alert_history_days", 30, "days"),
    ("privacy.alert_factor", 3, "times"),
    ("privacy.alert_floor_reveal", 5, "records"),
    ("privacy.alert_floor_export_row", 2000, "rows"),
    ("privacy.alert_floor_look_up", 100, "records"),
    ("pipl.answer_days", 15, "days"),
]
RULES = [  # kind, up to 12 months, over 12 months, floor, after a dispute, source
    ("identity", 5, 10, 10, 2, "PRE-10a-c；反洗钱法第三十四条：身份资料至少十年"),
    ("lender_file", 5, 10, 10, 2, "PRE-10a-c；反洗钱法第三十四条：交易记录至少十年"),
    ("warning_evidence", 5, 10, 0, 2, "PRE-10a-c；信保办法第八十七条（按一年以上）"),
    ("finance_file", 10, 10, 0, 2, "company policy (starter value)；会计档案管理办法：其他会计资料十年"),
    ("report_file", 10, 10, 0, 2, "company policy (starter value)"),
    ("export_file", 3, 3, 0, 2, "个人信息提供记录至少三年（pipl.share_records_years）"),
]
FORWARD = """
CREATE FUNCTION parties_may_be_deleted(party bigint, file bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM parties_deletionline l
        JOIN parties_deletionlist d ON d.id = l.deletion_id
        JOIN parties_keptrecord k ON k.id = l.record_id
        WHERE d.status = 'approved' AND l.is_standing
          AND (k.party_id = party OR k.stored_id = file)
          AND k.retain_until <= (d.decided_at AT TIME ZONE 'Asia/Shanghai')::date
    ) AND NOT EXISTS (
        SELECT 1 FROM parties_legalhold h
        WHERE (h.party_id = party OR h.stored_id = file) AND h.lifted_at IS NULL
    )
$$;

CREATE FUNCTION parties_refuse_early_shredding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF octet_length(NEW.sealed_key) = 0 AND octet_length(OLD.sealed_key) > 0
       AND NOT parties_may_be_deleted(NULL, OLD.id) THEN
        RAISE EXCEPTION 'stored file % must be kept', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER storedfile_kept_in_time BEFORE UPDATE OF sealed_key ON core_storedfile
    FOR EACH ROW EXECUTE FUNCTION parties_refuse_early_shredding();

CREATE FUNCTION parties_refuse_early_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'party % is never deleted as a row', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (octet_length(NEW.sealed_document) = 0 AND octet_length(OLD.sealed_document) > 0)
       OR NEW.document_index <> OLD.document_index THEN
        IF NOT parties_may_be_deleted(OLD.id, NULL) THEN
            RAISE EXCEPTION 'party % must be kept', OLD.id
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER party_kept_in_time
    BEFORE DELETE OR UPDATE OF sealed_document, document_index ON parties_party
    FOR EACH ROW EXECUTE FUNCTION parties_refuse_early_erasure();

CREATE FUNCTION parties_keep_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.shredded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a tombstone never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deletionline_is_a_tombstone BEFORE UPDATE OR DELETE ON parties_deletionline
    FOR EACH ROW EXECUTE FUNCTION parties_keep_tombstone();

CREATE OR REPLACE FUNCTION parties_keep_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('xinbao.resealing', true) = 'on'
       AND to_jsonb(NEW) - 'sealed_name' = to_jsonb(OLD) - 'sealed_name' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND octet_length(NEW.sealed_name) = 0
       AND to_jsonb(NEW) - '{sealed_name,name_index}'::text[]
         = to_jsonb(OLD) - '{sealed_name,name_index}'::text[]
       AND parties_may_be_deleted(OLD.party_id, NULL) THEN
        RETURN NEW;  -- deleted with its party, with proof
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER reveal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON parties_reveal
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
BACKWARD = """
DROP TRIGGER reveal_append_only ON parties_reveal;
DROP TRIGGER deletionline_is_a_tombstone ON parties_deletionline;
DROP FUNCTION parties_keep_tombstone();
DROP TRIGGER party_kept_in_time ON parties_party;
DROP FUNCTION parties_refuse_early_erasure();
DROP TRIGGER storedfile_kept_in_time ON core_storedfile;
DROP FUNCTION parties_refuse_early_shredding();
DROP FUNCTION parties_may_be_deleted(bigint, bigint);
"""


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, value, unit in FIGURES:
        parameter.objects.create(
            name=name, value=value, unit=unit, valid_from=FROM, source=POLICY
        )
    rule = apps.get_model("parties", "RetentionRule")
    for kind, short, long, floor, dispute, source in RULES:
        rule.objects.create(
            kind=kind, short_years=short, long_years=long, floor_years=floor,
            dispute_years=dispute, valid_from=FROM, source=source,
        )


def unseed(apps, schema_editor):
    names = [name for name, _value, _unit in FIGURES]
    apps.get_model("core", "RegulatoryParameter").objects.filter(name__in=names).delete()
    apps.get_model("parties", "RetentionRule").objects.all().delete()


ALL = "(SELECT sees_everything())"
OWN = "{column} = (SELECT sees_as()) OR {column} IN (SELECT s.id FROM organization_staff s WHERE s.unit_id IN (SELECT sees_unit_ids()))"


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_disclosure"),
        ("core", "0003_app_role"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        migrations.RunPython(seed, unseed),
        migrations.RunSQL(FORWARD, BACKWARD),
        protect("parties_export", "asked_by_id = (SELECT sees_as()) OR unit_id IN (SELECT sees_unit_ids())"),
        protect("parties_reveal", OWN.format(column="by_id")),
        protect("parties_personaldatause", OWN.format(column="staff_id")),
        protect("parties_behaviouralert", OWN.format(column="staff_id")),
        protect("parties_personrequest", ALL),
        protect("parties_keptrecord", ALL),
        protect("parties_legalhold", ALL),
        protect("parties_deletionlist", ALL),
        protect("parties_deletionline", ALL),
    ]
