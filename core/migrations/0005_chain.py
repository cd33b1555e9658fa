"""The chain of audit records: hashes in the database, links at commit, nothing ever changed.

Source: EVID-02, EVID-04; docs/adr/0013. SM3 is written out here because PostgreSQL has none; it is
used only where records say so.
"""

import datetime as dt
import hashlib
import json

from django.db import migrations

from core.row_security import protect

SM3 = """
CREATE FUNCTION core_rotl(x bigint, n int) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT ((x << n) | (x >> (32 - n))) & 4294967295 $$;

CREATE FUNCTION core_sm3(message bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    m bytea; o int; j int; w bigint[]; x bigint; t bigint;
    v bigint[] := ARRAY[1937774191, 1226093241, 388252375, 3666478592,
                        2842636476, 372324522, 3817729613, 2969243214];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; g bigint; h bigint;
    ss1 bigint; ss2 bigint; tt1 bigint; tt2 bigint; wj bigint;
    mask constant bigint := 4294967295;
BEGIN
    m := message || '\\x80'::bytea
         || decode(repeat('00', (119 - octet_length(message) % 64) % 64), 'hex')
         || int8send(octet_length(message)::bigint * 8);
    FOR o IN 0 .. octet_length(m) / 64 - 1 LOOP
        FOR j IN 0 .. 15 LOOP
            w[j] := (get_byte(m, o * 64 + j * 4)::bigint << 24)
                  | (get_byte(m, o * 64 + j * 4 + 1)::bigint << 16)
                  | (get_byte(m, o * 64 + j * 4 + 2)::bigint << 8)
                  | get_byte(m, o * 64 + j * 4 + 3)::bigint;
        END LOOP;
        FOR j IN 16 .. 67 LOOP
            x := w[j - 16] # w[j - 9] # core_rotl(w[j - 3], 15);
            w[j] := x # core_rotl(x, 15) # core_rotl(x, 23) # core_rotl(w[j - 13], 7) # w[j - 6];
        END LOOP;
        a := v[1]; b := v[2]; c := v[3]; d := v[4]; e := v[5]; f := v[6]; g := v[7]; h := v[8];
        FOR j IN 0 .. 63 LOOP
            t := CASE WHEN j < 16 THEN 2043430169 ELSE 2055708042 END;
            ss1 := core_rotl((core_rotl(a, 12) + e + core_rotl(t, j % 32)) & mask, 7);
            ss2 := ss1 # core_rotl(a, 12);
            wj := w[j] # w[j + 4];
            IF j < 16 THEN
                tt1 := ((a # b # c) + d + ss2 + wj) & mask;
                tt2 := ((e # f # g) + h + ss1 + w[j]) & mask;
            ELSE
                tt1 := (((a & b) | (a & c) | (b & c)) + d + ss2 + wj) & mask;
                tt2 := (((e & f) | ((mask - e) & g)) + h + ss1 + w[j]) & mask;
            END IF;
            d := c; c := core_rotl(b, 9); b := a; a := tt1;
            h := g; g := core_rotl(f, 19); f := e;
            e := tt2 # core_rotl(tt2, 9) # core_rotl(tt2, 17);
        END LOOP;
        v := ARRAY[v[1] # a, v[2] # b, v[3] # c, v[4] # d, v[5] # e, v[6] # f, v[7] # g, v[8] # h];
    END LOOP;
    RETURN int4send((v[1] - CASE WHEN v[1] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[2] - CASE WHEN v[2] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[3] - CASE WHEN v[3] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[4] - CASE WHEN v[4] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[5] - CASE WHEN v[5] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[6] - CASE WHEN v[6] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[7] - CASE WHEN v[7] > 2147483647 THEN 4294967296 ELSE 0 END)::int)
        || int4send((v[8] - CASE WHEN v[8] > 2147483647 THEN 4294967296 ELSE 0 END)::int);
END $$;
"""
CHAIN = """
CREATE FUNCTION core_chain_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE
    last_number bigint; last_hash text; content bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(1128808782, hashtext(NEW.stream));
    SELECT number, hash INTO last_number, last_hash FROM core_chainlink
        WHERE stream = NEW.stream ORDER BY number DESC LIMIT 1;
    last_number := coalesce(last_number, 0) + 1;
    last_hash := coalesce(last_hash, repeat('0', 64));
    content := convert_to(concat_ws(E'\\n', 'xinbao-link-1', NEW.stream, last_number, last_hash,
        NEW.id, to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.transaction, NEW.algorithm, NEW.digest), 'UTF8');
    INSERT INTO core_chainlink (stream, number, record_id, previous, hash) VALUES (
        NEW.stream, last_number, NEW.id, last_hash,
        encode(CASE NEW.algorithm WHEN 'sm3' THEN core_sm3(content) ELSE sha256(content) END,
               'hex'));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON core_auditrecord
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_chain_record();
"""
KEPT = ("chainlink", "rowchange", "signedhead", "signingkey", "anchorreceipt", "publiccheck")
APPEND_ONLY = "".join(
    f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_{name}"
    " FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();\n"
    for name in KEPT
)
ROW_CHANGE = """
CREATE FUNCTION core_note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE
    old_row jsonb; new_row jsonb; was jsonb; becomes jsonb; kept text[] := TG_ARGV[1]::text[];
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    SELECT jsonb_object_agg(k, old_row -> k) INTO was FROM unnest(kept) k WHERE old_row ? k;
    SELECT jsonb_object_agg(k, new_row -> k) INTO becomes FROM unnest(kept) k WHERE new_row ? k;
    IF was IS DISTINCT FROM becomes THEN
        INSERT INTO core_rowchange ("table", row_id, verb, before, after) VALUES (
            TG_TABLE_NAME, coalesce(new_row, old_row) ->> TG_ARGV[0], lower(TG_OP), was, becomes);
    END IF;
    RETURN NULL;
END $$;
"""
BACKWARD = (
    "DROP TRIGGER audit_chain ON core_auditrecord;"
    "DROP FUNCTION core_chain_record(); DROP FUNCTION core_note_change() CASCADE;"
    "DROP FUNCTION core_sm3(bytea); DROP FUNCTION core_rotl(bigint, int);"
    + "".join(f"DROP TRIGGER {name}_append_only ON core_{name};" for name in KEPT)
)
PARAMETERS = (
    ("evidence.public_checks_per_hour", 30, "checks"),
    ("evidence.public_check_max_bytes", 209715200, "bytes"),
    ("evidence.unanchored_hours", 48, "hours"),
    ("evidence.release_days", 90, "days"),
)


