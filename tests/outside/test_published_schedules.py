"""Schedules that textbooks, regulators and banks published; each case names its source.

The collection is that of mortgagemath 0.7.1 (MIT). Each setting of a case is read as a convention
of ours; a figure with a fee on top of the instalment is compared without the fee.
"""

import datetime as dt
import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from products.selectors import (
    Convention,
    DayCount,
    Frequency,
    LevelBy,
    Method,
    Rounding,
    Step,
    Terms,
    change_rate,
    repayment_schedule,
)

CASES = json.loads(
    (Path(__file__).parent / "data" / "schedules" / "amortisation.json").read_text("utf-8")
)
START = dt.date(2024, 1, 1)
FREQUENCIES = {
    "weekly": (Frequency(1, Step.WEEK), 52),
    "biweekly": (Frequency(2, Step.WEEK), 26),
    "semi_monthly": (Frequency(1, Step.HALF_MONTH), 24),
    "monthly": (Frequency(), 12),
    "quarterly": (Frequency(3), 4),
    "semi_annual": (Frequency(6), 2),
    "annual": (Frequency(12), 1),
}
COMPOUNDING = {"monthly": None, "annual": 1, "semi_annual": 2, "quarterly": 4, "daily": 365}
ROUNDINGS = {
    "ROUND_HALF_UP": Rounding.HALF_UP,
    "ROUND_UP": Rounding.UP,
    "ROUND_HALF_EVEN": Rounding.HALF_EVEN,
}
# What a case may say; anything else is a convention that nobody here has read.
KNOWN = {
    "principal", "annual_rate", "term_months", "amortization_period_months", "day_count",
    "payment_rounding", "interest_rounding", "balance_tracking", "compounding",
    "payment_frequency", "payment_override", "rate_schedule", "fee_per_period",
}  # fmt: skip


def schedule_of(loan):
    """Build the schedule that a case describes."""
    frequency, per_year = FREQUENCIES[loan.get("payment_frequency", "monthly")]
    periods = int(loan["term_months"]) * per_year // 12
    over = loan.get("amortization_period_months")
    fixed = loan.get("payment_override")
    terms = Terms(
        principal=Decimal(loan["principal"]),
        annual_rate=Decimal(loan["annual_rate"]) / 100,
        periods=periods,
        start=START,
        frequency=frequency,
        amortised_over=int(over) * per_year // 12 if over else None,
        method=Method.FIXED_INSTALMENT if fixed else Method.EQUAL_INSTALMENT,
        instalment=Decimal(fixed) if fixed else None,
        convention=Convention(
            day_count=DayCount(loan.get("day_count", "30/360").lower().replace("actual", "act")),
            rounding=ROUNDINGS[loan["payment_rounding"]],
            interest_rounding=ROUNDINGS[loan["interest_rounding"]],
            compounding=COMPOUNDING[loan.get("compounding", "monthly")],
            carries_fractions=loan.get("balance_tracking") == "carry_precision",
            level_by=LevelBy.NOMINAL,
        ),
    )
    schedule = repayment_schedule(terms)
    for change in loan.get("rate_schedule", []):
        schedule = change_rate(
            schedule,
            on=schedule.rows[change["effective_payment_number"] - 2].due_on,
            annual_rate=Decimal(change["new_annual_rate"]) / 100,
            keep_instalment=not change["recast"],
        )
    return schedule


def fen(text):
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_published_figure_is_ours(case):
    loan, expected = case["loan"], dict(case["expected"])
    assert set(loan) <= KNOWN
    schedule = schedule_of(loan)
    level = schedule.rows[0].instalment
    payment = expected.pop("periodic_payment", None) or expected.pop("monthly_payment")
    assert level == Decimal(payment)
    if "balloon_at_term" in expected:
        assert schedule.rows[-1].instalment - level == Decimal(expected.pop("balloon_at_term"))
    assert expected == {}
    for row in case["rows"]:
        ours = schedule.rows[int(row["payment"]) - 1]
        fee = Decimal(row.get("fee", "0"))
        assert ours.principal == fen(row["principal"]), row
        assert ours.interest == fen(row["interest"]), row
        assert ours.balance == fen(row["balance"]), row
        assert ours.instalment == fen(row["payment_amount"]) - fee, row


def test_the_collection_has_rows_enough_to_say_something():
    assert (len(CASES), sum(len(case["rows"]) for case in CASES)) == (10, 162)
