"""Pages of certificates, co-insurance and corrected lines: what is typed stays, rows are added."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.conftest import AT
from tests.factories.cessions import draft, reinsurer, treaty
from underwriting.models import CessionLine, CoinsuranceShare, FacultativeCession
from underwriting.selectors.ceded import ceded_policy_of
from underwriting.services.cessions import cede

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def sold(counter, chief_bai, chief_chen):
    """A policy ceded by a quota share of a quarter."""
    treaty(draft(), by=chief_bai, checker=chief_chen)
    policy = counter.issue()
    cede(
        policies=[ceded_policy_of(policy=policy, premium=D("100.00"))],
        on=AT.date(), key="k", by=None, at=AT,
    )  # fmt: skip
    return policy


def lines(policy):
    found = CessionLine.objects.known().filter(policy_no=policy.policy_no, share__gt=0)
    return sorted((each.share, each.valid_from, each.valid_to) for each in found)


def certificate(policy, **words):
    return {
        "policy_no": policy.policy_no, "code": "FAC-1", "reinsurer": reinsurer().pk,
        "share": "0.4", "commission_rate": "0.2", "valid_from": f"{policy.cover_from}",
        "valid_to": f"{policy.cover_to}", "reason": "大额单", **words,
    }  # fmt: skip


def test_a_certificate_is_placed_after_the_fact_and_the_lines_follow(client, sold, chief_bai):
    client.force_login(chief_bai)
    address = reverse("underwriting:certificate")
    page = client.get(address, {"policy_no": sold.policy_no}).content.decode()
    assert sold.policy_no in page
    assert client.post(address, certificate(sold)).status_code == 302
    span = (sold.cover_from, sold.cover_to)
    assert lines(sold) == [(D("0.15"), *span), (D("0.4"), *span)]
    again = client.post(address, certificate(sold, code="FAC-2", share="0.7"))
    assert again.status_code == 422
    assert "0.7" in again.content.decode()
    assert FacultativeCession.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"policy_no": "无此保单"}, "没有保单无此保单"),
        ({"valid_to": "2020-01-01"}, "终止日早于起始日"),
        ({"code": "Q26"}, "Q26"),
        ({"reason": " "}, "FAC-1"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_and_what_was_typed_stays(
    client, sold, chief_bai, words, sentence
):
    client.force_login(chief_bai)
    page = client.post(reverse("underwriting:certificate"), certificate(sold, **words))
    assert page.status_code in {409, 422}
    assert sentence in page.content.decode()
    assert 'value="0.4"' in page.content.decode()
    assert not FacultativeCession.objects.exists()


def co_insured(**words):
    return {
        "policy_no": "", "agreement_no": "", "lender_code": "", "product_code": "",
        "role": "leader", "own_share": "0.8", "partners": "南方财险 = 0.15\n北方财险＝0.05\n",
        "valid_from": "2026-03-01", "valid_to": "", "reason": "共保协议", **words,
    }  # fmt: skip


def test_the_co_insurance_of_a_policy_is_set_and_corrected_from_a_day(client, sold, chief_bai):
    client.force_login(chief_bai)
    address = reverse("underwriting:coinsurance")
    first = co_insured(policy_no=sold.policy_no)
    assert client.post(address, first).status_code == 302
    row = CoinsuranceShare.objects.get()
    assert (row.own_share, row.unit_path) == (D("0.8"), sold.unit.path)
    page = client.get(address, {"of": row.pk}).content.decode()
    for words in (sold.policy_no, "南方财险 = 0.15", "0.8"):
        assert words in page
    second = first | {"role": "follower", "own_share": "0.5", "partners": "南方财险 = 0.5"}
    second |= {"valid_from": "2026-06-01", "reason": "批改"}
    assert client.post(address, second).status_code == 302
    known = CoinsuranceShare.objects.known().order_by("valid_from")
    turn = dt.date(2026, 6, 1)
    assert list(known.values_list("own_share", "role", "valid_to")) == [
        (D("0.8"), "leader", turn), (D("0.5"), "follower", None),
    ]  # fmt: skip
    assert CoinsuranceShare.objects.count() == 3
    assert client.get(reverse("underwriting:treaties")).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        {"partners": "南方财险 = 0.1"},
        {"partners": "0.2"},
        {"partners": "南方财险 = 两成"},
        {"policy_no": "无此保单"},
        {"agreement_no": ""},
        {"valid_to": "2020-01-01"},
        {"reason": ""},
    ],
)
def test_what_is_wrong_with_co_insurance_is_said_and_nothing_written(client, chief_bai, words):
    client.force_login(chief_bai)
    typed = co_insured(agreement_no="GB-1", lender_code="L1", **words) if (
        "agreement_no" not in words
    ) else co_insured(lender_code="L1", **words)  # fmt: skip
    page = client.post(reverse("underwriting:coinsurance"), typed)
    assert page.status_code == 422
    assert typed["partners"].splitlines()[0] in page.content.decode()
    assert not CoinsuranceShare.objects.exists()


def test_a_line_is_corrected_from_a_day_and_the_history_shows_both(client, sold, chief_bai):
    client.force_login(chief_bai)
    line = CessionLine.objects.get()
    turn = sold.cover_from + dt.timedelta(days=60)
    history = reverse("underwriting:policy_lines")
    address = reverse("underwriting:line_correction", args=[line.pk])
    assert address in client.get(history, {"policy_no": sold.policy_no}).content.decode()
    too_much = {"share": "1.5", "valid_from": f"{turn}", "reason": "x"}
    assert client.post(address, too_much).status_code == 422
    fine = {"share": "0.1", "valid_from": f"{turn}", "reason": "批单"}
    assert client.post(address, fine).status_code == 302
    assert lines(sold) == [
        (D("0.1"), turn, sold.cover_to), (D("0.25"), sold.cover_from, turn),
    ]  # fmt: skip
    assert client.post(address, fine).status_code == 409
    assert "10.0000%" in client.get(history, {"policy_no": sold.policy_no}).content.decode()


def test_who_does_not_propose_treaties_enters_nothing(client, sold, chief_chen):
    client.force_login(chief_chen)
    pk = CessionLine.objects.get().pk
    for name, args in (("certificate", []), ("coinsurance", []), ("line_correction", [pk])):
        assert client.get(reverse(f"underwriting:{name}", args=args)).status_code == 403
