"""Retained exposure of any day, with the lines that make it; shares that the month-end reads."""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import RuleBroken
from partners.models import Lender
from products.services import enter_product
from tests.conftest import AT
from tests.factories.cessions import END, START, draft, policy, surplus, treaty
from underwriting.models import CessionLine, ShareLine
from underwriting.rules.insured import InsuredBalance
from underwriting.selectors.exposure import (
    forget_balances,
    register_balances,
    retained_exposure,
)
from underwriting.services.cession_lines import correct_cession
from underwriting.services.cessions import cede
from underwriting.services.coinsurance import set_coinsurance
from underwriting.services.treaty_shares import apply_treaties

pytestmark = pytest.mark.django_db
D = Decimal
DAY = dt.date(2026, 6, 30)


def balance(yuan, policy_no="P1", **words):
    return InsuredBalance(
        **{
            "policy_no": policy_no,
            "product_code": "K1",
            "lender_code": "L1",
            "balance": D(yuan),
            **words,
        }
    )


def co_insure(own, *, by, **words):
    return set_coinsurance(
        **{
            "role": "leader", "own_share": D(own), "partners": {"乙财险": 1 - D(own)},
            "agreement_no": "共保 1", "lender_code": "L1", "valid_from": dt.date(2026, 1, 1),
            "reason": "共保协议", "by": by, "at": AT, **words,
        }
    )  # fmt: skip


def test_F13_ten_million_sixty_percent_own_a_quarter_ceded_is_four_and_a_half(
    chief_bai, chief_chen
):
    said = co_insure("0.6", by=chief_bai)
    treaty(draft(), by=chief_bai, checker=chief_chen)
    cede(policies=[policy()], on=START, key="k", by=None, at=AT)
    book = retained_exposure(as_of=DAY, balances=[balance("10000000")])
    assert book.retained == D("4500000")
    [row] = book.rows
    assert (row.own_share, row.ceded_share, row.coinsurance) == (D("0.6"), D("0.25"), said)
    assert [(line.code, line.share) for line in row.lines] == [("Q26", D("0.25"))]


def test_a_follower_bears_its_own_share_alone(chief_bai):
    co_insure(
        "0.15", by=chief_bai, role="follower", agreement_no="", lender_code="", policy_no="P1"
    )
    assert retained_exposure(as_of=DAY, balances=[balance(100)]).retained == 15


def test_without_a_line_all_of_it_is_ours(db):
    assert retained_exposure(as_of=DAY, balances=[balance(100)]).retained == 100
    assert retained_exposure(as_of=DAY, balances=[]).retained == 0


def test_a_past_day_is_told_as_it_was_known_and_as_it_is_known_now(chief_bai, chief_chen):
    treaty(draft(), by=chief_bai, checker=chief_chen)
    cede(policies=[policy()], on=START, key="k", by=None, at=AT)
    later = AT + dt.timedelta(days=200)
    correct_cession(
        line=CessionLine.objects.get(), share=D("0.1"), valid_from=START, reason="更正",
        by=chief_bai, at=later,
    )  # fmt: skip
    co_insure("0.5", by=chief_bai, at=later)
    told = {
        known_at: retained_exposure(as_of=DAY, known_at=known_at, balances=[balance(1000)]).retained
        for known_at in (AT - dt.timedelta(days=1), AT, later, None)
    }
    assert list(told.values()) == [1000, 750, 450, 450]


def test_before_and_after_the_cover_nothing_is_ceded(chief_bai, chief_chen):
    treaty(draft(), by=chief_bai, checker=chief_chen)
    cede(policies=[policy()], on=START, key="k", by=None, at=AT)
    days = (START - dt.timedelta(days=1), START, END - dt.timedelta(days=1), END)
    found = [retained_exposure(as_of=day, balances=[balance(100)]).retained for day in days]
    assert found == [100, 75, 75, 100]


def test_sources_answer_for_a_day_and_the_register_is_narrowed(chief_bai, chief_chen):
    treaty(draft(product_codes=("K1",)), by=chief_bai, checker=chief_chen)
    cede(policies=[policy()], on=START, key="k", by=None, at=AT)
    asked = []

    def source(as_of, known_at):
        asked.append((as_of, known_at))
        return [balance(100), balance(40, "P2", product_code="K2")]

    register_balances("test", source)
    try:
        assert retained_exposure(as_of=DAY).retained == D(115)
        assert retained_exposure(as_of=DAY, treaty="Q26").retained == D(75)
        assert retained_exposure(as_of=DAY, product="K2").retained == D(40)
        assert retained_exposure(as_of=DAY, policy_no="P1", known_at=AT).retained == D(75)
    finally:
        forget_balances("test")
    assert asked == [(DAY, None)] * 3 + [(DAY, AT)]


# the shares of the month-end


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    from tests.factories.portfolio_book import closed_book

    closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    return Lender.objects.get()


def shares(lender, name):
    found = ShareLine.objects.filter(lender=lender, product__name=name).order_by("valid_from")
    return list(found.values_list("valid_from", "valid_to", "own_share", "ceded_share"))


@pytest.fixture
def mapped(book):
    from underwriting.models import NameMapping
    from underwriting.services.names import confirm_name

    mapping = NameMapping.objects.filter(lender=book, book_name__kind="product").first()
    name = mapping.book_name.name
    confirm_name(
        mapping=mapping, place=enter_product(name=name, valid_from=dt.date(2015, 1, 1)),
        valid_from=dt.date(2015, 1, 1), by=None, at=AT,
    )  # fmt: skip
    return name


def yearly(year, fraction, **words):
    return draft(
        f"Q{year}", valid_from=dt.date(year, 1, 1), valid_to=dt.date(year + 1, 1, 1),
        fraction=D(fraction), basis="losses_occurring", **words,
    )  # fmt: skip


def test_treaties_and_agreements_become_the_shares_of_the_month_end(
    book, mapped, chief_bai, chief_chen
):
    for year, fraction in ((2017, "0.25"), (2018, "0.25"), (2019, "0.2")):
        treaty(yearly(year, fraction), by=chief_bai, checker=chief_chen)
    co_insure("0.8", by=chief_bai, lender_code=book.code, valid_from=dt.date(2018, 1, 1))
    assert apply_treaties(lender=book, by=chief_bai, at=AT) == 4
    day = [dt.date(year, 1, 1) for year in range(2017, 2021)]
    assert shares(book, mapped) == [
        (day[0], day[1], D(1), D("0.25")),
        (day[1], day[2], D("0.8"), D("0.25")),
        (day[2], day[3], D("0.8"), D("0.2")),
        (day[3], None, D("0.8"), D(0)),
    ]
    assert apply_treaties(lender=book, by=chief_bai, at=AT) == 0


def test_what_depends_on_the_single_loan_is_refused_for_the_month_end(
    book, mapped, chief_bai, chief_chen
):
    basis = {"basis": "losses_occurring"}
    treaty(surplus("BIG", retention=D(10**9), **basis), by=chief_bai, checker=chief_chen)
    treaty(draft("RA"), by=chief_bai, checker=chief_chen)
    treaty(surplus("SMALL", retention=D("0.01"), **basis), by=chief_bai, checker=chief_chen)
    with pytest.raises(RuleBroken) as refusal:
        apply_treaties(lender=book, by=chief_bai, at=AT)
    assert refusal.value.code == "shares_of_single_loans"
    assert "RA" in refusal.value.message
    assert "SMALL" in refusal.value.message
    assert "BIG" not in refusal.value.message
    assert not ShareLine.objects.exists()
