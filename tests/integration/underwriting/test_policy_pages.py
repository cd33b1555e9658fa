"""The pages of quotes and policies, by the people who use them."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories.policies import OBLIGOR
from underwriting.models import Policy, PolicyDocument, Quote
from underwriting.services.premiums import move_premiums
from underwriting.services.quotes import make_quote

pytestmark = pytest.mark.django_db
D = Decimal

FORM = {
    "product_code": "AUTO",
    "contract_no": "HT-77",
    "obligor_name": OBLIGOR.name,
    "obligor_document": OBLIGOR.document,
    "region": "110000",
    "principal": "120000",
    "annual_rate": "0.08",
    "periods": "12",
    "method": "equal_instalment",
    "start": "2026-03-02",
    "grade": "B",
    "ltv": "0.7",
    "obligor_type": "person",
    "lender_type": "auto_finance",
    "mode": "declining",
    "history": "none",
    "policyholder_delivery": "e_policy",
    "insured_delivery": "download",
}


@pytest.fixture(autouse=True)
def then(monkeypatch, at):
    """The pages live in the days of the counter."""
    from core import clock

    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", at.date)


def filled(counter, **words):
    return FORM | {"unit": counter.unit.pk, "lender": counter.lender.pk} | words


def test_a_quote_is_made_and_shows_how_its_price_came_about(counter, client):
    client.force_login(counter.maker)
    answer = client.post(reverse("underwriting:quote_create"), filled(counter), follow=True)
    quote = Quote.objects.get()
    page = answer.content.decode()
    assert answer.status_code == 200
    assert quote.quote_no in page
    assert f"{quote.premium:,.2f}" in page
    assert "round_fen(sum_insured * rate * share)" in page
    assert OBLIGOR.name not in page
    assert OBLIGOR.document not in page
    assert "报价制作人不得签发保单" in page


def test_what_was_typed_stays_where_something_is_wrong(counter, client):
    client.force_login(counter.maker)
    answer = client.post(
        reverse("underwriting:quote_create"), filled(counter, history="once", principal="1.234")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "HT-77" in page
    assert "请填写转让的该项信息" in page
    assert not Quote.objects.exists()


def test_findings_stand_on_the_quote_with_their_articles(counter, client):
    client.force_login(counter.maker)
    client.post(reverse("underwriting:quote_create"), filled(counter, annual_rate="0.23"))
    quote = Quote.objects.get()
    client.force_login(counter.issuer)
    page = client.get(reverse("underwriting:quote", args=[quote.pk])).content.decode()
    assert "PRE-12b" in page
    assert reverse("underwriting:quote_issue", args=[quote.pk]) not in page


def test_the_policy_is_issued_by_another_person_and_shown_from_all_sides(counter, client):
    quote = counter.quote()
    client.force_login(counter.issuer)
    page = client.get(reverse("underwriting:quote", args=[quote.pk])).content.decode()
    assert reverse("underwriting:quote_issue", args=[quote.pk]) in page
    assert counter.issuer.name in page
    answer = client.post(
        reverse("underwriting:quote_issue", args=[quote.pk]),
        {"reason": "同意承保", "key": str(uuid.uuid4())},
    )
    assert answer.status_code == 302
    policy = Policy.objects.get()
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    assert policy.policy_no in page
    assert "603101" in page
    assert "签发保单" in page
    assert OBLIGOR.name not in page


def test_the_list_is_found_by_number_and_contract(counter, client):
    policy = counter.issue(contract_no="HT-AA")
    counter.issue(contract_no="HT-BB")
    client.force_login(counter.issuer)
    page = client.get(reverse("underwriting:policies"), {"words": "HT-AA"}).content.decode()
    assert policy.policy_no in page
    assert "HT-BB" not in page
    assert client.get(reverse("underwriting:policies"), {"status": "lapsed"}).status_code == 200


def test_a_list_of_three_asks_what_a_list_of_one_asks(counter, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counter.issue()
    client.force_login(counter.issuer)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("underwriting:policies"))
    counter.issue()
    counter.issue()
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("underwriting:policies"))
    assert len(three) == len(one)


def test_a_strangers_policy_does_not_exist(counter, client, stranger_gu):
    policy = counter.issue()
    client.force_login(stranger_gu)
    assert client.get(reverse("desk:policy", args=[policy.pk])).status_code == 404
    assert client.get(reverse("underwriting:quote", args=[policy.quote_id])).status_code == 404
    page = client.get(reverse("underwriting:policies")).content.decode()
    assert policy.policy_no not in page


def test_a_late_premium_is_taken_on_the_page(counter, client):
    policy = counter.issue()
    amount = policy.instalments.get(n=1).amount
    move_premiums(through=dt.date(2026, 5, 20), by=None, at=counter.at)
    client.force_login(counter.cashier)
    answer = client.post(
        reverse("underwriting:premium_receipt", args=[policy.pk]),
        {
            "amount": str(amount),
            "received_on": "2026-05-21",
            "reference": "B-1",
            "key": str(uuid.uuid4()),
        },
    )
    assert answer.status_code == 302
    assert policy.receipts.get().overdue == amount


def test_too_much_is_refused_in_one_sentence_and_the_form_stays(counter, client):
    policy = counter.issue()
    client.force_login(counter.cashier)
    answer = client.post(
        reverse("underwriting:premium_receipt", args=[policy.pk]),
        {
            "amount": "999999",
            "received_on": "2026-05-21",
            "reference": "B-1",
            "key": str(uuid.uuid4()),
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "超出未缴金额" in page
    assert "999999" in page


def test_an_endorsement_goes_from_request_to_paper(counter, client):
    policy = counter.issue()
    client.force_login(counter.maker)
    answer = client.post(
        reverse("underwriting:endorsement_create", args=[policy.pk]),
        {
            "kind": "prepayment",
            "effective_on": "2026-06-10",
            "amount": "30000",
            "effect": "reduce_instalment",
            "reason": "提前还款",
        },
    )
    assert answer.status_code == 302
    client.force_login(counter.issuer)
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    decision = reverse("underwriting:endorsement_decision", args=[policy.pk, 1])
    assert decision in page
    client.post(decision, {"is_approved": "1", "reason": ""})
    assert policy.endorsements.get().status == "in_force"
    paper = client.get(
        reverse("underwriting:endorsement_paper", args=[policy.pk, "endorsement", 1])
    )
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


def test_a_paper_is_printed_once_and_stays_the_same(counter, client):
    policy = counter.issue()
    client.force_login(counter.maker)
    papers = [
        b"".join(
            client.get(
                reverse("underwriting:policy_paper", args=[policy.pk, "policy"])
            ).streaming_content
        )
        for _ in range(2)
    ]
    assert papers[0] == papers[1]
    assert papers[0].startswith(b"%PDF")
    assert PolicyDocument.objects.count() == 1
    assert (
        client.get(reverse("underwriting:policy_paper", args=[policy.pk, "poem"])).status_code
        == 404
    )


def test_an_end_and_its_refund_are_taken_on_the_page(counter, client):
    policy = counter.issue(terms=counter.terms(mode="single"))
    counter.pay(policy, policy.premium, on=dt.date(2026, 3, 2))
    client.force_login(counter.issuer)
    address = reverse("underwriting:policy_end", args=[policy.pk])
    words = {"action": "settle", "on": "2026-09-02", "reason": "提前结清"}
    shown = client.post(address, words | {"preview": "1"})
    seen = shown.context["preview"].mark
    answer = client.post(address, words | {"seen": seen})
    assert answer.status_code == 302
    client.force_login(counter.cashier)
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    assert reverse("underwriting:refund_payment", args=[policy.pk]) in page
    answer = client.post(
        reverse("underwriting:refund_payment", args=[policy.pk]),
        {"on": "2026-09-03", "reference": "B-9"},
    )
    assert answer.status_code == 302
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    assert reverse("underwriting:refund_payment", args=[policy.pk]) not in page


def test_PRE_24_a_delivery_is_recorded_with_its_proof(counter, client):
    policy = counter.issue()
    client.force_login(counter.maker)
    address = reverse("underwriting:policy_delivery", args=[policy.pk, "insured"])
    answer = client.post(address, {"delivered_at": "2026-03-02T17:00", "proof_no": "MSG-1"})
    assert answer.status_code == 302
    assert policy.deliveries.get(to="insured").proof_no == "MSG-1"
    assert (
        client.post(address, {"delivered_at": "2026-03-02T17:00", "proof_no": "x"}).status_code
        == 409
    )


def test_a_contract_that_another_branch_covers_is_refused_in_a_sentence(
    counter, client, shanghai, stranger_gu
):
    from tests.conftest import _appoint

    counter.issue(contract_no="HT-TWICE")
    counter.grant(shanghai)
    maker = _appoint("lu", "陆沪", shanghai, "underwriter")
    theirs = make_quote(
        order=counter.order(unit=shanghai, contract_no="HT-TWICE"), by=maker, at=counter.at
    )
    client.force_login(stranger_gu)
    answer = client.post(
        reverse("underwriting:quote_issue", args=[theirs.pk]),
        {"reason": "同意承保", "key": str(uuid.uuid4())},
    )
    assert answer.status_code == 422
    assert "该借款合同已承保" in answer.content.decode()
