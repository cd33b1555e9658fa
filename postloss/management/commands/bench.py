"""`bench`: the product and the limit side by side, several times in turn; one JSON line each."""

import json
import shutil
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from core import clock
from core.chain import seal_chain
from core.months import month_end
from organization.enums import UnitKind
from organization.selectors import head_office
from organization.services import open_unit
from partners.models import Lender, LenderFile
from postloss.adapters.bench_book import FIRST, SECOND, write_book
from postloss.adapters.bench_chain import append_records, fetch_and_hash, verify
from postloss.adapters.bench_scratch import peak_memory, run_command, scratch_database, timed
from postloss.adapters.figures_sql import place_segments, write_figures
from postloss.adapters.snapshot_sql import build_snapshot, cells_of, partition_of
from postloss.models import Figure, Finding, MonthEnd, RejectedLine
from postloss.selectors.month_ends import latest_closed
from postloss.services.importing import load_file, receive_file
from postloss.services.month_end import close_month

ROUNDS = 5
LATER = ("decision", "backtest")
LENDER_SHARES = (0.35, 0.25, 0.2, 0.12, 0.08)
MONTH_TABLE = f"postloss_loanstatus_{SECOND:%Y%m}"


class Command(BaseCommand):
    help = "Measure the product beside the limit of the machine: one JSON line per measure."

    def add_arguments(self, parser):
        parser.add_argument("name", choices=["import", "month_end", "chain", *LATER])
        parser.add_argument("--rows", type=int, default=1_000_000, help="loans, or audit records")
        parser.add_argument("--rounds", type=int, default=ROUNDS)

    def handle(self, *, name, rows, rounds, **options):
        if name in LATER:
            raise CommandError(f"There is no benchmark {name} yet: what it measures is not built.")
        if rows < 1000 or rounds < 1:
            raise CommandError("A benchmark needs at least 1000 rows and 1 round.", returncode=2)
        self.rows, self.rounds = rows, rounds
        with scratch_database() as folder:
            measures = {"import": self._import, "month_end": self._month_end, "chain": self._chain}
            measures[name](folder)

    def _say(self, words: str) -> None:
        self.stderr.write(words)

    def _print(self, name: str, limit: list[float], ours: list[float], peak: list[float]) -> None:
        self._say(f"{name}: limit {_seconds(limit)}, ours {_seconds(ours)}")
        limit_s, ours_s = median(limit), median(ours)
        line = {
            "name": name,
            "rows": self.rows,
            "limit_s": round(limit_s, 6),
            "ours_s": round(ours_s, 6),
            "ratio": round(ours_s / limit_s, 3),
            "peak_mb": round(max(peak), 1),
        }
        self.stdout.write(json.dumps(line))

    def _make_book(self, folder: Path, shares: tuple[float, ...], *names: str) -> list[Path]:
        """Write a book, and load what there is or the named files of each lender."""
        self._say(f"making a book of {self.rows} loans")
        books = write_book(folder=folder, shares=shares, rows=self.rows)
        for book in books:
            words = ("--lender", book.name, "--create-lender", book.name)
            run_command("load_lender_files", *words, *(book / name for name in names or ["."]))
        return books

    # import: repayment lines of the second month, against the COPY of the finished rows

    def _import(self, folder: Path) -> None:
        (book,) = self._make_book(folder / "book", (1.0,), "loans.csv", "repayment_201801.csv")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        path, lender = book / "repayment_201802.csv", Lender.objects.get(code=book.name)
        limit, ours, peak, finished = [], [], [], {}
        for number in range(self.rounds):
            self._say(f"import, round {number + 1} of {self.rounds}")
            with peak_memory() as noted:
                ours.append(timed(_import_file, path, lender))
            peak += noted
            finished |= _write_finished(folder) if not finished else {}
            _forget_import()
            limit.append(timed(_copy_finished, finished))
        self._print("import", limit, ours, peak)

    # chain: verification of so many audit records, against fetching and hashing the same rows

    def _chain(self, folder: Path) -> None:
        settings.EVIDENCE_ROOT = folder / "evidence"
        append_records(rows=self.rows, say=self._say)
        seal_chain(at=clock.now())
        limit, ours, peak = [], [], []
        for number in range(self.rounds):
            self._say(f"chain, round {number + 1} of {self.rounds}")
            with peak_memory() as noted:
                ours.append(timed(verify, self.rows))
            peak += noted
            limit.append(timed(fetch_and_hash, self.rows))
        self._print("chain", limit, ours, peak)

    # month-end: snapshot and figures of the second month

    def _month_end(self, folder: Path) -> None:
        self._make_book(folder / "book", LENDER_SHARES)
        shutil.rmtree(folder / "book")
        _confirm_branches()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        self._say("closing the first month")
        close_month(month=FIRST, by=None, at=clock.now(), heartbeat=lambda **_: None)
        before = latest_closed(month=FIRST)
        row = MonthEnd.objects.create(
            month=SECOND, version=1, known_at=clock.now(), one_before=before
        )
        measures = {name: ([], [], []) for name in ("snapshot", "indicators")}
        for number in range(self.rounds):
            self._say(f"month_end, round {number + 1} of {self.rounds}")
            self._measure_month_end(row, before, measures)
        for name, lists in measures.items():
            self._print(name, *lists)

    def _measure_month_end(self, row: MonthEnd, before: MonthEnd, measures: dict) -> None:
        limit, ours, peak = measures["snapshot"]
        with peak_memory() as noted:
            ours.append(timed(_build, row, before))
        peak += noted
        limit.append(_time_bare_insert(partition_of(row.pk)))
        limit, ours, peak = measures["indicators"]
        limit.append(min(_time_scan(partition_of(row.pk)) for _ in range(3)))
        with peak_memory() as noted:
            ours.append(_time_figures(row))
        peak += noted
        limit.append(min(_time_scan(partition_of(row.pk)) for _ in range(3)))
        _forget_month_end(row)


