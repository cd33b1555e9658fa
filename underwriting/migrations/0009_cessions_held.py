"""What the database itself holds of cessions, who sees them, and the limit of inclusive business.

Lines, certificates, co-insurance, bordereaux and frozen quarters are appended only; a treaty stays
as it was decided; the shares of a treaty's reinsurers sum to one. Source: PRE-02b, PRE-02e, PRE-02n.
"""

import datetime as dt

from django.db import migrations

from core.row_security import protect

APPENDED = (
    "cessionline",
    "coinsuranceshare",
    "facultativecession",
    "bordereau",
    "sizeclassification",
    "inclusiveflag",
    "inclusiveratio",
)
FORWARD = """
CREATE FUNCTION underwriting_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION underwriting_check_shares() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE whole numeric;
BEGIN
    SELECT sum(share) INTO whole FROM underwriting_treatyshare WHERE treaty_id = NEW.id;
    IF whole IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'the shares of treaty % sum to %', NEW.code, whole
            USING ERRCODE = 'check_violation', CONSTRAINT = 'treaty_shares_sum_to_one';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treaty_shares_sum_to_one AFTER INSERT OR UPDATE ON underwriting_treaty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION underwriting_check_shares();
CREATE FUNCTION underwriting_keep_shares() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM underwriting_treaty
        WHERE id = NEW.treaty_id AND status <> 'proposed') THEN
        RAISE EXCEPTION 'the shares of a treaty stay as they were decided'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER treatyshare_before_decision BEFORE INSERT ON underwriting_treatyshare
    FOR EACH ROW EXECUTE FUNCTION underwriting_keep_shares();
CREATE TRIGGER treatyshare_append_only BEFORE UPDATE OR DELETE ON underwriting_treatyshare
    FOR EACH ROW EXECUTE FUNCTION underwriting_refuse_change();
CREATE TRIGGER treaty_decided_stays BEFORE UPDATE ON underwriting_treaty
    FOR EACH ROW WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION underwriting_refuse_change();
CREATE TRIGGER treaty_never_deleted BEFORE DELETE ON underwriting_treaty
    FOR EACH ROW EXECUTE FUNCTION underwriting_refuse_change();
""" + "\n".join(
    f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON underwriting_{name}"
    " FOR EACH ROW EXECUTE FUNCTION underwriting_refuse_change();"
    for name in APPENDED
)
BACKWARD = (
    "\n".join(f"DROP TRIGGER {name}_append_only ON underwriting_{name};" for name in APPENDED)
    + """
DROP TRIGGER treaty_never_deleted ON underwriting_treaty;
DROP TRIGGER treaty_decided_stays ON underwriting_treaty;
DROP TRIGGER treatyshare_append_only ON underwriting_treatyshare;
DROP TRIGGER treatyshare_before_decision ON underwriting_treatyshare;
DROP TRIGGER treaty_shares_sum_to_one ON underwriting_treaty;
DROP FUNCTION underwriting_keep_shares();
DROP FUNCTION underwriting_check_shares();
DROP FUNCTION underwriting_refuse_change();
"""
)
UNIT = """
(SELECT sees_everything()) OR (unit_path <> '' AND starts_with(
    unit_path, (SELECT nullif(current_setting('xinbao.scope', true), ''))))
"""
OBLIGOR = """
(SELECT sees_everything()) OR EXISTS (
    SELECT FROM underwriting_loan l WHERE l.obligor_id = underwriting_{name}.obligor_id)
"""
LIMIT = {
    "name": "inclusive.obligor_amount",
    "kind": "number",
    "value": 10_000_000,
    "unit": "CNY",
    "valid_from": dt.date(2020, 5, 8),
    "source": "memory; PRE-02 consistent",
    "note": "PRE-02e, F12",
    "owner": "compliance",
    "verification": "memory_high",
    "status": "unapproved",
}

# From where on an enterprise is large: all that its industry names. Revenue and assets in 10k yuan.
LARGE = {
    "name": "sme.large_from",
    "kind": "table",
    "value": {
        "agriculture": {"revenue": 20000},
        "industry": {"headcount": 1000, "revenue": 40000},
        "construction": {"revenue": 80000, "assets": 80000},
        "wholesale": {"headcount": 200, "revenue": 40000},
        "retail": {"headcount": 300, "revenue": 20000},
        "transport": {"headcount": 1000, "revenue": 30000},
        "warehousing": {"headcount": 200, "revenue": 30000},
        "postal": {"headcount": 1000, "revenue": 30000},
        "lodging": {"headcount": 300, "revenue": 10000},
        "catering": {"headcount": 300, "revenue": 10000},
        "information_transmission": {"headcount": 2000, "revenue": 100000},
        "software_it": {"headcount": 300, "revenue": 10000},
        "real_estate_dev": {"revenue": 200000, "assets": 10000},
        "property_mgmt": {"headcount": 1000, "revenue": 5000},
        "leasing_business": {"headcount": 300, "assets": 120000},
        "other": {"headcount": 300},
    },
    "unit": "10k yuan; headcount in persons",
    "valid_from": dt.date(2011, 6, 18),
    "source": "memory",
    "note": "PRE-02c",
    "owner": "compliance",
    "verification": "memory_high",
    "status": "unapproved",
}


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for row in (LIMIT, LARGE):
        parameter.objects.create(**row)


class Migration(migrations.Migration):
    dependencies = [
        ("underwriting", "0008_cessions"),
        ("core", "0012_message_words"),
        ("organization", "0005_what_a_person_sees"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        protect("underwriting_cessionline", UNIT),
        protect("underwriting_coinsuranceshare", UNIT),
        protect("underwriting_facultativecession", UNIT),
        protect("underwriting_bordereau", "(SELECT sees_everything())"),
        protect("underwriting_sizeclassification", OBLIGOR.format(name="sizeclassification")),
        protect("underwriting_inclusiveflag", OBLIGOR.format(name="inclusiveflag")),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
