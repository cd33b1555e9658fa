"""Loans for the tests of schedules: words of a contract in, a schedule out."""

import datetime as dt
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from products.selectors import Convention, DayCount, Method, Rounding, Terms, repayment_schedule

FEW = settings(deadline=None, max_examples=100)
REGULAR = [Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_FIRST, Method.FLAT]


def terms(principal="100000", rate="0.06", periods=12, start="2024-01-15", **words):
    convention = Convention(**words.pop("convention", {}))
    first_due = words.pop("first_due", None)
    return Terms(
        principal=Decimal(principal),
        annual_rate=Decimal(rate),
        periods=periods,
        start=dt.date.fromisoformat(start),
        first_due=first_due and dt.date.fromisoformat(first_due),
        convention=convention,
        **words,
    )


def loan(*args, **words):
    return repayment_schedule(terms(*args, **words))


def day(text):
    return dt.date.fromisoformat(text)


def figures(schedule, *names):
    return [tuple(str(getattr(row, name)) for name in names) for row in schedule.rows]


@st.composite
def any_terms(draw, methods=tuple(REGULAR)):
    unit = draw(st.sampled_from([Decimal("0.01"), Decimal(1)]))
    start = draw(st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)))
    method = draw(st.sampled_from(methods))
    return Terms(
        principal=Decimal(draw(st.integers(1_000_00, 5_000_000_00))) / 100,
        annual_rate=Decimal(draw(st.integers(0, 36_00))) / 10_000,
        periods=draw(st.integers(1, 60)),
        start=start,
        first_due=draw(st.none() | st.integers(1, 45).map(lambda n: start + dt.timedelta(days=n))),
        method=method,
        convention=Convention(
            day_count=draw(st.sampled_from(list(DayCount))),
            rounding=draw(st.sampled_from([Rounding.UP, Rounding.HALF_UP])),
            unit=unit,
            interest_unit=unit,
        ),
    )
