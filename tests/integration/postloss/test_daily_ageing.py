"""The book by bucket between two month-ends."""

import datetime as dt
import io

import pytest

from organization.selectors import head_office
from partners.services import admit_lender
from postloss.models import DailyAgeing
from postloss.rules.lender_files import LOANS, REPAYMENTS
from postloss.services.ageing import age_book
from postloss.services.importing import load_file, receive_file
from postloss.services.month_end import close_month
from postloss.tasks import age_book_today
from tests.builders import late, loan, row, text_of

pytestmark = pytest.mark.django_db


def quiet(**_: object) -> None:
    pass


def load(name: str, text: str, at) -> None:
    lender = admit_lender(code="L1", name="甲银行")
    file = receive_file(lender=lender, name=name, stream=io.BytesIO(text.encode()), by=None, at=at)
    load_file(file=file, heartbeat=quiet)


def buckets(day: dt.date) -> dict[int, tuple[int, str, int]]:
    rows = DailyAgeing.objects.filter(day=day, unit=head_office())
    return {each.bucket: (each.loans, str(each.balance), each.stale) for each in rows}


def test_POST_09c_the_day_lays_what_came_in_over_the_last_month_end(at):
    load("loans.csv", text_of([loan("A"), loan("B"), loan("C")], LOANS.names), at)
    may = [row("A"), late("B", 10), row("C")]
    load("repayment_201705.csv", text_of(may, REPAYMENTS.names), at)
    close_month(month=dt.date(2017, 5, 1), by=None, at=dt.datetime.now(dt.UTC), heartbeat=quiet)
    june = [late("B", 40, 2, as_of="2017-06-30"), row("C", as_of="2017-06-30", status="结清")]
    load("repayment_201706.csv", text_of(june, REPAYMENTS.names), at)
    day = dt.date(2017, 7, 31)
    assert age_book(day=day) == 2
    assert buckets(day) == {0: (1, "50000.00", 1), 2: (1, "50000.00", 0)}


def test_a_day_counted_twice_counts_once_and_an_empty_book_counts_nothing(at):
    age_book_today()
    assert DailyAgeing.objects.count() == 0
    load("loans.csv", text_of([loan("A")], LOANS.names), at)
    load("repayment_201705.csv", text_of([row("A")], REPAYMENTS.names), at)
    day = dt.date(2017, 6, 2)
    assert [age_book(day=day), age_book(day=day)] == [1, 1]
    assert buckets(day) == {0: (1, "50000.00", 0)}
