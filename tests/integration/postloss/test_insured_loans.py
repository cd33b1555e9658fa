"""Loans taken on as policies: their balances from frozen month-ends, for cessions and F12."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from core.models import RegulatoryParameter
from partners.models import Lender
from postloss.models import MonthEnd, Snapshot
from postloss.selectors.insured import (
    balances_of_ceded_loans,
    balances_of_policies_not_told,
    insured_loans_at,
)
from tests.conftest import AT
from tests.factories.cessions import draft, policy, treaty
from tests.factories.partners import licensed
from tests.factories.portfolio_book import closed_book
from underwriting.models import InclusiveRatio, Loan, SizeClassification
from underwriting.selectors import retained_exposure
from underwriting.services import (
    UseOfLoan,
    cede,
    freeze_inclusive_ratio,
    note_business_use,
)

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


def used(loan, day):
    """A sole trader's loan, noted the day before."""
    note_business_use(
        uses=[
            UseOfLoan(
                lender=loan.lender, contract_no=loan.loan_no, obligor=loan.obligor,
                enterprise=loan.obligor, role="sole_trader", relation_proof="营业执照",
                purpose_proof="购销合同",
            )
        ],
        on=day - dt.timedelta(days=1), by=None, at=AT,
    )  # fmt: skip


def private(loan, day):
    note_business_use(
        uses=[
            UseOfLoan(
                lender=loan.lender, contract_no=loan.loan_no, obligor=loan.obligor,
                purpose_proof="购车发票：自用",
            )
        ],
        on=day, by=None, at=AT,
    )  # fmt: skip


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
    assert {each.is_small for each in insured_loans_at(day).loans} == {
        None
    }  # PRE-02d: no use known
    used(loan, day)
    book = insured_loans_at(day)
    assert sum(each.balance for each in book.loans) == whole
    assert len(book.loans) == len(held)
    assert book.made_from == {"month_end": f"{row.month:%Y-%m} v{row.version}"}
    [small] = [each for each in book.loans if each.is_small]
    assert (small.obligor, small.policy_no) == (
        str(loan.obligor_id), f"{loan.lender.code}/{loan.loan_no}",
    )  # fmt: skip
    private(loan, day)
    assert [each for each in insured_loans_at(day).loans if each.is_small is False] == [
        dataclasses.replace(small, is_small=False)
    ]
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


# policies that no file has told of yet


@pytest.fixture
def counter(request):
    from tests.integration.underwriting.conftest import _appoint, open_counter

    cast = {
        word: request.getfixturevalue(name)
        for word, name in (
            ("unit", "beijing"), ("maker", "underwriter_xu"), ("issuer", "branch_wang"),
            ("drafter", "chief_bai"), ("reviewer", "chief_chen"), ("seller", "director_zhao"),
        )
    }  # fmt: skip
    hq = request.getfixturevalue("hq")
    return open_counter(cashier=_appoint("sun", "孙敏", hq, "finance_officer"), at=AT, **cast)


def test_a_policy_counts_from_its_issue_as_its_schedule_leaves_it(counter):
    policy = counter.issue()
    rows = policy.terms.get().schedule
    principal = sum(D(row["principal"]) for row in rows)
    today = AT.date()

    def told(day, known_at=None):
        return [each.balance for each in balances_of_policies_not_told(day, known_at)]

    assert told(today) == [principal]
    assert told(today, AT - dt.timedelta(seconds=1)) == []
    assert told(today - dt.timedelta(days=400)) == []
    first = dt.date.fromisoformat(rows[0]["due_on"])
    assert told(first) == [D(rows[0]["balance"])]
    assert told(first - dt.timedelta(days=1)) == [principal]
    assert told(policy.cover_to) == []
    assert retained_exposure(as_of=today).balance == principal


def test_a_policy_is_told_whole_where_we_insure_a_share_of_the_loan(counter, chief_bai):
    from underwriting.services import set_coinsurance

    policy = counter.issue()
    principal = sum(D(row["principal"]) for row in policy.terms.get().schedule)
    set_coinsurance(
        role="leader", own_share=D("0.8"), partners={"乙": D("0.2")}, policy_no=policy.policy_no,
        valid_from=dt.date(2020, 1, 1), reason="x", by=chief_bai, at=AT,
    )  # fmt: skip
    book = retained_exposure(as_of=AT.date())
    assert (book.balance, book.retained) == (principal / D("0.8"), principal)


@pytest.mark.parametrize("loan_no", ["B6", "B7", "B8"])
def test_a_loan_that_was_told_and_is_gone_settled_or_written_off_has_no_schedule(
    row, counter, loan_no
):
    loan = Loan.objects.get(loan_no=loan_no)
    licensed(loan.lender, by=counter.drafter, checker=counter.reviewer, at=AT)
    counter.issue_for(loan)
    assert list(balances_of_policies_not_told(AT.date())) == []


def test_what_a_month_end_tells_is_not_counted_twice(row, counter):
    loan = Loan.objects.get(loan_no="B1")
    licensed(loan.lender, by=counter.drafter, checker=counter.reviewer, at=AT)
    policy = counter.issue_for(loan)
    day = last_day(row)
    before = len(insured_loans_at(day).loans)
    late = AT.date()
    assert [each.policy_no for each in balances_of_policies_not_told(late)] == []
    [told] = [each for each in balances_of_ceded_loans(late) if each.policy_no == policy.policy_no]
    assert told.balance == D(with_balance(row).get(loan_id=loan.pk).balance_fen) / 100
    assert retained_exposure(as_of=late, policy_no=policy.policy_no).balance == told.balance
    assert len(insured_loans_at(day).loans) == before
