"""A process of ours on another home: takes one JSON order a line, answers with one JSON line.

Run as `python -m tests.faults.driver` with `XINBAO_HOME` set; it keeps Django warm between cases.
"""

import hashlib
import json
import sys
import threading
import traceback
import uuid
from pathlib import Path

import django
from django.conf import settings

FIGURES = """
SELECT m.month, m.version, m.loans, m.not_reported, u.code, l.code, f.dimension, f.value, f.m0,
    f.m1, f.m2, f.m3, f.tail_over_180, f.outstanding, f.n_m0, f.n_m1, f.n_m2, f.n_m3, f.n_tail,
    f.roll_m0_1, f.roll_m0_2, f.overdue_rate, f.disbursed_amount, f.retained_exposure
FROM postloss_figure f JOIN postloss_monthend m ON m.id = f.month_end_id
JOIN organization_unit u ON u.id = f.unit_id LEFT JOIN partners_lender l ON l.id = f.lender_id
"""
MIGRATIONS = """
SELECT m.month, g.unit_id, g.before_bucket, g.bucket, g.loans, g.before_balance, g.balance
FROM postloss_migration g JOIN postloss_monthend m ON m.id = g.month_end_id
"""
SNAPSHOTS = """
SELECT m.month, l.loan_no, s.line_no, s.bucket, s.before_bucket, s.balance_fen, s.before_fen
FROM postloss_snapshot s JOIN postloss_monthend m ON m.id = s.month_end_id
JOIN underwriting_loan l ON l.id = s.loan_id
"""
WARNINGS = """
SELECT m.month, w.kind, w.level, w.indicator, w.dimension, w.value, w.state, u.code, o.level,
    o.is_breach, (SELECT count(*) FROM postloss_warningstep s WHERE s.warning_id = w.id)
FROM postloss_riskwarning w JOIN postloss_warningobservation o ON o.warning_id = w.id
JOIN postloss_monthend m ON m.id = o.month_end_id JOIN organization_unit u ON u.id = w.unit_id
"""
STATUS = """
SELECT l.loan_no, s.as_of, s.line_no, s.status, s.days_overdue, s.instalments_overdue, s.paid_fen,
    s.outstanding_fen
FROM postloss_loanstatus s JOIN underwriting_loan l ON l.id = s.loan_id
"""
FINDINGS = """
SELECT e.name, f.line_no, f.level, f.code, f."column", f.value FROM postloss_finding f
JOIN partners_lenderfile e ON e.id = f.file_id WHERE f.file_id IN
    (SELECT min(id) FROM partners_lenderfile GROUP BY name)
"""
REJECTS = """
SELECT e.name, r.line_no, r.loan_no FROM postloss_rejectedline r
JOIN partners_lenderfile e ON e.id = r.file_id WHERE r.file_id IN
    (SELECT min(id) FROM partners_lenderfile GROUP BY name)
"""
COUNTS = """
SELECT name, state, as_of, rows, accepted, rejected, unchanged, flagged FROM partners_lenderfile
WHERE id IN (SELECT min(id) FROM partners_lenderfile GROUP BY name) ORDER BY name
"""
LOANS = """
SELECT l.loan_no, l.principal, l.rate, l.term, l.disbursed_on, s.disbursed_month, s.loans, b.name,
    c.name, p.name
FROM underwriting_loan l JOIN underwriting_segment s ON s.id = l.segment_id
JOIN underwriting_bookname b ON b.id = s.branch_id
JOIN underwriting_bookname c ON c.id = s.channel_id
JOIN underwriting_bookname p ON p.id = s.product_id
"""
COUNTED_AGAIN = """
SELECT name FROM partners_lenderfile
WHERE accepted > 0 AND id NOT IN (SELECT min(id) FROM partners_lenderfile GROUP BY name)
"""
LOANS_TOO_EARLY = """
SELECT e.name FROM partners_lenderfile e WHERE e.state = 'loading' AND e.kind = 'loans'
AND EXISTS (SELECT FROM underwriting_loan l WHERE l.file_id = e.id)
"""
EFFECTS = {
    "loans": LOANS,
    "status": STATUS,
    "findings": FINDINGS,
    "rejects": REJECTS,
    "figures": FIGURES,
    "migrations": MIGRATIONS,
    "snapshots": SNAPSHOTS,
    "warnings": WARNINGS,
}


