"""Loans taken on as policies: their balances from frozen month-ends, for cessions and F12."""

import datetime as dt
from decimal import Decimal

import pytest

from core.models import RegulatoryParameter
from partners.models import Lender
from postloss.models import MonthEnd, Snapshot
from postloss.selectors.insured import balances_of_ceded_loans, insured_loans_at
from tests.conftest import AT
from tests.factories.cessions import draft, policy, treaty
from tests.factories.portfolio_book import closed_book
from underwriting.models import InclusiveRatio, Loan, SizeClassification
from underwriting.selectors import retained_exposure
from underwriting.services import cede, freeze_inclusive_ratio

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def row(tmp_path, beijing, shanghai):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    return MonthEnd.objects.order_by("-month", "-version").first()


def last_day(row):
    return (row.month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def with_balance(row):
    return Snapshot.objects.filter(month_end=row, bucket__lte=4, balance_fen__gt=0)


def test_a_ceded_loan_has_the_balance_of_the_last_month_end_as_then_known(
    row, chief_bai, chief_chen
):
    lender = Lender.objects.get()
    held = with_balance(row).order_by("loan_id").first()
    loan = Loan.objects.get(pk=held.loan_id)
    treaty(
        draft(valid_from=dt.date(2015, 1, 1), basis="losses_occurring"),
        by=chief_bai,
        checker=chief_chen,
    )
    ceded = policy(
        f"{lender.code}/{loan.loan_no}",
        lender_code=lender.code,
        sum_insured=str(loan.principal),
        premium="0",
        cover_from=loan.disbursed_on,
        cover_to=dt.date(2030, 1, 1),
    )
    cede(policies=[ceded], on=loan.disbursed_on, key="k", by=None, at=AT)
    balance = D(held.balance_fen) / 100
    day = last_day(row)
    [found] = balances_of_ceded_loans(day)
    assert (found.policy_no, found.balance) == (ceded.policy_no, balance)
    assert [each.balance for each in balances_of_ceded_loans(day + dt.timedelta(days=9))] == [
        balance
    ]
    early = row.closed_at - dt.timedelta(days=4000)
    assert list(balances_of_ceded_loans(day, early)) == []
    assert retained_exposure(as_of=day).retained == balance * D("0.75")


def test_every_loan_with_a_balance_counts_for_the_ratio_and_small_is_who_is_classified(row):
    day = last_day(row)
    held = {each.loan_id: each.balance_fen for each in with_balance(row)}
    whole = D(sum(held.values())) / 100
    loan = Loan.objects.get(pk=next(iter(held)))
    for number, size in enumerate(("large", "micro")):
        SizeClassification.objects.create(
            obligor=loan.obligor, industry="retail", worksheet={}, rule_version="300号",
            size=size, classified_on=day - dt.timedelta(days=9 - number), recorded_at=AT,
        )  # fmt: skip
    book = insured_loans_at(day)
    assert sum(each.balance for each in book.loans) == whole
    assert len(book.loans) == len(held)
    assert book.made_from == {"month_end": f"{row.month:%Y-%m} v{row.version}"}
    small = [each for each in book.loans if each.is_small]
    assert {each.obligor for each in small} == {str(loan.obligor_id)}
    assert insured_loans_at(day + dt.timedelta(days=40)) is None


def test_a_quarter_is_frozen_from_the_month_end_of_its_last_month(row):
    day = last_day(row)
    RegulatoryParameter.objects.filter(name="inclusive.obligor_amount").update(
        valid_from=dt.date(2010, 1, 1)
    )
    frozen = freeze_inclusive_ratio(
        quarter=row.month, by=None, at=AT, books=[insured_loans_at(day)]
    )
    assert frozen.insured_balance == D(sum(each.balance_fen for each in with_balance(row))) / 100
    assert frozen.unknown_balance == frozen.insured_balance
    assert frozen.ratio == 0
    assert InclusiveRatio.objects.get().made_from["sources"] == [insured_loans_at(day).made_from]
