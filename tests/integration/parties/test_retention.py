"""PRE-10, HQ-23 to HQ-25: kept in time, held in dispute, deleted by two people with proof."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from core import clock, files, jobs
from core.errors import Missing
from core.models import Job, StoredFile
from parties.enums import RecordKind
from parties.errors import NotPermitted, RuleBroken, WrongState
from parties.models import DeletionLine, DeletionList, KeptRecord, LegalHold, Party, RetentionRule
from parties.rules import deletable_from
from parties.selectors import masked_identity
from parties.services import (
    compute_retention,
    decide_deletion,
    lift_hold,
    open_hold,
    propose_deletion,
)
from parties.services.mapping import _files, every_kept_file_has_a_rule
from parties.tasks import keep_records
from partners.models import LenderFile
from postloss.adapters.rejects_workbook import unseal_cells
from postloss.models import RejectedLine
from tests.builders import Folder, close, load, loan, row

pytestmark = pytest.mark.django_db
NINETEEN = dt.date(2019, 1, 1)
SETTLED = "11010519491231002X"
RUNNING = "440524188001010014"


def beat(**_words):
    """A heartbeat that nobody listens to."""


def compute(as_of=NINETEEN):
    return compute_retention(as_of=as_of, at=clock.now(), heartbeat=beat)


@pytest.fixture
def ended_book(tmp_path, hq):
    """One person settled in May 2017, another still pays, at two lenders; one line is rejected."""
    folder = Folder(tmp_path)
    load(
        folder.loans(loan("A", obligor_id=SETTLED), loan("BAD", obligor_id=SETTLED, term="x")),
        folder.repayments(row("A", status="结清", outstanding_principal="0")),
    )
    other = Folder(tmp_path / "other")
    load(
        other.loans(loan("B", obligor_id=RUNNING)), other.repayments(row("B")), lender="L02",
    )  # fmt: skip
    close("2017-05")


def party(number: str) -> Party:
    from parties.selectors import party_by_document

    return party_by_document(number=number)


@pytest.fixture
def due(ended_book) -> list[KeptRecord]:
    """Records whose time is over: their contracts ended long enough ago by the rule."""
    RetentionRule.objects.update(short_years=1, long_years=1, floor_years=1)
    compute(dt.date(2026, 1, 1))
    return list(
        KeptRecord.objects.filter(
            kind__in=["identity", "lender_file"], retain_until__lte=clock.today()
        )
    )


def proposed(records, by) -> DeletionList:
    return propose_deletion(records=records, reason="保存期满", by=by, at=clock.now())


def decided(deletion, by, *, yes=True) -> DeletionList:
    return decide_deletion(
        deletion=deletion, is_approved=yes, remark="核对无误", by=by, at=clock.now()
    )


def test_HQ_23_a_settled_loan_ends_on_its_day_and_a_running_one_has_none(ended_book):
    compute(dt.date(2026, 1, 1))
    record = KeptRecord.objects.get(kind=RecordKind.IDENTITY)
    assert (record.party, record.ended_on, record.term_months) == (
        party(SETTLED), dt.date(2017, 5, 31), 12,
    )  # fmt: skip
    assert record.retain_until == dt.date(2027, 6, 1)  # ten years by the other law (HQ-24)
    kept = KeptRecord.objects.filter(kind=RecordKind.LENDER_FILE)
    assert {row.stored.name for row in kept} == {"loans.csv", "repayment_201705.csv"}
    assert set(kept.values_list("stored", flat=True)) == set(
        LenderFile.objects.filter(lender__code="L01").values_list("stored", flat=True)
    )


def test_a_party_with_one_open_loan_stays_whole(ended_book, tmp_path):
    folder = Folder(tmp_path / "more")
    load(folder.loans(loan("C", obligor_id=SETTLED)), lender="L02")
    compute(dt.date(2026, 1, 1))
    assert not KeptRecord.objects.filter(kind=RecordKind.IDENTITY).exists()


def test_what_is_in_use_again_loses_its_day(ended_book, tmp_path):
    compute(dt.date(2026, 1, 1))
    load(Folder(tmp_path / "more").loans(loan("C", obligor_id=SETTLED)), lender="L02")
    compute(dt.date(2026, 1, 1))
    assert KeptRecord.objects.get(kind=RecordKind.IDENTITY).retain_until.year == 9999


def test_a_second_run_writes_the_same(ended_book):
    compute(dt.date(2026, 1, 1))
    before = list(KeptRecord.objects.values_list("pk", "retain_until"))
    compute(dt.date(2026, 1, 1))
    assert list(KeptRecord.objects.values_list("pk", "retain_until")) == before


def test_the_night_starts_a_job_that_computes(ended_book):
    keep_records()
    job = Job.objects.get(kind="compute_retention")
    jobs.run(job.pk, reraise=True)
    job.refresh_from_db()
    assert job.result["identity"] == 1


def test_PRE_10d_every_kind_has_a_rule_and_an_unmapped_file_stops_the_house(monkeypatch):
    assert every_kept_file_has_a_rule() == []
    monkeypatch.delitem(_files, "partners.lenderfile.stored")
    (error,) = every_kept_file_has_a_rule()
    assert (error.id, error.msg.split()[0]) == ("parties.E001", "partners.lenderfile.stored")
    assert {rule.kind for rule in RetentionRule.objects.all()} == set(RecordKind)


def test_the_database_counts_years_as_the_rule_does():
    days = [dt.date(2019, 12, 25) + dt.timedelta(days=n) for n in range(800)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (d + make_interval(years => 5))::date + 1 FROM unnest(%s::date[]) d", [days]
        )
        found = [day for (day,) in cursor.fetchall()]
    assert found == [
        deletable_from(ended=day, term_months=1, short_years=5, long_years=9) for day in days
    ]


def test_nothing_is_proposed_before_its_day(ended_book, officer_qian):
    compute(dt.date(2026, 1, 1))
    record = KeptRecord.objects.get(kind=RecordKind.IDENTITY)
    with pytest.raises(RuleBroken, match="2027-06-01"):
        proposed([record], officer_qian)


def test_the_database_refuses_to_shred_or_erase_early(ended_book):
    file = LenderFile.objects.first().stored
    for words in (
        ("UPDATE core_storedfile SET sealed_key = '' WHERE id = %s", file.pk),
        ("UPDATE parties_party SET sealed_document = '' WHERE id = %s", party(SETTLED).pk),
        ("UPDATE parties_party SET document_index = '\\x00' WHERE id = %s", party(SETTLED).pk),
        ("DELETE FROM parties_party WHERE id = %s", party(SETTLED).pk),
    ):
        with (
            pytest.raises(ProgrammingError, match=r"kept|never deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words[0], [words[1]])


def test_two_people_delete_with_proof_and_nothing_personal_is_left(
    due, officer_qian, chief_zheng, django_capture_on_commit_callbacks
):
    stored = {row.stored_id: row.stored for row in due if row.stored_id}
    assert len(stored) == 2
    assert RejectedLine.objects.exists()
    deletion = proposed(due, officer_qian)
    with django_capture_on_commit_callbacks(execute=True):
        decided(deletion, chief_zheng)
    for file in stored.values():
        assert not Path(settings.FILES_ROOT, file.path).exists()
        with pytest.raises(Missing, match="到期删除"):
            list(files.pieces(StoredFile.objects.get(pk=file.pk)))
    gone = Party.objects.get(pk=next(row.party_id for row in due if row.party_id))
    assert (bytes(gone.sealed_name), bytes(gone.sealed_document)) == (b"", b"")
    assert masked_identity(gone) == ("***", "***")
    assert party(SETTLED) is None  # the index finds nobody
    line = RejectedLine.objects.get()
    assert (bytes(line.sealed_cells), line.loan_no, unseal_cells(line)) == (b"", "", {})
    lines = DeletionLine.objects.filter(deletion=deletion)
    assert {line.sha256 for line in lines} >= {file.sha256 for file in stored.values()}
    assert all(line.shredded_at for line in lines)
    assert party(RUNNING) is not None


def test_a_tombstone_never_changes(due, officer_qian, chief_zheng):
    decided(proposed(due, officer_qian), chief_zheng)
    forged = "UPDATE parties_deletionline SET sha256 = ''"
    for words in (forged, "DELETE FROM parties_deletionline"):
        with (
            pytest.raises(ProgrammingError, match="tombstone"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words)


def test_whoever_proposes_does_not_approve(due, officer_qian, chief_zheng):
    officer_qian.roles.add(*chief_zheng.roles.all())
    deletion = proposed(due, officer_qian)
    with pytest.raises(NotPermitted):
        decided(deletion, officer_qian)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        DeletionList.objects.update(
            decided_by=officer_qian, decided_at=clock.now(), status="approved"
        )


def test_one_list_at_a_time_and_a_returned_one_frees_its_records(due, officer_qian, chief_zheng):
    first = proposed(due, officer_qian)
    with pytest.raises(RuleBroken, match="另一份清册"):
        proposed(due, officer_qian)
    decided(first, chief_zheng, yes=False)
    with pytest.raises(WrongState):
        decided(first, chief_zheng)
    assert proposed(due, officer_qian).lines.count() == len(due)


def test_a_hold_after_the_proposal_stops_the_deletion(due, officer_qian, chief_zheng):
    deletion = proposed(due, officer_qian)
    held = next(row for row in due if row.party_id)
    open_hold(reason="诉讼", party=held.party, by=officer_qian, at=clock.now())
    with pytest.raises(RuleBroken, match="诉讼"):
        decided(deletion, chief_zheng)
    with pytest.raises(ProgrammingError, match="kept"), transaction.atomic():
        Party.objects.filter(pk=held.party_id).update(sealed_document=b"")


def test_PRE_10c_a_lifted_hold_keeps_two_more_years(due, officer_qian):
    record = next(row for row in due if row.party_id)
    hold = open_hold(reason="投诉", party=record.party, by=officer_qian, at=clock.now())
    ended = clock.today() - dt.timedelta(days=10)
    words = {"by": officer_qian, "at": clock.now(), "reason": "结案"}
    with pytest.raises(RuleBroken, match="争议结束后"):
        lift_hold(hold=hold, dispute_ended_on=clock.today() + dt.timedelta(days=1), **words)
    lift_hold(hold=hold, dispute_ended_on=ended, **words)
    record.refresh_from_db()
    assert record.retain_until == deletable_from(
        ended=ended, term_months=1, short_years=2, long_years=2
    )
    compute(dt.date(2026, 1, 1))
    record.refresh_from_db()
    assert record.disputed_until == ended
    with pytest.raises(WrongState):
        lift_hold(hold=hold, dispute_ended_on=ended, **words)
    assert LegalHold.objects.get().reason == "投诉"


def test_a_held_person_holds_the_files_of_their_lender(ended_book, officer_qian):
    open_hold(reason="诉讼", party=party(SETTLED), by=officer_qian, at=clock.now())
    compute(dt.date(2026, 1, 1))
    assert not KeptRecord.objects.filter(kind=RecordKind.LENDER_FILE).exists()


def test_the_pages_walk_from_the_due_record_to_the_proof(client, due, officer_qian, chief_zheng):
    client.force_login(officer_qian)
    page = client.get(reverse("parties:retention")).text
    assert f'value="{due[0].pk}"' in page
    words = {"records": [row.pk for row in due], "reason": "保存期满"}
    address = client.post(reverse("parties:proposal"), words).headers["Location"]
    assert client.post(f"{address}decision/", {"decision": "approve"}).status_code == 403
    client.force_login(chief_zheng)
    assert client.post(f"{address}decision/", {"decision": "approve"}).status_code == 302
    proof = client.get(address).text
    assert "删除证明" in proof
    assert due[0].lines.get().sha256 in proof


def test_holds_are_opened_and_lifted_at_the_screen(client, due, officer_qian):
    client.force_login(officer_qian)
    client.post(reverse("parties:hold", args=[due[0].pk]), {"reason": "调查"})
    hold = LegalHold.objects.get()
    assert "调查" in client.get(reverse("parties:holds")).text
    words = {"reason": "结案", "dispute_ended_on": clock.today().isoformat()}
    address = reverse("parties:lifting", args=[hold.pk])
    assert client.post(address, {"reason": "结案"}).status_code == 422
    assert client.post(address, words).status_code == 302


def test_retention_is_closed_to_others(client, due, manager_lin, branch_wang, auditor_he):
    for person in (manager_lin, branch_wang, auditor_he):
        client.force_login(person)
        assert client.get(reverse("parties:retention")).status_code == 403
        assert client.get(reverse("parties:hold", args=[due[0].pk])).status_code == 403
    with pytest.raises(NotPermitted):
        proposed(due, manager_lin)


def test_one_record_and_three_ask_the_same(client, due, officer_qian, django_assert_num_queries):
    client.force_login(officer_qian)
    address = reverse("parties:retention")
    client.get(address)
    for query in ({"kind": "identity"}, {}):
        with django_assert_num_queries(10):
            assert client.get(address, query).status_code == 200
