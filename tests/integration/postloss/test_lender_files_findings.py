"""Every reject and every flag, alone and together, and what is neither. Source: POST-09c."""

import pytest

from postloss.models import Finding, LoanStatus
from tests.builders import Folder, counts, late, load, load_all, load_one, loan, row
from underwriting.models import Loan

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def book(folder):
    """Loans A to F of 100,000 yuan each."""
    load(folder.loans(*(loan(name) for name in "ABCDEF")))
    return folder


def findings(level):
    """Line number, code and column of every finding of a level."""
    found = Finding.objects.filter(level=level).order_by("file", "line_no", "pk")
    return [*found.values_list("line_no", "code", "column")]


def closed(loan_no="A", status="结清", **cells):
    return row(loan_no, status=status, **({"outstanding_principal": "0"} | cells))


# rejects of repayment files

REJECTS = {
    "a count that is a word": (row(days_overdue="none"), "unreadable", "days_overdue"),
    "a count with a fraction": (row(instalments_due="1.5"), "unreadable", "instalments_due"),
    "money in scientific form": (row(due_amount="1e3"), "unreadable", "due_amount"),
    "money with a currency sign": (row(paid_amount="¥5"), "unreadable", "paid_amount"),
    "money grouped wrongly": (row(paid_amount="1,00"), "unreadable", "paid_amount"),
    "a day that does not exist": (row(as_of="2017-05-32"), "unreadable", "as_of"),
    "the 30th of February": (row(due_on="2017-02-30"), "unreadable", "due_on"),
    "a date with a clock": (row(due_on="2017-05-15 00:00"), "unreadable", "due_on"),
    "a balance that is no number": (
        row(outstanding_principal="NaN"), "unreadable", "outstanding_principal"
    ),
    "an empty balance of a live loan": (
        row(outstanding_principal=""), "unreadable", "outstanding_principal"
    ),
    "an empty balance of a late loan": (
        late(outstanding_principal=" "), "unreadable", "outstanding_principal"
    ),
    "an empty as-of date": (row(as_of=""), "unreadable", "as_of"),
    "an empty count of days": (row(days_overdue=""), "unreadable", "days_overdue"),
    "an empty count of instalments": (
        row(instalments_overdue=""), "unreadable", "instalments_overdue"
    ),
    "an empty loan number": (row(""), "unreadable", "loan_no"),
    "an empty status": (row(status=""), "status_unknown", "status"),
    "a status that is not in the list": (row(status="关注"), "status_unknown", "status"),
    "a loan that nobody knows": (row("Z"), "unknown_loan", "loan_no"),
    "a negative balance": (row(outstanding_principal="-0.01"), "negative", "outstanding_principal"),
    "a negative amount due": (row(due_amount="-1"), "negative", "due_amount"),
    "a negative amount paid": (row(paid_amount="-1"), "negative", "paid_amount"),
    "a negative count": (row(instalments_due="-1"), "negative", "instalments_due"),
    "a negative amount paid of a closed loan": (
        closed(paid_amount="-1"), "negative", "paid_amount"
    ),
    "the day before the month": (row(as_of="2017-04-30"), "outside_month", "as_of"),
    "the day behind the month": (row(as_of="2017-06-01"), "outside_month", "as_of"),
    "正常 with days overdue": (
        row(days_overdue="1", instalments_overdue="1"), "normal_with_days", "status"
    ),
    "逾期 without days overdue": (late(days=0, instalments=0), "overdue_without_days", "status"),
    "instalments without days": (
        row(instalments_overdue="1"), "days_against_instalments", "days_overdue"
    ),
    "days without instalments": (late(instalments=0), "days_against_instalments", "days_overdue"),
    "days without instalments of a closed loan": (
        closed(days_overdue="5"), "days_against_instalments", "days_overdue"
    ),
    "money with three decimals": (row(paid_amount="1.000"), "more_decimals", "paid_amount"),
    "a balance with three decimals": (
        row(outstanding_principal="0.005"), "more_decimals", "outstanding_principal"
    ),
    "a balance of a closed loan that is no number": (
        closed(outstanding_principal="-"), "unreadable", "outstanding_principal"
    ),
    "a number beyond every book": (
        row(outstanding_principal="9" * 30), "unreadable", "outstanding_principal"
    ),
    "a count beyond every calendar": (
        row(instalments_due="9" * 12), "unreadable", "instalments_due"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REJECTS)
def test_a_reject_stops_its_own_line_alone(book, name):
    line, code, column = REJECTS[name]
    batch = load_one(book.repayments(row("B"), line))
    assert counts(batch) == (2, 1, 1, 0, 0)
    assert findings("reject") == [(3, code, column)]
    assert [*LoanStatus.objects.values_list("loan__loan_no", flat=True)] == ["B"]


def test_every_line_of_a_repeated_loan_is_rejected(book):
    lines = [row("A"), row("B"), row(" A ", as_of="2017-05-15"), row("A")]
    assert counts(load_one(book.repayments(*lines))) == (4, 1, 3, 0, 0)
    assert findings("reject") == [(no, "repeated", "loan_no") for no in (2, 4, 5)]


def test_a_line_carries_all_its_reasons(book):
    line = row(
        "Z", as_of="2017-06-30", instalments_due="-1", instalments_overdue="0", days_overdue="3",
        due_on="soon", due_amount="1.234", paid_amount="-2", outstanding_principal="-5",
    )  # fmt: skip
    assert counts(load_one(book.repayments(line))) == (1, 0, 1, 0, 0)
    assert {(code, column) for _, code, column in findings("reject")} == {
        ("unknown_loan", "loan_no"),
        ("outside_month", "as_of"),
        ("negative", "instalments_due"),
        ("days_against_instalments", "days_overdue"),
        ("normal_with_days", "status"),
        ("unreadable", "due_on"),
        ("more_decimals", "due_amount"),
        ("negative", "paid_amount"),
        ("negative", "outstanding_principal"),
    }


def test_a_rejected_line_carries_no_flags(book):
    lines = [row("A", outstanding_principal="１", days_overdue="x"), row("B")]
    assert counts(load_one(book.repayments(*lines))) == (2, 1, 1, 0, 0)
    assert findings("flag") == []


def test_a_loan_of_another_lender_is_unknown(book):
    load(book.loans(loan("X"), name="loans_x.csv"), lender="L02")
    assert counts(load_one(book.repayments(row("A")), lender="L02")) == (1, 0, 1, 0, 0)


# rejects of loans files

LOAN_REJECTS = {
    "a rate above 1": ({"rate": "1.0000000001"}, "rate_above_one", "rate"),
    "a rate in percent": ({"rate": "7.04%"}, "unreadable", "rate"),
    "a negative rate": ({"rate": "-0.01"}, "negative", "rate"),
    "maturity before disbursement": ({"maturity": "2017-01-14"}, "maturity_before", "maturity"),
    "a negative principal": ({"principal": "-1"}, "negative", "principal"),
    "a negative term": ({"term": "-12"}, "negative", "term"),
    "a principal with three decimals": ({"principal": "1.001"}, "more_decimals", "principal"),
    "a date that cannot be read": ({"disbursed_on": "15.01.2017"}, "unreadable", "disbursed_on"),
    "a year of another age": ({"disbursed_on": "0217-01-15"}, "unreadable", "disbursed_on"),
} | {f"an empty {name}": ({name: ""}, "unreadable", name) for name in loan() if name != "loan_no"}


@pytest.mark.parametrize("name", LOAN_REJECTS)
def test_a_reject_stops_its_own_loan_alone(folder, name):
    cells, code, column = LOAN_REJECTS[name]
    batch = load_one(folder.loans(loan("A", **cells), loan("B")))
    assert counts(batch) == (2, 1, 1, 0, 0)
    assert (2, code, column) in findings("reject")
    assert [*Loan.objects.values_list("loan_no", flat=True)] == ["B"]


def test_a_loan_named_twice_in_a_loans_file_is_rejected_twice(folder):
    batch = load_one(folder.loans(loan("A"), loan("B"), loan("A", principal="5")))
    assert counts(batch) == (3, 1, 2, 0, 0)
    assert findings("reject") == [(2, "repeated", "loan_no"), (4, "repeated", "loan_no")]


@pytest.mark.parametrize("cells", [{"rate": "1"}, {"rate": "0"}, {"maturity": "2017-01-15"}])
def test_the_bounds_themselves_are_no_rejects(folder, cells):
    assert counts(load_one(folder.loans(loan(**cells))))[:3] == (1, 1, 0)


# flags of repayment files

FLAGS = {
    "a balance above the principal": (
        row(outstanding_principal="100000.01"), "above_principal", "outstanding_principal"
    ),
    "more instalments overdue than due": (
        late(instalments=5, instalments_due="4"), "more_overdue_than_due", "instalments_overdue"
    ),
    "逾期 at balance zero": (
        late(outstanding_principal="0.00"), "overdue_at_zero", "outstanding_principal"
    ),
    "a negative balance of a settled loan": (
        closed(outstanding_principal="-5"), "negative_closed", "outstanding_principal"
    ),
    "a negative balance of a written-off loan": (
        closed(status="核销", outstanding_principal="-5"),
        "negative_closed",
        "outstanding_principal",
    ),
    "full-width digits": (row(paid_amount="１００"), "normalised", "paid_amount"),
    "a full-width count": (row(instalments_due="４"), "normalised", "instalments_due"),
    "thousands separators": (
        row(outstanding_principal="50,000.00"), "normalised", "outstanding_principal"
    ),
    "full-width thousands separators": (
        row(outstanding_principal="５０，０００．００"), "normalised", "outstanding_principal"
    ),
    "a date with slashes": (row(as_of="2017/5/31"), "normalised", "as_of"),
    "a date with slashes and zeros": (row(due_on="2017/05/15"), "normalised", "due_on"),
    "a date without separators": (row(as_of="20170531"), "normalised", "as_of"),
    "a date in full width": (row(as_of="２０１７－０５－３１"), "normalised", "as_of"),
}  # fmt: skip


@pytest.mark.parametrize("name", FLAGS)
def test_a_flagged_line_is_accepted_counted_and_listed(book, name):
    line, code, column = FLAGS[name]
    batch = load_one(book.repayments(line, row("B")))
    assert counts(batch) == (2, 2, 0, 0, 1)
    assert findings("flag") == [(2, code, column)]


def test_normalised_cells_mean_the_same_as_plain_ones(book):
    odd = row(as_of="2017/5/31", due_on="20170515", outstanding_principal="５０,０００．００",
              due_amount="１００", paid_amount="100.0", instalments_due="４")  # fmt: skip
    load(book.repayments(odd))
    assert counts(load_one(book.repayments(row(), tail="b"))) == (1, 0, 0, 1, 0)


def test_a_negative_balance_of_a_closed_loan_is_read_as_nothing(book):
    load(
        book.repayments(
            closed(outstanding_principal="-5"), closed("B", "核销", outstanding_principal="7")
        )
    )
    assert [*LoanStatus.objects.values_list("outstanding_fen", flat=True)] == [0, 0]


def test_several_flags_of_a_line_count_one_line(book):
    line = late(
        instalments=5, instalments_due="4", outstanding_principal="１００,００１", as_of="20170531"
    )
    assert counts(load_one(book.repayments(line))) == (1, 1, 0, 0, 1)
    assert {code for _, code, _ in findings("flag")} == {
        "normalised",
        "more_overdue_than_due",
        "above_principal",
    }


def test_empty_cells_that_mean_unknown_raise_nothing(book):
    unknown = dict.fromkeys(("due_on", "due_amount", "paid_amount", "instalments_due"), "")
    load(book.repayments(row("A")))
    june = late("A", as_of="2017-06-30", outstanding_principal="1", **unknown)
    assert counts(load_one(book.repayments(june, month="201706"))) == (1, 1, 0, 0, 0)
    status = LoanStatus.objects.get(as_of="2017-06-30")
    assert (status.due_on, status.due_fen, status.paid_fen, status.instalments_due) == (None,) * 4


def test_plain_numbers_with_signs_zeros_and_points_are_plain(book):
    line = row(instalments_due="+4", due_amount="0100.50", paid_amount="-0", days_overdue="0.0")
    assert counts(load_one(book.repayments(line))) == (1, 1, 0, 0, 0)


# flags against what was before


@pytest.fixture
def may(book):
    """A 50,000; B 50,000 and silent in June; C settled."""
    load(book.repayments(row("A"), row("B"), closed("C", paid_amount="100000")))
    return book


def test_a_balance_that_grew_is_flagged(may):
    june = row("A", as_of="2017-06-30", outstanding_principal="50000.01")
    assert counts(load_one(may.repayments(june, month="201706"))) == (1, 1, 0, 0, 1)
    assert findings("flag") == [(2, "balance_grew", "outstanding_principal")]


@pytest.mark.parametrize(("paid", "flags"), [("99.99", 1), ("100.00", 0), ("", 0)])
def test_a_balance_that_fell_by_more_than_was_paid_is_flagged(may, paid, flags):
    june = row("A", as_of="2017-06-30", outstanding_principal="49900.00", paid_amount=paid)
    batch = load_one(may.repayments(june, month="201706"))
    assert counts(batch) == (1, 1, 0, 0, flags)
    assert findings("flag") == [(2, "fell_more_than_paid", "paid_amount")] * flags


def test_the_balance_before_may_be_months_ago(may):
    load(may.repayments(row("A", as_of="2017-06-30", paid_amount="0"), month="201706"))
    july = row("B", as_of="2017-07-31", outstanding_principal="60000")
    assert counts(load_one(may.repayments(july, month="201707"))) == (1, 1, 0, 0, 1)


def test_a_closed_loan_that_comes_back_with_a_balance_grew(may):
    load(may.repayments(row("A", as_of="2017-06-30"), month="201706"))
    july = row("C", as_of="2017-07-31", outstanding_principal="10")
    assert counts(load_one(may.repayments(july, month="201707"))) == (1, 1, 0, 0, 1)
    assert findings("flag")[-1] == (2, "balance_grew", "outstanding_principal")


def test_a_settlement_that_was_not_paid_is_flagged_and_a_write_off_is_not(may):
    june = [
        closed("A", as_of="2017-06-30", paid_amount="1"),
        closed("B", "核销", as_of="2017-06-30", paid_amount="1"),
    ]
    assert counts(load_one(may.repayments(*june, month="201706"))) == (2, 2, 0, 0, 1)
    assert findings("flag") == [(2, "fell_more_than_paid", "paid_amount")]


def test_an_earlier_day_of_the_same_month_comes_before(may):
    load(may.repayments(row("A", as_of="2017-05-10", outstanding_principal="49000"), tail="b"))
    later = row("A", as_of="2017-05-20", outstanding_principal="49500")
    assert counts(load_one(may.repayments(later, tail="c"))) == (1, 1, 0, 0, 1)


def test_a_loan_seen_for_the_first_time_has_nothing_before(may):
    june = row("D", as_of="2017-06-30", outstanding_principal="100000", paid_amount="0")
    assert counts(load_one(may.repayments(june, month="201706"))) == (1, 1, 0, 0, 0)


# flags of loans files


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({"term": "11"}, 1),
        ({"term": "13"}, 1),
        ({"maturity": "2018-01-14"}, 0),
        ({"disbursed_on": "2017-02-01", "maturity": "2018-01-31"}, 0),
        ({"disbursed_on": "2017-01-31", "maturity": "2017-02-28", "term": "1"}, 0),
    ],
)
def test_a_term_against_the_dates_is_flagged(folder, cells, flags):
    assert counts(load_one(folder.loans(loan(**cells)))) == (1, 1, 0, 0, flags)
    assert findings("flag") == [(2, "term_against_dates", "term")] * flags


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"principal": "99999.99"}, "changed_principal", "principal"),
        ({"disbursed_on": "2017-01-16"}, "changed_disbursement", "disbursed_on"),
        ({"obligor_id": "440103196807206249"}, "changed_obligor", "obligor_id"),
    ],
)
def test_a_loan_that_changed_is_accepted_and_flagged(book, cells, code, column):
    batch = load_one(book.loans(loan("A", **cells), loan("B"), name="loans_2.csv"))
    assert counts(batch) == (2, 1, 0, 1, 1)
    assert findings("flag") == [(2, code, column)]


