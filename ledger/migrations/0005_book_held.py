"""What the database itself holds of the book. Source: architecture rule 8; I1.

The lines of an entry come in one statement and balance; nothing is changed or deleted; nothing goes
into a closed month; an entry without lines does not reach its commit, where it gets its number. The
numbers are given under the lock of the evidence chain, so that the two never wait for each other.
"""

from django.db import migrations

from core.row_security import protect

FORWARD = """
CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE bad bigint;
BEGIN
    SELECT n.entry_id INTO bad FROM (
        SELECT entry_id, sum(debit) AS debit, sum(credit) AS credit, count(*) AS lines,
            min(month) AS first_month, max(month) AS last_month
        FROM fresh GROUP BY entry_id
    ) n LEFT JOIN ledger_entry e ON e.id = n.entry_id
    WHERE e.id IS NULL OR n.debit <> n.credit OR n.debit <> e.total OR n.lines < 2
        OR n.first_month <> e.month OR n.last_month <> e.month
        OR n.lines <> (SELECT count(*) FROM ledger_entryline l WHERE l.entry_id = n.entry_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance, or its lines came in pieces', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entryline
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines();

CREATE FUNCTION ledger_check_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE found_status text;
BEGIN
    INSERT INTO ledger_ledgerperiod (month, status, checks, remark)
        VALUES (NEW.month, 'open', '[]', '') ON CONFLICT (month) DO NOTHING;
    SELECT status INTO found_status FROM ledger_ledgerperiod WHERE month = NEW.month FOR SHARE;
    IF found_status = 'closed' THEN
        RAISE EXCEPTION 'the books of % are closed', NEW.month
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_month_is_open';
    END IF;
    IF NEW.sequence IS NOT NULL THEN
        RAISE EXCEPTION 'the number of an entry is given at its commit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_number_is_given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_month_is_open BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_check_month();

CREATE FUNCTION ledger_finish_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE given int;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entryline WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no lines', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_has_lines';
    END IF;
    PERFORM pg_advisory_xact_lock(1128808782, hashtext('audit'));
    INSERT INTO ledger_entrycounter AS c (month, last) VALUES (NEW.month, 1)
        ON CONFLICT (month) DO UPDATE SET last = c.last + 1 RETURNING last INTO given;
    UPDATE ledger_entry SET sequence = given WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_finished AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_finish_entry();

CREATE FUNCTION ledger_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
        AND to_jsonb(NEW) - 'sequence' = to_jsonb(OLD) - 'sequence' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_keep_entry();
CREATE TRIGGER entryline_append_only BEFORE UPDATE OR DELETE ON ledger_entryline
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER trialbalance_append_only BEFORE UPDATE OR DELETE ON ledger_trialbalanceline
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER period_closed_stays BEFORE UPDATE ON ledger_ledgerperiod
    FOR EACH ROW WHEN (OLD.status = 'closed') EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER period_never_deleted BEFORE DELETE ON ledger_ledgerperiod
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER postingrule_decided_stays BEFORE UPDATE ON ledger_postingrule
    FOR EACH ROW WHEN (OLD.status <> 'proposed') EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER postingrule_never_deleted BEFORE DELETE ON ledger_postingrule
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER voucher_decided_stays BEFORE UPDATE ON ledger_voucher
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER voucher_never_deleted BEFORE DELETE ON ledger_voucher
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""
BACKWARD = """
DROP TRIGGER voucher_never_deleted ON ledger_voucher;
DROP TRIGGER voucher_decided_stays ON ledger_voucher;
DROP TRIGGER postingrule_never_deleted ON ledger_postingrule;
DROP TRIGGER postingrule_decided_stays ON ledger_postingrule;
DROP TRIGGER period_never_deleted ON ledger_ledgerperiod;
DROP TRIGGER period_closed_stays ON ledger_ledgerperiod;
DROP TRIGGER trialbalance_append_only ON ledger_trialbalanceline;
DROP TRIGGER entryline_append_only ON ledger_entryline;
DROP TRIGGER entry_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_finished ON ledger_entry;
DROP TRIGGER ledger_month_is_open ON ledger_entry;
DROP TRIGGER ledger_entry_balances ON ledger_entryline;
DROP FUNCTION ledger_keep_entry();
DROP FUNCTION ledger_finish_entry();
DROP FUNCTION ledger_check_month();
DROP FUNCTION ledger_check_lines();
"""
ALL = "(SELECT sees_everything())"
LINE = f"""
{ALL} OR (unit_path <> '' AND starts_with(
    unit_path, (SELECT nullif(current_setting('xinbao.scope', true), ''))))
"""
ENTRY = f"""
{ALL} OR EXISTS (SELECT FROM ledger_entryline part WHERE part.entry_id = ledger_entry.id)
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_book")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        protect("ledger_entryline", LINE),
        protect("ledger_entry", ENTRY),
        protect("ledger_voucher", ALL),
        protect("ledger_trialbalanceline", ALL),
    ]
