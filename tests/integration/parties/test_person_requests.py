"""PIPL 44-50, HQ-25: a person's request, from the blind index to the answer."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import clock, files, jobs
from core.encryption import unseal
from core.models import AuditRecord, Job
from parties.enums import AnswerKind, RequestKind
from parties.errors import RuleBroken
from parties.models import Export, Party, PersonRequest
from parties.selectors import party_by_document
from parties.selectors.identities import NAME
from parties.services import answer_request, check_identity, decide_export, enter_request
from tests.factories.portfolio_book import BEIJING_PERSON

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(book, officer_qian):
    def make(kind: RequestKind, number: str = BEIJING_PERSON) -> PersonRequest:
        at = clock.now()
        asked = enter_request(
            kind=kind, document=number, channel="柜面", received_on=clock.today(),
            by=officer_qian, at=at,
        )  # fmt: skip
        return check_identity(
            request=asked, is_shown=True, note="核对身份证原件", by=officer_qian, at=at
        )

    return make


@pytest.fixture
def answered(officer_qian):
    def give(asked: PersonRequest, answer: AnswerKind, **words: str) -> PersonRequest:
        return answer_request(
            request=asked,
            answer=answer,
            reason="依法答复",
            by=officer_qian,
            at=clock.now(),
            **words,
        )

    return give


def test_the_person_is_found_and_the_number_is_kept_nowhere(request_of):
    asked = request_of(RequestKind.ACCESS, "１１０１０５ 19491231002x")
    assert asked.party == party_by_document(number=BEIJING_PERSON)
    assert asked.due_on == asked.received_on + dt.timedelta(days=15)
    kept = str(list(PersonRequest.objects.values())) + str(list(AuditRecord.objects.values()))
    assert BEIJING_PERSON not in kept


def test_HQ_25_a_deletion_that_the_law_forbids_becomes_a_restriction(request_of, answered):
    asked = request_of(RequestKind.DELETE)
    with pytest.raises(RuleBroken, match="限制使用"):
        answered(asked, AnswerKind.DELETED)
    assert answered(asked, AnswerKind.RESTRICTED).state == "answered"
    assert Party.objects.get(pk=asked.party_id).restricted_at is not None


def test_a_copy_is_made_by_approval_and_shows_the_person_their_own_data(
    request_of, answered, chief_zheng
):
    asked = answered(request_of(RequestKind.COPY), AnswerKind.COPIED)
    export = Export.objects.get()
    assert (asked.copy, export.status, export.needs_approval) == (export, "waiting", True)
    decide_export(export=export, is_approved=True, remark="", by=chief_zheng, at=clock.now())
    jobs.run(Job.objects.get(kind="make_export").pk, reraise=True)
    export.refresh_from_db()
    book = load_workbook(io.BytesIO(b"".join(files.pieces(export.stored))))
    identity, loans = book.worksheets
    assert [cell.value for cell in identity[3]][:2] == ["张三", BEIJING_PERSON]
    assert export.number in identity["A1"].value
    assert {cell.value for cell in loans["B"][2:]} >= {"B1", "B8"}


def test_a_name_is_corrected_sealed(request_of, answered):
    asked = request_of(RequestKind.CORRECT)
    with pytest.raises(RuleBroken, match="正确姓名"):
        answered(asked, AnswerKind.CORRECTED)
    answered(asked, AnswerKind.CORRECTED, correct_name="张叁")
    party = Party.objects.get(pk=asked.party_id)
    key = bytes(party.document_index).hex()
    assert unseal(party.sealed_name, column=NAME, key=key) == "张叁"


def test_somebody_unknown_is_told_that_nothing_is_held(request_of, answered):
    asked = request_of(RequestKind.ACCESS, "440524188001010014")
    with pytest.raises(RuleBroken):
        answered(asked, AnswerKind.TOLD)
    assert answered(asked, AnswerKind.NOTHING_HELD).answer == "nothing_held"


def test_the_page_takes_a_request_from_entry_to_answer(client, book, officer_qian):
    client.force_login(officer_qian)
    words = {
        "kind": "delete", "document": BEIJING_PERSON, "channel": "电话",
        "received_on": clock.today().isoformat(),
    }  # fmt: skip
    address = client.post(reverse("parties:request_entry"), words).headers["Location"]
    page = client.get(address).text
    assert "1101**********002X" in page
    assert BEIJING_PERSON not in page
    answer = {"answer": "restricted", "reason": "反洗钱法要求保存十年"}
    assert client.post(f"{address}answer/", answer).status_code == 409  # identity first
    client.post(f"{address}identity/", {"decision": "shown", "note": "回拨核对"})
    assert client.post(f"{address}answer/", answer | {"answer": "told"}).status_code == 422
    assert client.post(f"{address}answer/", answer).status_code == 302
    assert "反洗钱法要求保存十年" in client.get(address).text
    assert "1101**********002X" not in client.get(address).text


def test_whoever_cannot_show_who_they_are_is_turned_away(client, book, officer_qian):
    asked = enter_request(
        kind=RequestKind.COPY, document=BEIJING_PERSON, channel="邮件",
        received_on=clock.today(), by=officer_qian, at=clock.now(),
    )  # fmt: skip
    client.force_login(officer_qian)
    address = reverse("parties:request_identity", args=[asked.pk])
    client.post(address, {"decision": "not_shown", "note": "证件不符"})
    asked.refresh_from_db()
    assert asked.state == "turned_away"


def test_others_find_no_request(client, request_of, manager_lin, chief_zheng):
    asked = request_of(RequestKind.ACCESS)
    for person in (manager_lin, chief_zheng):
        client.force_login(person)
        assert client.get(reverse("parties:requests")).status_code == 403
        assert client.get(reverse("parties:request", args=[asked.pk])).status_code == 404


def test_one_request_and_three_ask_the_same(
    client, request_of, officer_qian, django_assert_num_queries
):
    client.force_login(officer_qian)
    address = reverse("parties:requests")
    request_of(RequestKind.ACCESS)
    client.get(address)
    for _ in range(2):
        with django_assert_num_queries(7):
            assert client.get(address).status_code == 200
        request_of(RequestKind.COPY)
        request_of(RequestKind.DELETE)