def test_a_rate_that_changed_is_accepted_without_a_flag(book):
    assert counts(load_one(book.loans(loan("A", rate="0.08"), name="loans_2.csv"))) == (
        1,
        1,
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"branch": "北 京"},
        {"branch": "ＢＪ"},
        {"channel": "通", "product": "汽车贷款普"},
        {"obligor_name": "张 三"},
    ],
)
def test_a_name_that_changed_in_form_alone_is_a_change(folder, cells):
    load(folder.loans(loan("A"), loan("B", branch="BJ")))
    again = loan("B", **cells) if cells.get("branch") == "ＢＪ" else loan("A", **cells)
    assert counts(load_one(folder.loans(again, name="loans_2.csv"))) == (1, 1, 0, 0, 0)


def test_one_obligor_may_be_written_in_several_ways(folder):
    ways = ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"]
    loans = [loan(f"L{n}", obligor_id=number) for n, number in enumerate(ways)]
    assert counts(load_one(folder.loans(*loans))) == (3, 3, 0, 0, 0)
    assert Loan.objects.values("obligor").distinct().count() == 1
    other_way = loan("L0", obligor_id=ways[1])
    assert counts(load_one(folder.loans(other_way, name="loans_2.csv"))) == (1, 1, 0, 0, 0)


def test_counts_add_up_over_every_kind_of_line(may):
    lines = [
        row("A", outstanding_principal="60,000", as_of="2017-05-31"),  # accepted, flagged
        row("B"),  # unchanged
        row("C", status="?"),
        row("D"),
        row("Z"),
    ]
    batch = load_one(may.repayments(*lines, tail="b"))
    assert counts(batch) == (5, 2, 2, 1, 1)
    (batches, refusal) = load_all(may.repayments(row("E"), tail="c"))
    assert (counts(batches[0]), refusal) == ((1, 1, 0, 0, 0), "")
