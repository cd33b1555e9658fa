"""A19: after a whole small business, nothing personal stands in clear anywhere but in its seal.

Marked persons go through everything: loans files with good and bad lines, headers and trailers that
are none, file names, closing, report, pages, look-ups, exports, errors. Then the database, the
stored files, the queue, the log and every page are searched for their numbers and names, in every
form in which they might hide. A canary planted in each of these places is found, so that silence
means something.
"""

import base64
import datetime as dt
import io
import json
import logging
import re
import zipfile
from pathlib import Path

import pytest
import redis
import structlog
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core import clock, jobs
from core.errors import RuleBroken
from core.files import pieces
from core.models import AuditRecord, Job
from parties.enums import ContactKind
from parties.models import Party, PartyName
from parties.selectors import party_by_document
from parties.services import know_contact
from partners.models import LenderFile
from postloss.models import RejectedLine
from postloss.rules.lender_files import LOANS
from reporting.models import ReportFile
from reporting.services import draft_report, keep_pack
from tests.builders import Folder, close, load, loan, row, text_of
from tests.factories.portfolio_book import confirm_branches
from underwriting.models import Loan

ID, BAD_ID, OTHER_ID = "110101199003077774", "110101199003077775", "31010119900307425X"
PHONE, CARD = "13912345678", "6222021234567890128"
NAME, NEW_NAME, OTHER_NAME = "甄探雀", "甄改名", "欧阳探雀"
CANARIES = (ID, BAD_ID, OTHER_ID, PHONE, CARD, NAME, NEW_NAME, OTHER_NAME)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def forms(canary: str) -> set[bytes]:
    """Every way in which a text might stand in a byte string."""
    escaped = json.dumps(canary)[1:-1]
    texts = {canary, canary.lower(), escaped, escaped.replace("\\", "\\\\"), canary.encode().hex()}
    found = {text.encode() for text in texts}
    found |= {canary.encode(code) for code in ("utf-16-le", "utf-16-be", "gb18030")}
    for shift in range(3):  # base64 at each of its three places, without its ragged ends
        coded = base64.b64encode(b"\0" * shift + canary.encode())
        middle = coded[4 if shift else 0 : -4]
        found |= {middle} if len(middle) >= 8 else set()
    return found


# Others of the same kinds: what is planted in the queue stays in its log on disk.
PLANTED = ("110101199003076632", "13887654321", "6217001234567890129", "栽探雀")
FORMS = {canary: forms(canary) for canary in (*CANARIES, *PLANTED)}


def seen_in(content: bytes | str) -> list[str]:
    """Return the canaries that stand in the content in any form."""
    raw = content.encode() if isinstance(content, str) else content
    bare = re.sub(rb"(?<=[0-9])[ -](?=[0-9])", b"", raw)  # 6222 0212 …
    return [
        canary for canary, ways in FORMS.items() if any(way in raw or way in bare for way in ways)
    ]


def unpacked(content: bytes) -> bytes:
    """Return an archive's members joined (a workbook hides what it holds in a zip)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def dump() -> dict[str, bytes]:
    """Return every table of the database as COPY writes it: text, JSON, arrays and bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        content = {}
        for table in tables:
            sink = io.BytesIO()
            cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", sink)  # noqa: S608
            content[table] = sink.getvalue()
    return content


def found_in_database() -> dict[str, list[str]]:
    return {table: seen for table, content in dump().items() if (seen := seen_in(content))}


def found_in_files() -> dict[str, list[str]]:
    files = [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]
    assert files
    return {
        path.name: seen
        for path in files
        if (seen := seen_in(path.read_bytes()) + seen_in(str(path)))
    }


def found_in_queue() -> set[str]:
    """Search every key of Valkey, and the log file from which it would come back."""
    with redis.Redis.from_url(settings.REDIS_URL) as line:
        held = b"\n".join(key + b" " + (line.dump(key) or b"") for key in line.scan_iter())
        queued = [line.lrange(key, 0, -1) for key in line.scan_iter() if line.type(key) == b"list"]
    folder = settings.XINBAO_HOME / "valkey"
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {*seen_in(b"\n".join([held, *(each for part in queued for each in part), *kept]))}


def found_in_server_log() -> list[str]:
    path = settings.XINBAO_HOME / "log" / "postgres.log"
    return seen_in(path.read_bytes()) if path.exists() else []


@pytest.fixture
def log():
    """Everything that is written to the log of the house, as its own handler writes it."""
    words = settings.LOGGING["formatters"]["json"]
    formatter = words["()"](
        processors=words["processors"], foreign_pre_chain=words["foreign_pre_chain"]
    )
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield sink
    root.setLevel(before)
    root.removeHandler(handler)


