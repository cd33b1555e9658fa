"""The end of a year: its result is carried forward, and every figure stays what it was."""

import datetime as dt

import pytest

from ledger.models import Entry, EntryLine
from ledger.selectors import ledger_figures, trial_balance
from ledger.services import close_period, prepare_closing
from tests.factories.book import AT, part, posted

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY = dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1)


def close(month, finance_sun, chief_chen):
    prepare_closing(month=month, by=finance_sun, at=AT)
    close_period(month=month, by=chief_chen, at=AT)


@pytest.fixture
def year(finance_sun, chief_chen):
    """Premium 100 in November and 50 in December, a claim of 30."""
    posted("policy_issued", part(premium=100), on=NOVEMBER)
    posted("policy_issued", part(premium=50), on=DECEMBER)
    posted("claim_approved", part(amount=30), on=DECEMBER)
    close(NOVEMBER, finance_sun, chief_chen)
    before = ledger_figures(months=[NOVEMBER, DECEMBER])
    close(DECEMBER, finance_sun, chief_chen)
    return before


def test_a_december_carries_its_result_to_retained_earnings(year):
    standing = {line.account_id: line.closing for line in trial_balance(month=DECEMBER)}
    assert {code: standing[code] for code in ("603101", "651101", "4103", "4104")} == {
        "603101": 0, "651101": 0, "4103": 0, "4104": -120,
    }  # fmt: skip
    assert standing["112201"] == 150
    steps = Entry.objects.filter(event="year_closed").order_by("pk")
    assert [each.total for each in steps] == [150, 120]


def test_F1_and_its_lines_do_not_see_what_is_carried_forward(year):
    assert ledger_figures(months=[NOVEMBER, DECEMBER]) == year


def test_a_new_year_begins_at_zero(year):
    posted("policy_issued", part(premium=7), on=JANUARY)
    income = next(line for line in trial_balance(month=JANUARY) if line.account_id == "603101")
    assert (income.opening, income.credit) == (0, 7)


def test_other_months_carry_nothing(finance_sun, chief_chen):
    posted("policy_issued", part(premium=100), on=NOVEMBER)
    close(NOVEMBER, finance_sun, chief_chen)
    assert not EntryLine.objects.filter(account="4103").exists()


def test_a_year_that_loses_is_carried_forward_too(finance_sun, chief_chen):
    posted("claim_approved", part(amount=30), on=DECEMBER)
    close(DECEMBER, finance_sun, chief_chen)
    standing = {line.account_id: line.closing for line in trial_balance(month=DECEMBER)}
    assert (standing["651101"], standing["4104"]) == (0, 30)
