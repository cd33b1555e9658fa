"""The worked tables of docs/algorithms/schedules.md, computed again by the rules of products."""

from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from products.selectors import (
    DayCount,
    Effect,
    LevelBy,
    Method,
    PremiumMode,
    RatePer,
    SumInsuredBasis,
    all_in_cost_monthly,
    change_rate,
    defer,
    extend,
    postpone,
    premium_parts,
    prepay,
    repayment_schedule,
    year_fraction,
)
from tests.unit.docs.test_worked_tables import UNDEFINED, tables
from tests.unit.products.loans import day, figures, loan, terms

AMOUNTS = ("principal", "interest", "instalment", "balance")
FOUR_MONTHS = terms("12000", "0.06", 4, start="2024-01-31")
CHANGED_ON = day("2024-03-15")


def test_days_as_a_part_of_a_year():
    for row in tables()["daycounts"]:
        got = [str(year_fraction(day(row["from"]), day(row["to"]), each)) for each in DayCount]
        stated = [row[each.value] for each in DayCount]
        assert [as_stated(one, other) for one, other in zip(got, stated, strict=True)] == stated, (
            row
        )


def as_stated(got: str, stated: str) -> str:
    """Bring a reduced fraction to the denominator of the page."""
    if "/" not in got or "/" not in stated:
        return got
    top, bottom = map(int, got.split("/"))
    whole = int(stated.split("/")[1])
    return f"{top * whole // bottom}/{whole}"


def test_due_dates():
    for row in tables()["dues"]:
        first_due = None if row["first due"] == UNDEFINED else row["first due"]
        schedule = loan(periods=4, start=row["start"], first_due=first_due)
        assert [str(each.due_on) for each in schedule.rows] == row["due"].split(), row


def test_every_method():
    seen = set()
    for name, rows in groupby(tables()["methods"], key=lambda row: row["method"]):
        method = Method(name)
        seen.add(method)
        instalment = Decimal(4000) if method == Method.FIXED_INSTALMENT else None
        ours = repayment_schedule(replace(FOUR_MONTHS, method=method, instalment=instalment))
        stated = [(row["n"], *(row[each] for each in AMOUNTS)) for row in rows]
        assert figures(ours, "n", *AMOUNTS) == stated
    assert seen == set(Method) - {Method.IRREGULAR}


def test_a_broken_first_period():
    for name, rows in groupby(tables()["broken"], key=lambda row: row["level by"]):
        by_days = {"day_count": DayCount.ACTUAL_365, "level_by": LevelBy(name)}
        ours = loan(
            "12000", "0.06", 4, start="2024-01-31", first_due="2024-03-10", convention=by_days
        )
        stated = [(row["due on"], *(row[each] for each in AMOUNTS)) for row in rows]
        assert figures(ours, "due_on", *AMOUNTS) == stated


def changed(name: str):
    schedule = loan("12000", "0.06", 6)
    kind, _, word = name.replace(",", "").partition(" ")
    if kind == "prepay":
        return prepay(schedule, on=CHANGED_ON, amount=Decimal(3000), effect=Effect(word))
    if kind == "rate":
        return change_rate(schedule, on=CHANGED_ON, annual_rate=Decimal(word))
    act = {"extend": extend, "defer": defer, "postpone": postpone}.get(kind)
    return act(schedule, on=CHANGED_ON, periods=int(word)) if act else schedule


def test_what_a_change_does():
    for row in tables()["changes"]:
        schedule = changed(row["change"])
        *_, before, last = schedule.rows
        assert [
            str(len(schedule.rows)),
            str(before.instalment),
            str(last.instalment),
            str(last.due_on),
            str(schedule.interest),
        ] == [row[each] for each in ("rows", "instalment", "last", "last due", "interest")], row


def test_premiums():
    schedule = repayment_schedule(replace(FOUR_MONTHS, method=Method.EQUAL_PRINCIPAL))
    for row in tables()["premiums"]:
        parts = premium_parts(
            schedule,
            mode=PremiumMode(row["mode"]),
            basis=SumInsuredBasis(row["basis"]),
            rate=Decimal(row["rate"]),
            rate_per=RatePer(row["per"]),
        )
        assert [str(part.amount) for part in parts] == row["parts"].split(), row


def flows(text: str) -> dict[int, Decimal]:
    found = {}
    for part in text.split():
        months, _, amount = part.partition(":")
        first, _, last = months.partition("-")
        found |= dict.fromkeys(range(int(first), int(last or first) + 1), Decimal(amount))
    return found


def test_the_all_in_rate():
    for row in tables()["cost"]:
        cost = all_in_cost_monthly(flows(row["flows"]))
        stated = [
            UNDEFINED if each is None else f"{each:.4f}" for each in (cost.nominal, cost.effective)
        ]
        assert stated == [row["nominal"], row["effective"]], row
        assert (cost.reason or "") == row["reason"], row
