"""Schedules of Apache Fineract's end-to-end scenarios (Apache-2.0, @4198b0b), row by row.

Compared are date, principal, interest and balance of every row of every schedule in a scenario;
what is paid on it, and charges on top of it, are another matter. A scenario that is not ours stands
below with its reason, and is held to be different: none is lost, and none hides behind the list.
"""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import RuleBroken
from products.selectors import change_rate, defer, draw, extend, postpone, repayment_schedule
from tests.outside.fineract import day, ours, scenarios, tables, terms_of, theirs

SCENARIOS = scenarios()
NO_EVENT = "the file does not say what was rescheduled; see the tests of events below"
CHARGEBACK = "a charge-back adds principal to one row"
STRETCHED = "a charge after maturity moves the only due date"
EARLY = (
    "money before the due date counts as the row's principal; interest is still due with the row"
)
LATE = "arrears bear interest of their own: servicing, not a schedule"
AHEAD = "an early payment lets later instalments fall out instead of reducing them"
PAID_OFF = "early payment of everything is spread over the rows that it spares"
CENTS = "the same product rounds an instalment to whole units elsewhere in the file"
APPROVED = "the instalment comes from the approved amount, of which parts are paid out later"
ONE_DAY = "two payments on one day are printed before the down payments of both"
SPREAD = "a second payment adds the same to each row of the first term; the last takes the rest"
REVERTED = "a payment is reverted, which the file does not say"
AGED = "re-ageing: arrears move to dates and numbers of rows that the file does not say"
AMORTISED = "re-amortisation of arrears: servicing, and the file does not say when"

NOT_OURS = {
    "Loan: As an admin I would like to do a chargeback for Payout Refund": CHARGEBACK,
    "Loan: As an admin I would like to do a chargeback for Merchant Issued Refund": CHARGEBACK,
    "Loan: As an admin I would like to do two merchant issued refund and charge adjustment"
    " to close the loan": STRETCHED,
    "Loan: As an admin I would like to verify that reverse-replay works with advanced"
    " payment allocation(UC24)": CHARGEBACK,
    "Loan: Verify that multiple disbursement amount only distributed only to future"
    " installments (2nd and 3rd installments)": ONE_DAY,
    "Loan: Early pay-off loan with interest, TILL_REST_FREQUENCY_DATE product": PAID_OFF,
    "Loan: Interest recalculation - S3 1 paid, 1 overdue": LATE,
    "LoanRepayment: RP01 - Repayment Schedule with interest type: Declining Balance and"
    " Interest Recalculation with Interest compounding": LATE,
    "LoanRepayment: RP09 - Repayment Schedule with interest type: Declining Balance and"
    " Interest Recalculation with early excess payment": EARLY,
    "LoanRepayment: RP10 - Repayment Schedule with interest type: Declining Balance and"
    " Interest Recalculation with late excess payment": LATE,
    "LoanRepayment: Verify that the accounting treatment is correct for Goodwill Credit"
    " transaction after Charge-off": CENTS,
    "LoanRepayment: RP13 - Repayment Schedule with interest type: Declining Balance -"
    " Prepayment - Reschedule next repayments": AHEAD,
    "LoanRepayment: RP14 - Repayment Schedule with interest type: Declining Balance -"
    " Interest Recalculation Frequency: Same as Repayment Period - Partial payment": LATE,
    "LoanRepayment: RP16 - Repayment Schedule with interest type: Declining Balance -"
    " Interest Recalculation Frequency: Same as Repayment Period - Multi-disbursement": APPROVED,
    "LoanReschedule: Verify that loan is rescheduled properly in case of: multiple"
    " installments, extending repayment schedule": NO_EVENT,
    "LoanReschedule: Verify that loan is rescheduled properly in case of: multiple"
    " installments, mid-term grace period on principal": NO_EVENT,
    "LoanReschedule: Verify that loan is rescheduled properly in case of: multiple"
    " installments, new interest rate": NO_EVENT,
    "LoanReschedule: Verify that reschedule: add extra terms working properly with auto"
    " downpayment and 2nd disbursement before reschedule": NO_EVENT,
    "LoanReschedule: Verify that reschedule: add extra terms working properly with auto"
    " downpayment and 2nd disbursement after reschedule and first installment": NO_EVENT,
    "LoanReschedule: Verify that Payment Holiday (Reschedule with adjustedDueDate) works"
    " properly in case of loan schedule adjusted by 2 installment period after successful"
    " downpayment": NO_EVENT,
    "LoanReschedule: Verify that Payment Holiday (Reschedule with adjustedDueDate) works"
    " properly in case of loan schedule adjusted by 1 installment period after downpayment"
    " was reverted, fee added and downpayment paid by autopayment": NO_EVENT,
    "LoanReschedule: Verify that Payment Holiday (Reschedule with adjustedDueDate) works"
    " properly in case of auto downpayment and 2nd disbursement before reschedule": NO_EVENT,
    "LoanDownPayment: Downpayment creation date - auto enabled": NO_EVENT,
    "LoanDownPayment: Downpayment creation date - auto disabled": NO_EVENT,
    "LoanDownPayment: Double disbursement after installment overdue - auto enabled": SPREAD,
    "LoanDownPayment: Double disbursement after installment overdue - auto disabled": SPREAD,
    "LoanDownPayment: Double disbursement after installment 2 - auto disabled": SPREAD,
    "LoanDownPayment: Verify that with multiple disbursement when last disbursement is"
    " reverted, downpayment will be reverted too - autopayment disabled": REVERTED,
    "LoanDownPayment: Multiple disbursements on same day - auto enabled": ONE_DAY,
    "LoanDownPayment: Multiple disbursements on same day - auto disabled": ONE_DAY,
    "LoanChargeOff: As a user I want to repay a loan which was charged-off": CENTS,
    "LoanChargeOff: As a user I want to do a charge-off undo before any other transactions"
    " on the loan": CENTS,
    "LoanReAging: Verify that Loan re-aging transaction happy path works properly": AGED,
    "LoanReAging: Verify that Loan re-aging transaction made by Loan external ID happy"
    " path works properly": AGED,
    "LoanReAging: Verify that Loan re-aging transaction undo works properly": AGED,
    "LoanReAging: Verify that Loan re-aging transaction works properly when chargeback"
    " happens after re-aging": AGED,
    "LoanReAging: Verify that Loan re-aging transaction - chargeback after maturity date"
    " and prior to re-aging with charge N+1 installment": AGED,
    "LoanReAmortization: Verify Loan re-amortization transaction - re-amortization happy"
    " path with loan externalId": AMORTISED,
    "LoanReAmortization: Verify Loan re-amortization transaction - UC1: re-amortization"
    " after charge applied on loan": AMORTISED,
    "LoanReAmortization: Verify Loan re-amortization transaction - UC2: complete past due"
    " principal amount reamortization scenario": AMORTISED,
    "LoanReAmortization: Verify Loan re-amortization transaction - UC3: reverse replay"
    " scenario": AMORTISED,
    "LoanReAmortization: Verify Loan re-amortization transaction - UC4: N+1 Installment"
    " scenario": AMORTISED,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - set(NOT_OURS)))
