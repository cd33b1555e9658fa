"""Names, headers, separators, trailers and terms of lender files."""

import datetime as dt
from decimal import Decimal

import pytest

from postloss.rules.lender_files import (
    LOANS,
    REPAYMENTS,
    choose_separator,
    identify,
    read_header,
    read_trailer,
    term_matches,
)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("repayment_201705.csv", (2017, 5)),
        ("repayment_20170531_v2.csv", (2017, 5)),
        ("Repayment_201712.rejects.xlsx", (2017, 12)),
        ("loans.csv", None),
        ("loans", None),
    ],
)
def test_a_name_tells_kind_and_month(name, month):
    identity = identify(name)
    assert identity.layout is (REPAYMENTS if month else LOANS)
    assert identity.month == (month and dt.date(*month, 1))


@pytest.mark.parametrize(
    "name",
    ["repayment_201713.csv", "repayment_201700.csv", "repayment_2017.csv", "my_loans.csv", ""],
)
def test_any_other_name_tells_nothing(name):
    assert identify(name) is None


@pytest.mark.parametrize("separator", [",", "|", "\t"])
def test_the_separator_is_the_one_that_shows_the_columns(separator):
    header = separator.join([*REPAYMENTS.names, "a,b" if separator != "," else "a|b"])
    assert choose_separator(header, REPAYMENTS.names) == separator


def test_a_header_is_read_without_regard_to_order_case_quotes_and_spaces():
    names = [f' "{name.upper()}" ' for name in reversed(LOANS.names)]
    header = read_header(",".join([*names, "备注"]), ",", LOANS)
    assert header.names == (*reversed(LOANS.names), "备注")
    assert header.ignored == ("备注",)


def test_all_missing_columns_are_named():
    with pytest.raises(ValueError, match=r"loan_no.*branch"):
        read_header("a,b", ",", LOANS)


@pytest.mark.parametrize(
    ("line", "rows", "total"),
    [
        ("#TOTAL,3,10.50", 3, "10.50"),
        ('"#TOTAL","3","1,010.50"', 3, "1010.50"),
        ("#TOTAL, 0 , 0 ", 0, "0"),
        ("#TOTAL,1,-5.00,,", 1, "-5.00"),
    ],
)
def test_a_trailer_declares_rows_and_sum(line, rows, total):
    trailer = read_trailer(line, ",")
    assert (trailer.rows, trailer.total) == (rows, Decimal(total))


@pytest.mark.parametrize(
    "line", ["#TOTAL", "#TOTAL,1", "#TOTAL,1.5,3", "#TOTAL,1,abc", "#TOTAL;1;2"]
)
def test_a_trailer_that_cannot_be_read_says_how_to_write_it(line):
    with pytest.raises(ValueError, match="#TOTAL,rows,sum"):
        read_trailer(line, ",")


@pytest.mark.parametrize(
    ("term", "first", "last", "fits"),
    [
        (12, (2017, 1, 15), (2018, 1, 15), True),
        (12, (2017, 1, 15), (2018, 1, 14), True),
        (12, (2017, 2, 1), (2018, 1, 31), True),
        (1, (2017, 1, 31), (2017, 2, 28), True),
        (73, (2016, 1, 15), (2022, 2, 15), True),
        (11, (2017, 1, 15), (2018, 1, 15), False),
        (13, (2017, 1, 15), (2018, 1, 15), False),
    ],
)
def test_a_term_fits_the_calendar_months_between_its_dates(term, first, last, fits):
    assert term_matches(term, dt.date(*first), dt.date(*last)) is fits