def _seconds(values: list[float]) -> str:
    return " ".join(f"{value:.3f}" for value in values) + " s"


def _import_file(path: Path, lender: Lender) -> None:
    with path.open("rb") as stream:
        file = receive_file(lender=lender, name=path.name, stream=stream, by=None, at=clock.now())
    load_file(file=file, heartbeat=lambda **_: None)


def _write_finished(folder: Path) -> dict[str, Path]:
    """Keep the rows that the product wrote, table by table, as the text that COPY reads."""
    finished = {}
    file = LenderFile.objects.latest("pk")
    for table in (MONTH_TABLE, Finding._meta.db_table, RejectedLine._meta.db_table):
        finished[table] = folder / f"{table}.csv"
        with connection.cursor() as cursor, finished[table].open("wb") as sink:
            rows = f"SELECT * FROM {table} WHERE file_id = {file.pk} ORDER BY line_no"  # noqa: S608
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT (FORMAT csv)", sink)
            cursor.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)")
    return finished


@transaction.atomic
def _copy_finished(finished: dict[str, Path]) -> None:
    """The limit: COPY of the same rows into tables with the same indexes."""
    with connection.cursor() as cursor:
        for table, path in finished.items():
            with path.open("rb") as source:
                cursor.copy_expert(f"COPY limit_{table} FROM STDIN (FORMAT csv)", source)


def _forget_import() -> None:
    file = LenderFile.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MONTH_TABLE}")
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'limit\\_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"TRUNCATE {table}")
        cursor.execute("TRUNCATE postloss_finding, postloss_rejectedline")
    stored = file.stored
    file.delete()
    stored.delete()


def _confirm_branches() -> None:
    """Give every branch name its unit, as people would have done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM underwriting_bookname WHERE kind = 'branch'")
        for pk, name in cursor.fetchall():
            unit = open_unit(
                code=f"B{pk}", name=name, name_en=name, kind=UnitKind.BRANCH, parent=head_office()
            )
            cursor.execute(
                "UPDATE underwriting_namemapping SET unit_id = %s, confirmed_at = now()"
                " WHERE book_name_id = %s",
                [unit.pk, pk],
            )


@transaction.atomic
def _build(row: MonthEnd, before: MonthEnd) -> None:
    build_snapshot(row, before, has_instalment_basis=place_segments(month_end(row.month)))


@transaction.atomic
def _time_figures(row: MonthEnd) -> float:
    """The one statement that computes and writes all figures; placing segments stands before it."""
    place_segments(month_end(row.month))
    return timed(write_figures, row)


def _time_bare_insert(table: str) -> float:
    """The limit of the snapshot: its finished rows into a same-shaped table with its key."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
        seconds = timed(lambda: cursor.execute(f"INSERT INTO bare SELECT * FROM {table}"))  # noqa: S608
        cursor.execute("DROP TABLE bare")
    return seconds


def _time_scan(table: str) -> float:
    """The limit of the figures: one serial scan of the month."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        scan = f"SELECT count(*), sum(balance_fen) FROM {table}"  # noqa: S608
        seconds = timed(lambda: cursor.execute(scan))
        cursor.execute("RESET max_parallel_workers_per_gather")
    return seconds


def _forget_month_end(row: MonthEnd) -> None:
    Figure.objects.filter(month_end=row).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {partition_of(row.pk)}, {cells_of(row.pk)}")