def test_every_schedule_of_the_scenario_is_ours_row_by_row(name):
    stated = list(tables(SCENARIOS[name]))
    assert stated
    for table, schedule in stated:
        assert ours(schedule) == theirs(table)


@pytest.mark.parametrize("name", sorted(NOT_OURS))
def test_a_scenario_that_is_not_ours_does_differ(name):
    try:
        same = [ours(schedule) == theirs(table) for table, schedule in tables(SCENARIOS[name])]
    except RuleBroken:
        same = [False]
    assert not all(same), "take it off the list"


def test_every_scenario_of_the_file_is_ours_or_listed():
    assert len(SCENARIOS) == 126
    assert set(NOT_OURS) - set(SCENARIOS) == set()
    assert len(set(SCENARIOS) - set(NOT_OURS)) == 84


HOLIDAY = (
    "LoanReschedule: Verify that Payment Holiday (Reschedule with adjustedDueDate) works properly"
    " in"
)
RESCHEDULED = (
    "LoanReschedule: Verify that loan is rescheduled properly in case of: multiple installments,"
)
EXTRA_TERMS = "LoanReschedule: Verify that reschedule: add extra terms working properly"
LATER = {
    "amount": Decimal(400),
    "down_payment": Decimal(100),
}
# What happened, read from the scenario's name and its second table.
EVENTS = {
    f"{RESCHEDULED} extending repayment schedule": [
        lambda it: extend(it, on=dt.date(2023, 8, 1), periods=2)
    ],
    f"{RESCHEDULED} mid-term grace period on principal": [
        lambda it: defer(it, on=dt.date(2023, 8, 1), periods=1)
    ],
    f"{RESCHEDULED} new interest rate": [
        lambda it: change_rate(it, on=dt.date(2023, 8, 1), annual_rate=Decimal("0.06"))
    ],
    f"{EXTRA_TERMS} with auto downpayment and 2nd disbursement before reschedule": [
        lambda it: draw(it, on=dt.date(2023, 10, 10), **LATER),
        lambda it: extend(it, on=dt.date(2023, 10, 10), periods=2),
    ],
    f"{EXTRA_TERMS} with auto downpayment and 2nd disbursement after reschedule and first"
    " installment": [
        lambda it: extend(it, on=dt.date(2023, 10, 1), periods=2),
        lambda it: draw(it, on=dt.date(2023, 10, 20), **LATER),
    ],
    f"{HOLIDAY} case of loan schedule adjusted by 2 installment period after successful"
    " downpayment": [lambda it: postpone(it, on=dt.date(2023, 10, 1), periods=2)],
    f"{HOLIDAY} case of loan schedule adjusted by 1 installment period after downpayment was"
    " reverted, fee added and downpayment paid by autopayment": [
        lambda it: postpone(it, on=dt.date(2023, 10, 1), periods=1)
    ],
    f"{HOLIDAY} case of auto downpayment and 2nd disbursement before reschedule": [
        lambda it: draw(it, on=dt.date(2023, 10, 10), **LATER),
        lambda it: postpone(it, on=dt.date(2023, 10, 10), periods=1),
    ],
    "LoanDownPayment: Downpayment creation date - auto enabled": [
        lambda it: postpone(it, on=dt.date(2022, 1, 10), periods=2),
        lambda it: draw(it, on=dt.date(2022, 4, 1), **LATER),
    ],
    "LoanDownPayment: Downpayment creation date - auto disabled": [
        lambda it: postpone(it, on=dt.date(2022, 1, 10), periods=2),
        lambda it: draw(it, on=dt.date(2022, 4, 1), **LATER),
    ],
}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_with_the_event_that_the_file_leaves_out_the_last_schedule_is_ours(name):
    case = SCENARIOS[name]
    *_, (table, _) = tables(case)
    start = table[0]
    terms = terms_of(case["loan"], day(start["Date"]), Decimal(start["Balance of loan"]))
    schedule = repayment_schedule(terms)
    for change in EVENTS[name]:
        schedule = change(schedule)
    assert ours(schedule) == theirs(table)


def test_each_rescheduling_without_its_event_has_one_here():
    assert set(EVENTS) == {name for name, reason in NOT_OURS.items() if reason == NO_EVENT}
