"""Rows written many at once stand as their objects say, and no other row moves."""

import datetime as dt
from decimal import Decimal

import pytest

from core.bulk import update_rows
from postloss.models import RiskWarning
from tests.factories.portfolio_book import closed_book

FIELDS = (
    "unit", "assigned_to", "due_at", "value", "month", "figure_value", "sample", "test",
    "may_close", "escalated_at",
)  # fmt: skip


@pytest.fixture
def warnings(tmp_path, beijing, shanghai):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    return list(RiskWarning.objects.order_by("pk"))


def stored():
    return {row["id"]: row for row in RiskWarning.objects.values()}


def test_every_kind_of_field_is_written_as_it_stands_and_nothing_else(
    warnings, shanghai, manager_lin, at, django_assert_num_queries
):
    before = stored()
    first, second, *others = warnings
    assert others
    first.unit, first.assigned_to, first.due_at = shanghai, manager_lin, None
    first.value, first.month = "a “%s” 'x' \\ 渠道", dt.date(2017, 6, 1)
    first.figure_value, first.sample = Decimal("0.123456789012345678"), 2**40
    first.test, first.may_close, first.escalated_at = {"a": [1, None, "€"]}, True, at
    first.level = "not among the fields"
    second.figure_value = second.sample = second.assigned_to = second.escalated_at = None
    with django_assert_num_queries(1):
        update_rows(rows=iter([first, second]), fields=FIELDS)
    changed = {}
    for row in (first, second):
        names = [RiskWarning._meta.get_field(name).attname for name in FIELDS]
        changed[row.pk] = before[row.pk] | {name: getattr(row, name) for name in names}
    assert changed != {pk: before[pk] for pk in changed}
    assert stored() == before | changed


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        update_rows(rows=[], fields=FIELDS)