def chain_what_exists(apps, schema_editor):
    """Give every earlier record its digest and its place, in the order in which they came.

    The content is written out here as form 1 was when this migration was made.
    """
    record = apps.get_model("core", "AuditRecord")
    link = apps.get_model("core", "ChainLink")
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    if not record.objects.exists():
        return
    schema_editor.execute("ALTER TABLE core_auditrecord DISABLE TRIGGER audit_append_only")
    previous, links = "0" * 64, []
    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    for number, row in enumerate(record.objects.order_by("pk").iterator(), 1):
        row.detail = _plain(row.detail)
        content = {
            "form": 1, "stream": row.stream, "at": row.at.astimezone(dt.UTC).strftime(form),
            "by": row.by_id, "action": row.action, "object_type": row.object_type,
            "object_id": row.object_id, "reason": row.reason, "detail": row.detail,
            "request": row.request, "source": row.source,
        }
        row.algorithm = "sha256"
        row.digest = hashlib.sha256(encode(content).encode()).hexdigest()
        row.save(update_fields=["algorithm", "digest", "detail"])
        recorded = row.recorded_at.astimezone(dt.UTC).strftime(form)
        text = "\n".join(
            ("xinbao-link-1", row.stream, str(number), previous, str(row.pk), recorded,
             str(row.transaction), "sha256", row.digest)
        )
        mine = hashlib.sha256(text.encode()).hexdigest()
        links.append(
            link(stream=row.stream, number=number, record_id=row.pk, previous=previous, hash=mine)
        )
        previous = mine
    link.objects.bulk_create(links, batch_size=2000)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE core_auditrecord ENABLE TRIGGER audit_append_only")


def _plain(value):
    """Numbers with a fraction have no one way to be written: they become text."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return repr(value) if isinstance(value, float) else value


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, value, unit in PARAMETERS:
        parameter.objects.get_or_create(
            name=name,
            valid_from=dt.date(2020, 1, 1),
            defaults={"value": value, "unit": unit, "source": "company policy (starter value)"},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_evidence"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        migrations.RunPython(chain_what_exists, migrations.RunPython.noop),
        migrations.RunSQL(SM3 + CHAIN + ROW_CHANGE + APPEND_ONLY, BACKWARD),
        migrations.RunPython(seed, migrations.RunPython.noop),
        protect(
            "core_evidencepack",
            "(SELECT sees_everything()) OR asked_by_id = (SELECT sees_as())"
            " OR (released_until IS NOT NULL AND (SELECT sees_as_kind('regulator')))",
        ),
    ]
