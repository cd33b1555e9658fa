"""How a scenario of Fineract is read as terms and changes of ours. Reads; judges nothing.

A product's name says its conventions: an instalment is rounded to whole units, in progressive
products (those with advanced allocation and a schedule or interest of their own) to cents; a flat
interest gathers its remainder in the last row; DAILY interest counts days over 365 and takes the
instalment from the first period; DOWNPAYMENT asks for a quarter at the start. Everything is rounded
half to even. (`graceOnInterestPayment` moves no figure of the schedules in the file.)
"""

import datetime as dt
import gzip
import json
import re
from decimal import Decimal
from pathlib import Path

from products.selectors import (
    Convention,
    DayCount,
    Effect,
    FlatRemainder,
    Frequency,
    LevelBy,
    Method,
    Rounding,
    RowKind,
    Step,
    Terms,
    draw,
    prepay,
    repayment_schedule,
)

FILE = Path(__file__).parent / "data" / "schedules" / "fineract.json.gz"
COLUMNS = ("Principal due", "Interest", "Balance of loan")
DOWN_PAYMENT = Decimal("0.25")
DISBURSED = re.compile(r'disburse the loan on "([^"]+)" with "([^"]+)"')
EXPECTED = re.compile(r'with "([^"]+)" amount and expected disbursement date on "([^"]+)"')
REPAID = re.compile(r'repayment on "([^"]+)" with ([\d.]+) ')
SCHEDULE = "Loan Repayment schedule has"


def scenarios():
    """Return the scenarios by name; a name that stands twice is numbered."""
    found = {}
    for case in json.loads(gzip.decompress(FILE.read_bytes())):
        name = f"{case['feature']}: {case['scenario'].removeprefix('Scenario: ')}"
        again = sum(each.split(" #")[0] == name for each in found)
        found[f"{name} #{again + 1}" if again else name] = case
    return found


def day(text):
    return dt.datetime.strptime(text, "%d %B %Y").replace(tzinfo=dt.UTC).date()


def is_progressive(product):
    return "PROGRESSIVE" in product or "ADV_PYMNT_INTEREST" in product


def convention_of(loan):
    """Return the convention that the product's name and the loan's settings stand for."""
    product = loan["LoanProduct"]
    is_daily = loan["interest calculation period"] == "DAILY" and "360_30" not in product
    return Convention(
        day_count=DayCount.ACTUAL_365 if is_daily else DayCount.THIRTY_360,
        rounding=Rounding.HALF_EVEN,
        unit=Decimal("0.01") if is_progressive(product) else Decimal(1),
        interest_rounding=Rounding.HALF_EVEN,
        level_by=LevelBy.PERIODS if is_progressive(product) else LevelBy.FIRST,
        flat_remainder=FlatRemainder.LAST,
    )


def terms_of(loan, start, principal):
    """Return the terms of a loan that was paid out."""
    per = Step.DAY if loan["repaymentFrequencyType"] == "DAYS" else Step.MONTH
    down = principal * DOWN_PAYMENT if "DOWNPAYMENT" in loan["LoanProduct"] else Decimal(0)
    return Terms(
        principal=principal,
        annual_rate=Decimal(loan["ANNUAL interest rate %"]) / 100,
        periods=int(loan["numberOfRepayments"]),
        start=start,
        method=Method.FLAT if loan["interest type"] == "FLAT" else Method.EQUAL_INSTALMENT,
        frequency=Frequency(int(loan["repaymentEvery"]), per),
        interest_only=int(loan["graceOnPrincipalPayment"]),
        down_payment=down,
        convention=convention_of(loan),
    )


def after_payment(schedule, on, amount):
    """Take what is paid on a due date beyond the instalment as early payment, reducing the rest."""
    due = sum(row.instalment for row in schedule.rows if row.due_on == on)
    if not due or amount <= due:
        return schedule
    return prepay(schedule, on=on, amount=amount - due, effect=Effect.REDUCE_INSTALMENT)


def tables(case):
    """Yield (their rows, our schedule) for each schedule that a scenario states."""
    loan = case["loan"]
    start, principal = day(loan["submitted on date"]), Decimal(loan["with Principal"])
    schedule, is_open = repayment_schedule(terms_of(loan, start, principal)), False
    for step in case["steps"]:
        if paid_out := DISBURSED.search(step["step"]):
            on, amount = day(paid_out[1]), Decimal(paid_out[2])
            terms = terms_of(loan, on, amount)
            if is_open:
                schedule = draw(
                    schedule,
                    on=on,
                    amount=amount,
                    down_payment=terms.down_payment,
                    ahead_of_due=loan["Payment strategy"] != "ADVANCED_PAYMENT_ALLOCATION",
                )
            else:
                schedule, is_open = repayment_schedule(terms), True
        elif expected := EXPECTED.search(step["step"]):
            terms = terms_of(loan, day(expected[2]), Decimal(expected[1]))
            schedule = repayment_schedule(terms)
        elif "RECALCULATION" in loan["LoanProduct"] and (paid := REPAID.search(step["step"])):
            schedule = after_payment(schedule, day(paid[1]), Decimal(paid[2]))
        elif step["step"].startswith(SCHEDULE) and "periods" in step["step"]:
            yield step["table"], schedule


def theirs(table):
    """Return date, principal, interest and balance of their rows, without a row of charges alone.

    A charge after the last instalment has a row of its own, with neither principal nor interest.
    """
    rows = [
        (day(row["Date"]), *(Decimal(row[name]) for name in COLUMNS))
        for row in table
        if row["Nr"]
    ]  # fmt: skip
    has_charges = [row for row in table if row["Nr"]][-1]
    if rows[-1][1:3] == (0, 0) and has_charges["Due"] != "0.0":
        rows.pop()
    return rows


def ours(schedule):
    """Return date, principal, interest and balance of our rows, those of one day together."""
    days = {}
    for row in schedule.rows:
        key = (row.due_on, row.kind == RowKind.DOWN_PAYMENT and row.n)
        _, principal, interest, _ = days.get(key, (None, Decimal(0), Decimal(0), None))
        if row.kind == RowKind.DRAWDOWN:
            continue
        days[key] = (row.due_on, principal + row.principal, interest + row.interest, row.balance)
    return list(days.values())
