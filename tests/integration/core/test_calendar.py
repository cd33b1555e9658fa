"""The working-day calendar: seeded, maintained by two people, silent about unknown years."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from core.enums import DayKind
from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState
from core.selectors import add_working_days, is_working_day, working_days_between
from core.selectors.calendar import working_calendar
from core.services import decide_calendar, propose_calendar
from core.workdays import WorkingCalendar

DAY = dt.date(2026, 3, 4)


def propose(by, at, days, **words):
    return propose_calendar(
        title="调整", source="公司通知", reason="系统切换", days=days, by=by, at=at, **words
    )


@pytest.mark.django_db
def test_the_known_years_are_seeded():
    assert working_calendar().years == frozenset(range(2004, 2027))
    assert is_working_day(day=dt.date(2026, 10, 10))  # Saturday, made up
    assert not is_working_day(day=dt.date(2026, 10, 7))  # Wednesday of the National Day


@pytest.mark.django_db
def test_working_days_are_counted_over_a_long_holiday():
    eve = dt.date(2025, 9, 30)
    assert add_working_days(day=eve, count=1) == dt.date(2025, 10, 9)
    assert working_days_between(start=eve, end=dt.date(2025, 10, 10)) == 2


@pytest.mark.django_db
def test_a_year_that_nobody_maintains_is_refused_by_name():
    with pytest.raises(Missing, match="2027"):
        add_working_days(day=dt.date(2026, 12, 31), count=1)


def test_a_changed_day_counts_once_another_person_approved_it(officer_qian, chief_zheng, at):
    notice = propose(officer_qian, at, {DAY: (DayKind.HOLIDAY, "停业")})
    assert is_working_day(day=DAY)
    with pytest.raises(NotPermitted):
        decide_calendar(notice=notice, is_approved=True, by=officer_qian, at=at)
    decide_calendar(notice=notice, is_approved=True, by=chief_zheng, at=at)
    assert not is_working_day(day=DAY)
    with pytest.raises(WrongState):
        decide_calendar(notice=notice, is_approved=False, by=chief_zheng, at=at)


def test_the_latest_approved_word_about_a_day_wins(officer_qian, chief_zheng, at):
    for number, kind in enumerate((DayKind.HOLIDAY, DayKind.WORKDAY)):
        later = at + dt.timedelta(hours=number)
        notice = propose(officer_qian, later, {DAY: (kind, "")})
        decide_calendar(notice=notice, is_approved=True, by=chief_zheng, at=later)
    assert is_working_day(day=DAY)


def test_a_year_is_opened_once_and_by_a_notice(officer_qian, chief_zheng, at):
    new_year = dt.date(2027, 1, 1)
    with pytest.raises(RuleBroken):
        propose(officer_qian, at, {new_year: (DayKind.HOLIDAY, "元旦")})
    notices = [
        propose(officer_qian, at, {new_year: (DayKind.HOLIDAY, "元旦")}, opens_year=2027)
        for _ in range(2)
    ]
    decide_calendar(notice=notices[0], is_approved=True, by=chief_zheng, at=at)
    assert add_working_days(day=dt.date(2026, 12, 31), count=1) == dt.date(2027, 1, 4)
    with pytest.raises(Conflict):
        decide_calendar(notice=notices[1], is_approved=True, by=chief_zheng, at=at)


def test_days_are_added_and_never_changed(officer_qian, at):
    notice = propose(officer_qian, at, {DAY: (DayKind.HOLIDAY, "")})
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM core_calendarday WHERE notice_id = %s", [notice.pk])


YEARS = WorkingCalendar(
    years=frozenset(range(1999, 2102)),
    exceptions={dt.date(2030, 10, day): DayKind.HOLIDAY for day in range(1, 8)},
)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_adding_working_days_and_counting_them_agree(day, count):
    end = YEARS.add_working_days(day, count)
    assert YEARS.is_working_day(end)
    after = day + dt.timedelta(days=1)
    assert YEARS.working_days_between(after, end + dt.timedelta(days=1)) == count
    assert YEARS.add_working_days(YEARS.add_working_days(end, -count), count) == end


@given(DAYS, DAYS, DAYS)
def test_periods_put_together_count_as_one(first, second, third):
    first, second, third = sorted((first, second, third))
    second, third = (min(each, first + dt.timedelta(days=900)) for each in (second, third))
    together = YEARS.working_days_between(first, third)
    parts = YEARS.working_days_between(first, second) + YEARS.working_days_between(second, third)
    assert together == parts