def lender_files(folder: Folder) -> list[Path]:
    """Good lines, a renamed person, and bad lines with the canaries where they do not belong."""
    good = [
        loan("A", obligor_id=ID, obligor_name=NAME),
        loan("B", obligor_id=OTHER_ID, obligor_name=OTHER_NAME),
    ]
    bad = [
        loan("C", obligor_id=BAD_ID, obligor_name=NAME, principal=PHONE + "x"),
        loan("D", obligor_id=ID, obligor_name=NAME, term=ID, principal=CARD),
        loan("E", obligor_id="", obligor_name=NAME, rate=f"{ID} {NAME}"[:18]),
        loan(ID, obligor_id=ID, obligor_name=NAME, maturity="never"),
        loan("H", obligor_id=ID, obligor_name=NAME, principal=NAME, term=OTHER_NAME),
        loan("F", obligor_id=ID, obligor_name=NAME, disbursed_on=f"{PHONE}"),
    ]
    shifted = f"G,{ID},{NAME},1,2,3,4,5,6,7,8,{PHONE},{CARD}\n"
    text = text_of([*good, *bad], LOANS.names) + shifted
    renamed = loan("A", obligor_id=ID, obligor_name=NEW_NAME, principal="100001.00")
    days = {"201704": "2017-04-30", "201705": "2017-05-31", "201706": "2017-06-30"}
    return [
        folder.raw("loans.csv", text),
        folder.loans(renamed, name=f"loans_{PHONE}_{ID}.csv"),
        *(
            folder.repayments(
                *(row(name, as_of=day) for name in ("A", "B", ID)),
                row("A", as_of=day, status=f"正常{PHONE}"),
                month=month,
            )
            for month, day in days.items()
        ),
    ]


@pytest.fixture
def book(tmp_path, beijing) -> Folder:
    """The lender's files are loaded, the parties have contacts, a quarter is closed."""
    folder = Folder(tmp_path / "in")
    load(*lender_files(folder))
    confirm_branches({"北京": beijing})
    party = party_by_document(number=ID)
    for kind, value in ((ContactKind.PHONE, PHONE), (ContactKind.CARD, CARD)):
        know_contact(party=party, kind=kind, value=value, by=None, at=clock.now())
    close("2017-04", through="2017-06")
    return folder


@pytest.fixture
def screen(client, manager_lin, django_capture_on_commit_callbacks):
    """Somebody at the screen, whose jobs are queued and then done."""
    client.force_login(manager_lin)

    def upload(*files):
        lender = LenderFile.objects.first().lender_id
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("postloss:upload"), {"lender": lender, "files": files})
        for job in Job.objects.filter(status="queued"):
            jobs.run(job.pk)

    client.upload, client.person = upload, manager_lin
    return client


def pages_of(screen) -> dict[str, bytes]:
    """Open everything that shows a person: files, lines, loans, look-ups, exports, the report."""
    pages = {}

    def see(name, *arguments):
        address = reverse(name, args=arguments)
        answer = screen.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        pages[address] = unpacked(content) if content.startswith(b"PK") else content

    for file in LenderFile.objects.all():
        see("postloss:file", file.pk)
        see("postloss:file_rejects", file.pk)
        for line in RejectedLine.objects.filter(file=file):
            see("postloss:file_line", file.pk, line.line_no)
    for number in Loan.objects.values_list("pk", flat=True):
        see("postloss:loan", number)
    for asked in (ID, OTHER_ID, PHONE, CARD, NAME, PHONE[:7], CARD[-4:], f"{ID}{PHONE}" * 4):
        answer = screen.post(reverse("postloss:look_up"), {"number": asked})
        pages[f"look-up {asked}"] = answer.content
    for name in ("snapshot_loans", "snapshot_loans_export"):
        see(f"postloss:{name}", "2017-06")
    for name in ("files", "upload", "dashboard", "month_ends"):
        see(f"postloss:{name}")
    see("desk:jobs")
    day = dt.date(2017, 4, 1)
    report = draft_report(quarter=day, by=screen.person, at=clock.now())
    keep_pack(report=report, by=screen.person, at=clock.now())
    see("reporting:report", report.quarter_text, report.number)
    for kept in ReportFile.objects.filter(report=report):
        content = b"".join(pieces(kept.stored))
        pages[kept.name] = unpacked(content) if content.startswith(b"PK") else content
    return pages