def rows(statement, parameters=()):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def use(name):
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def clone(name, template):
    use("xinbao")
    rows(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    rows(f"CREATE DATABASE {name} TEMPLATE {template}")
    use(name)


def drop(name):
    use("xinbao")
    rows(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def upload(lender, paths):
    """Take files in as the browser's upload does, each with a job."""
    from core import clock, jobs
    from partners.services import admit_lender
    from postloss.services.importing import receive_file

    owner = admit_lender(code=lender, name=lender)
    for path in paths:
        with Path(path).open("rb") as stream:
            file = receive_file(
                lender=owner, name=Path(path).name, stream=stream, by=None, at=clock.now()
            )
        jobs.enqueue(
            kind="load_lender_file",
            key=str(file.pk),
            title=file.name,
            payload={"file_id": file.pk},
            by=None,
            at=clock.now(),
        )


def request_closing(month):
    from core import clock, jobs

    jobs.enqueue(
        kind="close_month",
        key=month,
        title=month,
        payload={"month": month},
        by=None,
        at=clock.now(),
    )


def sweep():
    from core import clock, jobs

    return jobs.sweep(at=clock.now())


def job_states():
    return [list(row) for row in rows("SELECT kind, status, attempts FROM core_job ORDER BY id")]


def digest():
    """What must be the same after any fault: hashes of effects, and the batches' counts."""
    hashes = {}
    for name, statement in EFFECTS.items():
        found = sorted(str(row) for row in rows(statement))
        hashes[name] = [len(found), hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]]
    return {"counts": [[str(cell) for cell in row] for row in rows(COUNTS)], **hashes}


def showing():
    """What shows before it may: rows of loading files in force, figures of months being closed."""
    from partners.models import Lender, LenderFile
    from postloss.selectors.history import rows_in_force
    from postloss.selectors.month_ends import closed_month_ends

    early = [name for (name,) in rows(LOANS_TOO_EARLY)]
    for file in LenderFile.objects.filter(state="loading", month__isnull=False):
        complete = LenderFile.objects.filter(
            lender=file.lender_id, month=file.month, state="complete"
        ).exists()
        force = rows_in_force(lender=Lender.objects.get(pk=file.lender_id), month=file.month)
        if force.height and not complete:
            early.append(file.name)
    early += [str(row) for row in closed_month_ends().filter(has_figures=False)]
    again = rows(COUNTED_AGAIN)
    return early + [f"{name} counted twice" for (name,) in again]


def check_invariants_hold():
    """Months closed once; no job running without a holder."""
    return {
        "twice": rows("SELECT month FROM postloss_monthend GROUP BY month HAVING count(*) > 1"),
        "building": rows("SELECT month FROM postloss_monthend WHERE state <> 'closed'"),
    }


_load: dict = {}


def start_load(threads):
    """Write from several threads until told to stop; remember what was acknowledged."""
    _load.update(stop=threading.Event(), acked=[], failures=0, workers=[])
    for _ in range(threads):
        worker = threading.Thread(target=_write_on, daemon=True)
        worker.start()
        _load["workers"].append(worker)


def _write_on():
    from django.db import Error, connection, transaction

    from core import clock
    from core.services import record_audit
    from partners.services import admit_lender

    while not _load["stop"].is_set():
        code = uuid.uuid4().hex[:20]
        try:
            with transaction.atomic():
                lender = admit_lender(code=code, name="under load")
                record_audit(action="load", subject=lender, by=None, at=clock.now())
        except Error:
            _load["failures"] += 1
            connection.close()
            _load["stop"].wait(0.05)
        else:
            _load["acked"].append(code)
    connection.close()


def stop_load():
    """Return how many writes were acknowledged, how many failed, and which are not there once."""
    _load["stop"].set()
    for worker in _load["workers"]:
        worker.join()
    quit_connections()
    found = [code for (code,) in rows("SELECT code FROM partners_lender WHERE name = 'under load'")]
    audited = rows("SELECT count(*) FROM core_auditrecord WHERE action = 'load'")[0][0]
    return {
        "acked": len(_load["acked"]),
        "failed": _load["failures"],
        "lost": sorted(set(_load["acked"]) - set(found)),
        "unaudited": len(found) - audited,
    }


def page(path):
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1").get(path).status_code


def quit_connections():
    from django.db import connections

    connections.close_all()


def main():
    django.setup()
    settings.LOGGING_CONFIG = None
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"answer": globals()[order.pop("do")](**order)}
        except Exception:  # noqa: BLE001 (told to the test)
            answer = {"failure": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
