"""Look a person up by a whole number. Source: CRM-39, A19, A20."""

import pytest

from core.models import AuditRecord, RegulatoryParameter
from parties.enums import ContactKind, UseKind, Window
from parties.models import BehaviourAlert, PersonalDataUse
from parties.selectors import party_by_document
from parties.services import know_contact
from tests.conftest import AT
from tests.factories.portfolio_book import BEIJING_PERSON, CANARY, CANARY_PERSON, closed_book
from underwriting.models import Loan

LOOK_UP = "/loans/look-up/"


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    return closed_book(tmp_path, beijing=beijing, shanghai=shanghai, until="2017-05")


def ask(client, number):
    return client.post(LOOK_UP, {"number": number})


def test_a_whole_number_finds_the_loans_and_shows_them_masked(client, book, manager_lin):
    client.force_login(manager_lin)
    answer = ask(client, f" {CANARY_PERSON.lower()} ")
    assert f"{CANARY}1" in answer.text
    assert "3101**********425X" in answer.text
    assert CANARY_PERSON not in answer.text.upper()
    assert "沪生" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["phone", "card"])
def test_a_telephone_and_a_card_find_their_party(client, book, manager_lin, kind):
    value, asked = {
        "phone": ("13800138000", "+86 138-0013-8000"),
        "card": ("6222021234567890128", "6222 0212 3456 7890 128"),
    }[kind]
    party = party_by_document(number=CANARY_PERSON)
    know_contact(party=party, kind=ContactKind(kind), value=value, by=None, at=AT)
    client.force_login(manager_lin)
    assert f"{CANARY}2" in ask(client, asked).text
    assert CANARY not in ask(client, value[:-1]).text
    assert CANARY not in ask(client, value[-4:]).text


def test_a_branch_finds_its_own_and_a_strangers_number_sounds_like_an_unknown_one(
    client, book, branch_wang
):
    client.force_login(branch_wang)
    assert ">B1<" in ask(client, BEIJING_PERSON).text
    foreign, unknown = ask(client, CANARY_PERSON), ask(client, "440308199901101512")
    assert CANARY not in foreign.text
    for answer in (foreign, unknown):
        assert "没有结果" in answer.text


def test_a_look_up_is_audited_without_the_number(client, book, manager_lin):
    client.force_login(manager_lin)
    ask(client, CANARY_PERSON)
    record = AuditRecord.objects.get(action="postloss.looked_up")
    assert (record.by, record.detail) == (manager_lin, {"found": 2})
    assert CANARY_PERSON not in str(vars(record))


def test_nothing_is_asked_by_an_address(client, book, manager_lin):
    client.force_login(manager_lin)
    assert CANARY not in client.get(LOOK_UP, {"number": CANARY_PERSON}).text
    assert not AuditRecord.objects.filter(action="postloss.looked_up").exists()
    assert ask(client, " ").status_code == 422


@pytest.mark.parametrize("who", ["system_han", "security_shen", "auditor_he", "officer_qian"])
def test_whoever_does_not_see_loans_does_not_look_up(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(LOOK_UP).status_code == 403
    assert ask(client, CANARY_PERSON).status_code == 403


@pytest.mark.parametrize("number", [BEIJING_PERSON, CANARY_PERSON])  # nine loans, and two
def test_two_loans_and_nine_cost_the_same(
    client, book, manager_lin, django_assert_num_queries, number
):
    client.force_login(manager_lin)
    ask(client, number)
    with django_assert_num_queries(16):
        ask(client, number)


def test_A20_look_ups_and_opened_loans_share_one_quota_and_an_alert_stays(
    client, book, manager_lin
):
    RegulatoryParameter.objects.filter(name="privacy.look_ups_per_hour").update(value=2)
    client.force_login(manager_lin)
    assert ask(client, CANARY_PERSON).status_code == 200
    loan = Loan.objects.get(loan_no=f"{CANARY}1")
    assert client.get(f"/loans/{loan.pk}/").status_code == 200
    over = ask(client, CANARY_PERSON)
    assert over.status_code == 422
    assert CANARY not in over.text
    assert client.get(f"/loans/{loan.pk}/").status_code == 422
    alert = BehaviourAlert.objects.get()
    assert (alert.staff, alert.use, alert.window, alert.allowed) == (
        manager_lin, UseKind.LOOK_UP, Window.HOUR, 2,
    )  # fmt: skip
    assert AuditRecord.objects.filter(action="postloss.looked_up").count() == 1


def test_a_refused_look_up_counts_nothing(client, book, officer_qian, manager_lin):
    client.force_login(officer_qian)
    ask(client, CANARY_PERSON)
    client.force_login(manager_lin)
    ask(client, " ")
    assert not PersonalDataUse.objects.exists()