@pytest.mark.django_db
def test_after_a_whole_business_nothing_personal_stands_in_clear(log, book, screen):
    again = book.path.joinpath("loans.csv").read_bytes()
    screen.upload(
        SimpleUploadedFile(f"loans_{ID}.csv", again),
        SimpleUploadedFile(f"名单_{ID}.csv", again),
        SimpleUploadedFile("loans_headless.csv", f"A,{ID},{NAME},{PHONE}\n".encode()),
        SimpleUploadedFile("loans_trailer.csv", again + f"#TOTAL,{ID},{CARD},{PHONE}\n".encode()),
        SimpleUploadedFile("loans_extra.csv", _with_a_column(again, f"备注{PHONE}")),
    )
    pages = pages_of(screen)
    # what nobody foresaw: a view that fails with a person in its hands, statements that fail
    screen.raise_request_exception = False
    pages["error"] = _broken_page(screen)
    _failing_statements()

    assert Party.objects.count() == 2
    assert PartyName.objects.count() >= 1
    assert RejectedLine.objects.count() >= 12
    assert LenderFile.objects.filter(state="refused").count() == 2
    assert "1101**********7774" in pages["look-up " + PHONE].decode()
    assert found_in_database() == {}
    assert found_in_files() == {}
    assert found_in_queue() & {*CANARIES} == set()
    assert found_in_server_log() == []
    assert {name: seen for name, page in pages.items() if (seen := seen_in(page))} == {}
    assert "statement_failed" in log.getvalue()
    assert "cannot look up" in log.getvalue()
    assert [line for line in log.getvalue().splitlines() if seen_in(line)] == []


def _with_a_column(content: bytes, name: str) -> bytes:
    header, *lines = content.decode().splitlines()
    return "\n".join([f"{header},{name}", *(f"{line},{NAME}" for line in lines)]).encode()


def _broken_page(client) -> bytes:
    """Let a view fail while a person's number and name are in its local variables."""
    from postloss.views import lookup

    def fail(*, text, **_words):
        number = text
        raise ValueError(f"cannot look up {number} {PHONE} {CARD}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "look_up", fail)
        answer = client.post(reverse("postloss:look_up"), {"number": ID})
    assert answer.status_code == 500
    return answer.content


def _failing_statements() -> None:
    """Let the database refuse statements that hold a canary, and a job that names one."""
    for statement in (
        "INSERT INTO core_auditrecord (at, action) VALUES (now(), %s)",
        "SELECT %s::integer",
        "INSERT INTO partners_lender (code, name) SELECT code, %s FROM partners_lender",
    ):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [f"{ID} {NAME}"])
        except DatabaseError:
            structlog.get_logger("driver").exception("statement_failed")

    def refuse(_job, _heartbeat):
        raise RuleBroken("no", f"“{ID}” cannot be")

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(jobs._bodies, "canary", refuse)
        words = {"kind": "canary", "key": "1", "title": "x", "payload": {}, "by": None}
        jobs.run(jobs.enqueue_silently(**words, at=clock.now()).pk)


@pytest.mark.django_db
@pytest.mark.parametrize("canary", PLANTED)
def test_a_planted_canary_is_found_in_each_place(canary):
    """The search can find: in text, JSON and bytes, a file, a queue, an archive, a log."""
    at = clock.now()
    AuditRecord.objects.create(
        at=at, action="x", object_type="x", object_id="x", detail={"a": [canary]}
    )
    Party.objects.create(
        kind="person", sealed_document=canary.encode(), document_index=b"1", sealed_name=b"",
        name_index=b"",
    )  # fmt: skip
    Job.objects.create(kind="x", key="x", title=f"file {canary}", created_at=at)
    tables = found_in_database()
    assert {table: canary in seen for table, seen in tables.items()} == {
        "core_auditrecord": True, "core_job": True, "parties_party": True,
    }  # fmt: skip
    name = f"planted-{canary}"  # the queue is shared with the other worker
    planted = Path(settings.FILES_ROOT, name)
    planted.parent.mkdir(parents=True, exist_ok=True)
    try:
        planted.write_bytes(b"\0\1" + canary.encode("utf-16-le"))
        assert canary in found_in_files()[name]
    finally:
        planted.unlink()
    with redis.Redis.from_url(settings.REDIS_URL) as line:
        line.rpush(name, json.dumps({"kwargs": {"number": canary}}))
        try:
            assert canary in found_in_queue()
        finally:
            line.delete(name)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{canary}</t>")
    assert canary in seen_in(unpacked(sink.getvalue()))
    assert canary in seen_in(base64.b64encode(b"a" + canary.encode() + b"bcdef"))
    plain = io.StringIO()
    handler = logging.StreamHandler(plain)  # without the sieve
    logging.getLogger().addHandler(handler)
    logging.getLogger("planted").warning("seen %s", canary)
    logging.getLogger().removeHandler(handler)
    assert canary in seen_in(plain.getvalue())
