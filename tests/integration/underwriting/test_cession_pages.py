"""Pages of cessions and of the inclusive ratio: who sees what, and what is posted."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests.conftest import AT
from tests.factories.cessions import START, draft, policy, reinsurer, treaty
from underwriting.models import InclusiveRatio, Treaty
from underwriting.rules.insured import InsuredBalance
from underwriting.selectors.exposure import forget_balances, register_balances
from underwriting.services.cessions import cede

pytestmark = pytest.mark.django_db
D = Decimal
PAGES = ("cessions", "exposure", "policy_lines", "treaties")


@pytest.fixture
def quota(chief_bai, chief_chen):
    return treaty(draft(), by=chief_bai, checker=chief_chen)


def ceded(*numbers):
    cede(policies=[policy(each) for each in numbers], on=START, key=str(numbers), by=None, at=AT)


@pytest.fixture
def balances():
    known = []
    register_balances("test", lambda as_of, known_at: known)
    yield known
    forget_balances("test")


def balance(number):
    return InsuredBalance(
        policy_no=number, product_code="K1", lender_code="L1", balance=D("1234567.89")
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_branch_has_no_page_of_cessions(client, stranger_gu, page):
    client.force_login(stranger_gu)
    assert client.get(reverse(f"underwriting:{page}")).status_code == 403


def test_the_register_shows_the_lines_of_the_day_that_is_asked(client, chief_chen, quota):
    ceded("P1")
    client.force_login(chief_chen)
    text = client.get(reverse("underwriting:cessions"), {"as_of": "2026-06-30"}).content.decode()
    assert "25.0000%" in text
    assert "Q26" in text
    address = reverse("underwriting:cessions")
    for words in ({"as_of": "2026-02-28"}, {"as_of": "2026-06-30", "product": "K9"}):
        assert "25.0000%" not in client.get(address, words).content.decode()
    before = {"as_of": "2026-06-30", "known_on": "2026-03-01"}
    assert "25.0000%" not in client.get(address, before).content.decode()
    lines = client.get(reverse("underwriting:policy_lines"), {"policy_no": "P1"}).content.decode()
    assert "25.0000%" in lines


def test_the_exposure_page_shows_the_sum_and_the_lines_behind(client, chief_chen, quota, balances):
    ceded("P1")
    balances.append(balance("P1"))
    client.force_login(chief_chen)
    page = client.get(reverse("underwriting:exposure"), {"as_of": "2026-06-30"})
    text = page.content.decode()
    assert "925,925.92" in text  # 1234567.89 × 0.75, HALF_UP on the page alone
    assert "Q26 25.0000%" in text


@pytest.mark.parametrize("page", ["cessions", "exposure"])
def test_one_row_and_three_cost_the_same_queries(
    client, chief_chen, quota, balances, django_assert_num_queries, page
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(chief_chen)
    counts = []
    for numbers in (("P1",), ("P2", "P3")):
        ceded(*numbers)
        balances.extend(balance(each) for each in numbers)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(f"underwriting:{page}"), {"as_of": "2026-06-30"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def form(**words):
    return {
        "code": "Q27", "name": "比例合同 2027", "kind": "quota_share", "basis": "risk_attaching",
        "valid_from": "2027-01-01", "valid_to": "2028-01-01", "product_codes": "K1，K2",
        "lender_codes": "", "fraction": "0.25", "commission_rate": "0.3",
        "shares": "华夏再保险 = 0.6\n远东再保险＝0.4\n", "reason": "续转", **words,
    }  # fmt: skip


def test_a_treaty_is_proposed_and_decided_on_its_pages(client, chief_bai, chief_chen):
    reinsurer()
    reinsurer("远东再保险")
    client.force_login(chief_bai)
    assert client.get(reverse("underwriting:treaty_proposal")).status_code == 200
    client.post(reverse("underwriting:treaty_proposal"), form())
    made = Treaty.objects.get()
    assert (made.product_codes, made.lender_codes, made.fraction) == (["K1", "K2"], [], D("0.25"))
    assert sorted(each.share for each in made.shares.all()) == [D("0.4"), D("0.6")]
    address = reverse("underwriting:treaty_decision", args=[made.pk])
    assert client.post(address, {"decision": "approve"}).status_code == 403
    client.force_login(chief_chen)
    assert (
        'name="decision"'
        in client.get(reverse("underwriting:treaty", args=[made.pk])).content.decode()
    )
    assert client.post(address, {"decision": "refuse", "remark": ""}).status_code == 422
    assert client.post(address, {"decision": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "approved"
    assert client.get(reverse("underwriting:treaties")).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        {"shares": "无名再保险 = 1"},
        {"shares": "华夏再保险 = 一半"},
        {"shares": "华夏再保险 = 0.9"},
        {"fraction": "", "retention": "5"},
        {"valid_to": "2026-01-01"},
    ],
)
def test_what_is_wrong_with_a_proposal_is_said(client, chief_bai, words):
    reinsurer()
    client.force_login(chief_bai)
    page = client.post(reverse("underwriting:treaty_proposal"), form(**words))
    assert page.status_code == 422
    assert not Treaty.objects.exists()


def test_a_reinsurer_is_entered_on_its_page(client, chief_bai):
    client.force_login(chief_bai)
    address = reverse("underwriting:reinsurer_entry")
    words = {"name": "甲再", "registration_no": "R1", "rating": "A", "valid_from": "2020-01-01"}
    assert client.post(address, words).status_code == 302
    assert client.post(address, words).status_code == 422
    assert "甲再" in client.get(address).content.decode()


def test_frozen_quarters_are_shown_and_restated_with_a_reason(
    client, manager_lin, chief_chen, no_source
):
    from tests.integration.underwriting.test_inclusive import Q4, book
    from underwriting.selectors.inclusive import register_insured_loans
    from underwriting.services.inclusive import freeze_inclusive_ratio

    freeze_inclusive_ratio(quarter=Q4, by=None, at=AT, books=[book("1", "2")])
    client.force_login(chief_chen)
    text = client.get(reverse("underwriting:inclusive")).content.decode()
    assert "33.33%" in text
    address = reverse("underwriting:inclusive_restatement")
    assert client.post(address, {"quarter": "2025-11-01"}).status_code == 403
    client.force_login(manager_lin)
    assert client.post(address, {"quarter": "2025-11-01"}).status_code == 422
    register_insured_loans("test", lambda as_of: book("1", "3"))
    again = {"quarter": "2025-11-01", "reason": "补报文件"}
    assert client.post(address, again).status_code == 302
    assert InclusiveRatio.objects.get(version=2).ratio == D("0.25")
    assert "25.00%" in client.get(reverse("underwriting:inclusive")).content.decode()
