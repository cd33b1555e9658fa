"""What the database itself holds of filed terms. Source: PRE-34a, PRE-34b, PRE-34c, PRE-36a.

Terms are written while a version is a draft, and never after; what was sold is never sold again
under other words, nor deleted. A version that came with lender files stays what it is. Cells of a
rate table do not overlap, those of any grade or channel included. The rate table and the formula
rest with their version; a text of a formula is never rewritten.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION products_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := ARRAY['status', 'valid_from', 'valid_to', 'resolution_id', 'on_sale_by_id',
    'on_sale_at', 'sold_at', 'stopped_by_id', 'stopped_at', 'stop_reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a version of a product is never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_never_deleted';
    END IF;
    IF OLD.sold_at IS NOT NULL THEN
        moving := ARRAY['status', 'valid_to', 'stopped_by_id', 'stopped_at', 'stop_reason'];
        IF NEW.status NOT IN ('on_sale', 'stopped') OR NEW.sold_at IS DISTINCT FROM OLD.sold_at THEN
            RAISE EXCEPTION 'a sold version goes on or is stopped (PRE-34a)'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_sold_is_frozen';
        END IF;
    END IF;
    IF OLD.status <> 'draft' AND to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving THEN
        RAISE EXCEPTION 'the terms of version % are frozen (PRE-34a)', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_terms_are_frozen';
    END IF;
    IF (OLD.status = 'watched') <> (NEW.status = 'watched') THEN
        RAISE EXCEPTION 'a watched version can never be sold (PRE-34a)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_watched_stays';
    END IF;
    IF OLD.status = 'stopped' AND NEW.status <> 'stopped'
        OR OLD.status = 'on_sale' AND NEW.status NOT IN ('on_sale', 'stopped')
        OR OLD.status = 'draft' AND NEW.status NOT IN ('draft', 'in_review') THEN
        RAISE EXCEPTION 'a version does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_goes_its_way';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER productversion_is_kept BEFORE UPDATE OR DELETE ON products_productversion
    FOR EACH ROW EXECUTE FUNCTION products_keep_version();

CREATE FUNCTION products_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT status INTO found FROM products_productversion
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END FOR SHARE;
    IF found <> 'draft' OR (TG_OP = 'UPDATE' AND NEW.version_id <> OLD.version_id) THEN
        RAISE EXCEPTION 'the terms of a version are written in its draft alone (PRE-34a)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productversion_terms_are_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tariff_rests_with_version BEFORE INSERT OR UPDATE OR DELETE ON products_tariffrow
    FOR EACH ROW EXECUTE FUNCTION products_keep_terms();
CREATE TRIGGER formula_rests_with_version BEFORE INSERT OR UPDATE OR DELETE
    ON products_premiumformula FOR EACH ROW EXECUTE FUNCTION products_keep_terms();

CREATE FUNCTION products_check_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM products_tariffrow t
        WHERE t.version_id = NEW.version_id AND t.id <> NEW.id
            AND (t.grade = NEW.grade OR '*' IN (t.grade, NEW.grade))
            AND (t.channel = NEW.channel OR '*' IN (t.channel, NEW.channel))
            AND int4range(t.term_from, t.term_to, '[]')
                && int4range(NEW.term_from, NEW.term_to, '[]')
            AND numrange(t.ltv_from, t.ltv_to, '(]') && numrange(NEW.ltv_from, NEW.ltv_to, '(]')
    ) THEN
        RAISE EXCEPTION 'two cells of the rate table overlap (PRE-34b)'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'tariff_cells_do_not_overlap';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tariff_any_overlaps AFTER INSERT OR UPDATE ON products_tariffrow
    FOR EACH ROW EXECUTE FUNCTION products_check_cell();

CREATE FUNCTION products_keep_formula() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - ARRAY['is_current', 'reviewed_by_id', 'reviewed_at']
        <> to_jsonb(OLD) - ARRAY['is_current', 'reviewed_by_id', 'reviewed_at'] THEN
        RAISE EXCEPTION 'the text of a formula is never rewritten (PRE-36a)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'formula_text_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER formula_text_stays BEFORE UPDATE OR DELETE ON products_premiumformula
    FOR EACH ROW EXECUTE FUNCTION products_keep_formula();

CREATE FUNCTION products_keep_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_stays';
    END IF;
    IF TG_TABLE_NAME = 'products_libraryclause' THEN
        IF OLD.status <> 'proposed' AND (
            to_jsonb(NEW) - ARRAY['status', 'decided_by_id', 'decided_at', 'remark']
            <> to_jsonb(OLD) - ARRAY['status', 'decided_by_id', 'decided_at', 'remark']
            OR NEW.status <> 'withdrawn') THEN
            RAISE EXCEPTION 'a decided clause is withdrawn, not changed (PRE-34b)'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_stays';
        END IF;
    ELSIF OLD.status <> 'draft' THEN
        RAISE EXCEPTION 'a decided review stays (PRE-33c)'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clause_decided_stays BEFORE UPDATE OR DELETE ON products_libraryclause
    FOR EACH ROW EXECUTE FUNCTION products_keep_decided();
CREATE TRIGGER review_decided_stays BEFORE UPDATE OR DELETE ON products_productreview
    FOR EACH ROW EXECUTE FUNCTION products_keep_decided();
"""
BACKWARD = """
DROP TRIGGER review_decided_stays ON products_productreview;
DROP TRIGGER clause_decided_stays ON products_libraryclause;
DROP FUNCTION products_keep_decided();
DROP TRIGGER formula_text_stays ON products_premiumformula;
DROP FUNCTION products_keep_formula();
DROP TRIGGER tariff_any_overlaps ON products_tariffrow;
DROP FUNCTION products_check_cell();
DROP TRIGGER formula_rests_with_version ON products_premiumformula;
DROP TRIGGER tariff_rests_with_version ON products_tariffrow;
DROP FUNCTION products_keep_terms();
DROP TRIGGER productversion_is_kept ON products_productversion;
DROP FUNCTION products_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0002_products")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
