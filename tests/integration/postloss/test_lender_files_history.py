"""Again and correction: idempotence, later files, whole dates, what we knew when. Source: HQ-44."""

import datetime as dt
from pathlib import Path

import pytest

from core import clock
from partners.models import Lender, LenderFile
from postloss.models import LoanStatus
from postloss.selectors.history import files_in_order, rows_in_force
from tests.builders import Folder, counts, late, load, load_all, load_one, loan, row
from underwriting.models import Loan, LoanTerms, NameMapping, Segment

pytestmark = pytest.mark.django_db
MAY = dt.date(2017, 5, 1)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def book(folder):
    load(folder.loans(loan("A"), loan("B"), loan("C")))
    return folder


def in_force(month=MAY):
    """(loan number, as-of day) → balance in yuan of the rows in force."""
    rows = rows_in_force(lender=Lender.objects.get(code="L01"), month=month)
    names = dict(Loan.objects.values_list("pk", "loan_no"))
    return {
        (names[loan_id], as_of.day): fen / 100
        for loan_id, as_of, fen in rows.select("loan_id", "as_of", "outstanding_fen").iter_rows()
    }


def test_a_file_loaded_again_changes_nothing(book):
    path = book.repayments(row("A"), late("B"), row("Z"))
    assert counts(load_one(path)) == (3, 2, 1, 0, 0)
    again = load_one(path)
    assert counts(again) == (3, 0, 1, 2, 0)
    assert again["as_of"] == "2017-05-31"
    assert LoanStatus.objects.count() == 2


def test_a_loans_file_loaded_again_changes_nothing(folder):
    path = folder.loans(loan("A"), loan("B"), loan("C", rate="7"))
    assert counts(load_one(path)) == (3, 2, 1, 0, 0)
    assert counts(load_one(path)) == (3, 0, 1, 2, 0)
    assert LoanTerms.objects.count() == 2


def test_a_flag_of_an_unchanged_line_does_not_count_again(book):
    path = book.repayments(row("A", outstanding_principal="50,000"))
    assert counts(load_one(path)) == (1, 1, 0, 0, 1)
    assert counts(load_one(path)) == (1, 0, 0, 1, 0)


def test_rejected_rows_are_tried_once_more(book):
    path = book.repayments(row("A"), row("Z"))
    assert counts(load_one(path)) == (2, 1, 1, 0, 0)
    load(book.loans(loan("Z"), name="loans_z.csv"))
    assert counts(load_one(path)) == (2, 1, 0, 1, 0)
    assert counts(load_one(path)) == (2, 0, 0, 2, 0)
    assert in_force() == {("A", 31): 50000.0, ("Z", 31): 50000.0}


def test_a_later_file_corrects_the_loans_that_it_names_and_no_other(book):
    load(book.repayments(row("A"), row("B")))
    correction = book.repayments(row("A", outstanding_principal="49000"), tail="_v2")
    assert counts(load_one(correction)) == (1, 1, 0, 0, 0)
    assert in_force() == {("A", 31): 49000.0, ("B", 31): 50000.0}


def test_the_same_file_again_leaves_corrected_loans_alone(book):
    first = book.repayments(row("A"), row("B"), row("Z"))
    load(first)
    load(book.repayments(row("A", outstanding_principal="49000"), tail="_v2"))
    assert counts(load_one(first)) == (3, 0, 1, 2, 0)
    assert in_force()["A", 31] == 49000.0
    assert counts(load_one(first)) == (3, 0, 1, 2, 0)


def test_the_same_lines_in_another_file_are_a_correction_back(book):
    load(book.repayments(row("A")))
    load(book.repayments(row("A", outstanding_principal="49000"), tail="_v2"))
    load(book.repayments(row("A"), tail="_v3", separator="|"))
    assert in_force() == {("A", 31): 50000.0}


def test_another_day_of_the_month_is_no_correction(book):
    load(book.repayments(row("A", as_of="2017-05-10")))
    load(book.repayments(row("A", outstanding_principal="49000"), name="repayment_20170531.csv"))
    assert in_force() == {("A", 10): 50000.0, ("A", 31): 49000.0}


def test_old_values_stay_readable_with_the_time_at_which_we_knew_them(book):
    load(book.repayments(row("A")))
    between = clock.now()
    load(book.repayments(row("A", outstanding_principal="49000"), tail="_v2"))
    known = [
        LoanStatus.objects.filter(file__in=files_in_order(known_at=at)).order_by(
            "file__recorded_at"
        )
        for at in (between, clock.now())
    ]
    assert [row.outstanding_fen for row in known[0]] == [5000000]
    assert [row.outstanding_fen for row in known[1]] == [5000000, 4900000]


def test_a_line_equal_to_what_is_current_is_unchanged_whatever_its_form(book):
    load(book.repayments(row("A", outstanding_principal="50000")))
    again = book.repayments(row("A", outstanding_principal="50000.00"), tail="b", separator="\t")
    assert counts(load_one(again)) == (1, 0, 0, 1, 0)


# --replace


def test_a_replacement_corrects_the_whole_date(book):
    load(book.repayments(row("A"), row("B"), row("C")))
    replacement = book.repayments(row("A", outstanding_principal="49000"), row("B"), tail="_v2")
    batch = load_one(replacement, words=["--replace"])
    assert counts(batch) == (2, 1, 0, 1, 0)
    assert in_force() == {("A", 31): 49000.0, ("B", 31): 50000.0}


def test_a_replacement_leaves_other_dates_alone(book):
    load(book.repayments(row("A", as_of="2017-05-10"), row("B"), row("C", as_of="2017-05-10")))
    load(book.repayments(row("A"), tail="_v2"), words=["--replace"])
    assert in_force() == {("A", 10): 50000.0, ("A", 31): 50000.0, ("C", 10): 50000.0}


