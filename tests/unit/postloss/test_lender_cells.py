"""Cells as numbers and dates, held against Python's own reading."""

import datetime as dt
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from postloss.adapters.lender_cells import read_cells, read_totals
from postloss.adapters.lender_text import LINE_NO
from postloss.enums import FindingCode
from postloss.rules.lender_files import Cell, Column, Layout

FEW = settings(max_examples=40, deadline=None)
WIDE = str.maketrans("0123456789.,-+", "０１２３４５６７８９．，－＋")


def read(cell, *texts, may_be_empty=False):
    """Values, codes of rejects and codes of flags of a column of cells."""
    layout = Layout((Column("x", cell, may_be_empty=may_be_empty),), "x")
    frame = pl.DataFrame(
        {
            LINE_NO: pl.Series(range(len(texts)), dtype=pl.UInt32),
            "x": pl.Series(texts, dtype=pl.String),
        }
    )
    typed = read_cells(frame, layout)
    everything = pl.repeat(value=True, n=len(texts), eager=True)
    codes = [
        remarks.listed(frame, everything)["code"].to_list()
        for remarks in (typed.rejects, typed.flags)
    ]
    return typed.frame["x"].to_list(), *codes


fen = st.integers(-(10**15), 10**15)


@FEW
@given(st.lists(fen, min_size=1, max_size=20))
def test_money_is_read_to_the_fen_as_decimal_reads_it(amounts):
    plain = [f"{Decimal(each).scaleb(-2):.2f}" for each in amounts]
    assert read(Cell.MONEY, *plain) == (amounts, [], [])
    assert read_totals(pl.Series(plain)).to_list() == [Decimal(text) for text in plain]


@FEW
@given(st.lists(fen, min_size=1, max_size=20))
def test_grouped_and_full_width_money_means_the_same_and_is_flagged(amounts):
    odd = [f"{Decimal(each).scaleb(-2):,.2f}".translate(WIDE) for each in amounts]
    values, rejects, flags = read(Cell.MONEY, *odd)
    assert (values, rejects) == (amounts, [])
    assert flags == [FindingCode.NORMALISED.value] * len(amounts)


@FEW
@given(st.text("0123456789.,+-eE ", max_size=12))
def test_no_text_of_digits_and_signs_is_misread(text):
    (value,), rejects, _ = read(Cell.MONEY, text)
    if value is None:
        assert rejects
    else:
        plain = text.strip().replace(",", "")
        assert Decimal(plain).quantize(Decimal("0.01")) == Decimal(value).scaleb(-2) or rejects


@FEW
@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1, max_size=20))
def test_counts_are_read_whole(numbers):
    assert read(Cell.COUNT, *map(str, numbers)) == (numbers, [], [])
    assert read(Cell.COUNT, *(f"{number}.0" for number in numbers)) == (numbers, [], [])


@FEW
@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), min_size=1, max_size=20))
def test_dates_are_read_in_every_form(days):
    assert read(Cell.DATE, *map(str, days)) == (days, [], [])
    for form in (
        lambda day: f"{day.year}/{day.month}/{day.day}",
        lambda day: f"{day:%Y%m%d}",
        lambda day: str(day).translate(WIDE),
    ):
        values, rejects, flags = read(Cell.DATE, *map(form, days))
        assert (values, rejects, len(flags)) == (days, [], len(days))


@FEW
@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_day_that_does_not_exist_is_never_read(year, month, day):
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        expected = None
    if expected is not None and year < 1900:
        expected = None
    for text in (f"{year:04}-{month:02}-{day:02}", f"{year:04}{month:02}{day:02}"):
        assert read(Cell.DATE, text)[0] == [expected]


def test_more_than_two_decimals_are_rejected_even_when_they_are_zeros():
    _, rejects, _ = read(Cell.MONEY, "1.00", "1.000", "0.005", "1.1")
    assert rejects == [FindingCode.MORE_DECIMALS.value] * 2


def test_numbers_of_excess_are_unreadable():
    values, rejects, _ = read(Cell.MONEY, "9" * 16, "-" + "9" * 40, "9" * 15)
    assert values == [None, None, int("9" * 15) * 100]
    assert rejects == [FindingCode.UNREADABLE.value] * 2
    assert read_totals(pl.Series(["9" * 16, "9" * 40])).to_list() == [None, None]


def test_an_empty_cell_is_unknown_where_it_may_be_and_unreadable_elsewhere():
    assert read(Cell.MONEY, None, "  ", may_be_empty=True) == ([None, None], [], [])
    assert read(Cell.MONEY, None, "  ")[1] == [FindingCode.UNREADABLE.value] * 2


def test_rates_keep_ten_decimals():
    values, rejects, _ = read(Cell.RATE, "0.0704", "0.1234567890", "0.12345678901", "1")
    assert values == [Decimal("0.0704"), Decimal("0.1234567890"), None, Decimal(1)]
    assert rejects == [FindingCode.UNREADABLE.value]


def test_the_control_total_counts_small_parts_exactly():
    texts = ["10.005", "0.000001", "-3.5", "１，０００", "x", None]
    assert read_totals(pl.Series(texts)).to_list() == [
        Decimal("10.005"), Decimal("0.000001"), Decimal("-3.5"), Decimal(1000), None, None,
    ]  # fmt: skip