def test_a_rejected_line_of_a_replacement_replaces_neither_its_loan_nor_its_date(book):
    load(book.repayments(row("A", as_of="2017-05-10"), row("B", as_of="2017-05-31"), row("C")))
    lines = [row("C"), row("B", status="?"), row("Z", as_of="2017-05-10")]
    batch = load_one(book.repayments(*lines, tail="_v2"), words=["--replace"])
    assert counts(batch) == (3, 0, 2, 1, 0)
    assert in_force() == {("A", 10): 50000.0, ("B", 31): 50000.0, ("C", 31): 50000.0}


def test_a_replacement_without_lines_replaces_no_date(book):
    load(book.repayments(row("A")))
    load(book.repayments(tail="_v2"), words=["--replace"])
    assert in_force() == {("A", 31): 50000.0}


def test_a_replacement_again_is_unchanged_and_a_later_file_brings_a_loan_back(book):
    load(book.repayments(row("A"), row("B")))
    replacement = book.repayments(row("A"), tail="_v2")
    load(replacement, words=["--replace"])
    assert counts(load_one(replacement, words=["--replace"])) == (1, 0, 0, 1, 0)
    assert in_force() == {("A", 31): 50000.0}
    load(book.repayments(row("B"), tail="_v3"))
    assert in_force() == {("A", 31): 50000.0, ("B", 31): 50000.0}


def test_the_original_as_a_replacement_restores_every_line(book):
    original = book.repayments(row("A"), row("B"))
    load(original)
    load(book.repayments(row("A", outstanding_principal="49000"), tail="_v2"))
    assert counts(load_one(original, words=["--replace"])) == (2, 1, 0, 1, 0)
    assert in_force() == {("A", 31): 50000.0, ("B", 31): 50000.0}


def test_a_withdrawn_row_is_not_what_a_balance_grew_from(book):
    load(
        book.repayments(row("A", as_of="2017-04-30", outstanding_principal="60000"), month="201704")
    )
    load(book.repayments(row("A", outstanding_principal="1"), row("B")))
    load(book.repayments(row("B"), tail="_v2"), words=["--replace"])
    june = row("A", as_of="2017-06-30", outstanding_principal="59900")
    assert counts(load_one(book.repayments(june, month="201706"))) == (1, 1, 0, 0, 0)


# loans


def test_a_later_loans_file_changes_the_loans_that_it_names_and_keeps_the_old_terms(book):
    load(book.loans(loan("A", rate="0.08", branch="上海"), name="loans_2.csv"))
    rates = LoanTerms.objects.filter(loan_no="A").order_by("file").values_list("rate", flat=True)
    assert [f"{rate:.4f}" for rate in rates] == ["0.0704", "0.0800"]
    assert Loan.objects.get(loan_no="A").segment.branch.name == "上海"
    assert Loan.objects.get(loan_no="B").segment.branch.name == "北京"
    assert {*Segment.objects.values_list("branch__name", "loans", "disbursed_fen")} == {
        ("上海", 1, 10000000),
        ("北京", 2, 20000000),
    }


def test_the_same_loans_file_again_leaves_changed_loans_alone(book):
    load(book.loans(loan("A", rate="0.08"), name="loans_2.csv"))
    assert counts(load_one(book.path / "loans.csv")) == (3, 0, 0, 3, 0)
    assert f"{Loan.objects.get(loan_no='A').rate:.4f}" == "0.0800"


def test_a_loan_is_its_lender_and_its_number(book):
    load(book.loans(loan("A", principal="7"), name="loans_x.csv"), lender="L02")
    assert [
        *Loan.objects.filter(loan_no="A").order_by("lender").values_list("principal", flat=True)
    ] == [
        100000,
        7,
    ]


def test_unknown_names_make_unconfirmed_mappings_once(book):
    load(book.loans(loan("D"), loan("E", branch="上海"), name="loans_2.csv"))
    mappings = NameMapping.objects.order_by("book_name__kind", "book_name__name")
    assert [*mappings.values_list("book_name__name", "confirmed_at")] == [
        ("上海", None),
        ("北京", None),
        ("普通", None),
        ("汽车贷款", None),
    ]


# a file that was cut off


def test_a_load_that_was_cut_off_goes_on_behind_its_last_chunk(book, monkeypatch):
    from postloss.services import importing

    monkeypatch.setattr("postloss.adapters.lender_text.CHUNK_BYTES", 60)
    monkeypatch.setattr("core.files.PIECE", 64)
    path = book.repayments(row("A"), row("B"), row("Z"), row("C"), row("Y"))
    written = []
    write = importing._write_chunk

    def cut_off(file, loader, chunk):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(chunk)
        write(file, loader, chunk)

    monkeypatch.setattr(importing, "_write_chunk", cut_off)
    with pytest.raises(KeyboardInterrupt):
        load_all(path)
    assert in_force() == {}
    monkeypatch.setattr(importing, "_write_chunk", write)
    (batch,), _ = load_all(path)
    assert counts(batch) == (5, 3, 2, 0, 0)
    assert batch["as_of"] == "2017-05-31"
    assert len(in_force()) == 3
    assert LenderFile.objects.filter(kind="repayments").count() == 1


def test_every_reject_of_a_reloaded_file_is_in_the_newest_workbook(book):
    path = book.repayments(row("A"), row("Z"), row("Y"))
    load(path)
    batch = load_one(path)
    from openpyxl import load_workbook

    assert load_workbook(Path(batch["rejects_file"])).worksheets[0].max_row == 3
