"""What a lender's file may look like: encodings, separators, headers, trailers, lines."""

import codecs

import pytest

from partners.models import LenderFile
from postloss.models import Finding
from postloss.rules.lender_files import LOANS, REPAYMENTS
from tests.builders import Folder, counts, late, load, load_all, load_one, loan, row, text_of
from underwriting.models import BookName, Loan

pytestmark = pytest.mark.django_db
HEADER = ",".join(REPAYMENTS.names)
GOOD = "A,2017-05-31,4,0,0,2017-05-15,100.00,100.00,50000.00,正常"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def book(folder):
    """Loans A, B and C."""
    load(folder.loans(loan("A"), loan("B"), loan("C")))
    return folder


def refusal_of(path):
    """The sentence of a file that must be refused: counts nothing, exit 1."""
    (batch,), refusal = load_all(path)
    assert refusal
    assert counts(batch) == (0, 0, 0, 0, 0)
    assert batch["refused"]
    assert batch["rejects_file"] is None
    return batch["refused"]


# encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_loans_file_reads_the_same_in_every_encoding(folder, encoding):
    rows = [loan("甲1", branch="㐂镇"), loan("甲2", branch="𠮷里", obligor_name="𠮷田㐂")]
    batch = load_one(folder.loans(*rows, encoding=encoding, trailer=(2, "200000.00")))
    assert counts(batch) == (2, 2, 0, 0, 0)
    assert [*Loan.objects.order_by("loan_no").values_list("loan_no", flat=True)] == ["甲1", "甲2"]
    branches = BookName.objects.filter(kind="branch").values_list("name", flat=True)
    assert {*branches} == {"㐂镇", "𠮷里"}


def test_four_byte_characters_of_gb18030_survive_the_cut_between_two_pieces(folder, monkeypatch):
    monkeypatch.setattr("core.files.PIECE", 7)
    rows = [loan(f"𠮷{n}", branch="㐂𠮷") for n in range(5)]
    batch = load_one(folder.loans(*rows, encoding="gb18030"))
    assert counts(batch) == (5, 5, 0, 0, 0)
    assert BookName.objects.get(kind="branch").name == "㐂𠮷"


def test_a_byte_order_mark_of_gb18030_is_no_part_of_the_header(folder):
    text = text_of([loan()], LOANS.names)
    batch = load_one(folder.raw("loans.csv", ("\ufeff" + text).encode("gb18030")))
    assert counts(batch) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_is_refused_with_the_one_to_use(folder, encoding):
    sentence = refusal_of(folder.loans(loan(), encoding=encoding))
    assert "UTF-8" in sentence


def test_utf_8_with_a_broken_character_is_refused_and_not_misread(folder):
    names = {"product": "car", "channel": "x", "branch": "BJ"}
    text = text_of([loan(obligor_name="张三欧阳", **names)], LOANS.names).encode()
    text = text.replace("阳".encode(), b"\xe9")
    text.decode("gb18030")  # it could be read, as nonsense
    sentence = refusal_of(folder.raw("loans.csv", text))
    assert "UTF-8" in sentence
    assert not Loan.objects.exists()


def test_utf_8_cut_off_in_a_character_is_refused(folder):
    text = text_of([loan("甲")], LOANS.names, ends_with_newline=False).encode()
    assert "UTF-8" in refusal_of(folder.raw("loans.csv", text[:-1]))


def test_a_byte_order_mark_promises_utf_8(folder):
    text = text_of([loan("甲", branch="重庆")], LOANS.names).encode("gb18030")
    assert "UTF-8" in refusal_of(folder.raw("loans.csv", codecs.BOM_UTF8 + text))


def test_a_nul_in_a_cell_spoils_its_own_line_alone(folder):
    batch = load_one(folder.loans(loan("A", branch="a\x00b"), loan("B")))
    assert counts(batch) == (2, 1, 1, 0, 0)


def test_bytes_that_are_no_text_are_refused(folder):
    assert "UTF-8" in refusal_of(folder.raw("loans.csv", b"\xff\x80" * 50))


# separators and lines


@pytest.mark.parametrize("separator", [",", "|", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ends", [True, False])
def test_separators_and_line_ends(book, separator, newline, ends):
    batch = load_one(
        book.repayments(
            row("A"), late("B", 31, 2), separator=separator, newline=newline,
            trailer=(2, "100000.00"), ends_with_newline=ends,
        )
    )  # fmt: skip
    assert counts(batch) == (2, 2, 0, 0, 0)
    file = LenderFile.objects.get(kind="repayments")
    assert (file.separator, file.declared_rows) == (separator, 2)


def test_blank_lines_are_no_rows_and_keep_the_line_numbers(book):
    lines = ["", GOOD, "   ", GOOD.replace("A,", "X,"), "", ""]
    batch = load_one(book.raw("repayment_201705.csv", "\n".join([HEADER, *lines])))
    assert counts(batch) == (2, 1, 1, 0, 0)
    assert Finding.objects.get().line_no == 5


def test_quoted_cells_may_hold_the_separator_and_quotes(folder):
    batch = load_one(folder.loans(loan(branch='东,"区"'), loan("B", principal="1,000.00")))
    assert counts(batch) == (2, 2, 0, 0, 1)
    assert Loan.objects.get(loan_no="A").segment.branch.name == '东,"区"'
    assert Loan.objects.get(loan_no="B").principal == 1000


def test_every_cell_may_be_quoted(book):
    quoted = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEADER, GOOD))
    batch = load_one(book.raw("repayment_201705.csv", quoted + '\n"#TOTAL","1","50,000.00"\n'))
    assert counts(batch) == (1, 1, 0, 0, 0)


def test_a_quote_that_is_never_closed_spoils_its_own_line_alone(book):
    text = "\n".join([HEADER, '"' + GOOD, GOOD.replace("A,", "B,")])
    batch = load_one(book.raw("repayment_201705.csv", text))
    assert counts(batch) == (2, 1, 1, 0, 0)
    assert Finding.objects.get().code == "column_count"


def test_cells_may_stand_in_spaces(book):
    spaced = ",".join(f"  {cell} " for cell in GOOD.split(","))
    batch = load_one(book.raw("repayment_201705.csv", f"{HEADER}\n{spaced}\n"))
    assert counts(batch) == (1, 1, 0, 0, 0)


def test_a_cell_too_many_and_one_too_few_are_two_wrong_lines(book):
    lines = [GOOD + ",", GOOD.replace("A,", "B,"), GOOD.replace("A,", "C,").removesuffix(",正常")]
    batch = load_one(book.raw("repayment_201705.csv", "\n".join([HEADER, *lines, ""])))
    assert counts(batch) == (3, 1, 2, 0, 0)
    found = Finding.objects.order_by("line_no").values_list("line_no", "code", "value")
    assert [*found] == [(2, "column_count", "11"), (4, "column_count", "9")]


# headers


def test_header_order_is_free(book):
    batch = load_one(book.repayments(row(), columns=REPAYMENTS.names[::-1]))
    assert counts(batch) == (1, 1, 0, 0, 0)


def test_extra_columns_are_noted_and_ignored(book):
    columns = ["line_no", *REPAYMENTS.names, "备注", "loan_id", "reasons"]
    batch = load_one(book.repayments(row(备注="x", line_no="7"), row("X"), columns=columns))
    assert counts(batch) == (2, 1, 1, 0, 0)
    notes = LenderFile.objects.get(kind="repayments").notes
    assert [note["ignored_column"] for note in notes] == ["line_no", "备注", "loan_id"]


def test_extra_columns_may_share_a_name_or_have_none(book):
    text = f"{HEADER},x,x,,\n{GOOD},1,2,3,4\n{GOOD.replace('A,', 'B,')},1,2,3,\n"
    batch = load_one(book.raw("repayment_201705.csv", text))
    assert counts(batch) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("missing", REPAYMENTS.names)
def test_a_missing_column_refuses_the_repayment_file(book, missing):
    columns = [name for name in REPAYMENTS.names if name != missing]
    assert missing in refusal_of(book.repayments(row(), columns=columns))


@pytest.mark.parametrize("missing", LOANS.names)
def test_a_missing_column_refuses_the_loans_file(folder, missing):
    columns = [name for name in LOANS.names if name != missing]
    assert missing in refusal_of(folder.loans(loan(), columns=columns))
    assert not Loan.objects.exists()


def test_a_wanted_column_named_twice_refuses_the_file(book):
    text = f"{HEADER},as_of\n{GOOD},2017-05-31\n"
    assert "as_of" in refusal_of(book.raw("repayment_201705.csv", text))


@pytest.mark.parametrize("content", [b"", b"\n\n", codecs.BOM_UTF8, b"  \n"])
def test_an_empty_file_is_refused(folder, content):
    assert "空" in refusal_of(folder.raw("loans.csv", content))


def test_a_file_of_one_endless_line_is_refused(folder):
    refusal_of(folder.raw("loans.csv", "啊" * 700_000))


def test_a_file_with_a_header_alone_has_no_rows(book):
    batch = load_one(book.repayments(trailer=(0, "0.00")))
    assert counts(batch) == (0, 0, 0, 0, 0)
    assert batch["refused"] is None


def test_a_file_above_the_size_limit_is_refused_and_the_others_load(folder, settings):
    small = folder.loans(loan("A"), name="loans_a.csv")
    large = folder.loans(*(loan(f"B{n}") for n in range(50)), name="loans_b.csv")
    settings.LENDER_FILE_MAX_BYTES = 2000
    (first, second), refusal = load_all(large, small)
    assert "MiB" in first["refused"]
    assert counts(second) == (1, 1, 0, 0, 0)
    assert "loans_b.csv" in refusal


# the control total


def test_a_right_trailer_is_kept_beside_what_came(book):
    load(book.repayments(row("A"), late("B", outstanding_principal="0.5"), trailer=(2, "50000.50")))
    file = LenderFile.objects.get(kind="repayments")
    assert (file.declared_rows, str(file.declared_sum)) == (2, "50000.500000")
    assert file.delivered_sum == file.declared_sum


def test_a_trailer_in_a_file_without_one_is_not_asked_for(book):
    load(book.repayments(row("A")))
    file = LenderFile.objects.get(kind="repayments")
    assert (file.declared_rows, file.declared_sum) == (None, None)


@pytest.mark.parametrize("trailer", [(3, "100000.00"), (1, "100000.00"), (2, "100000.01")])
def test_a_trailer_that_differs_refuses_the_file_whole(book, trailer):
    refusal_of(book.repayments(row("A"), row("B"), trailer=trailer))
    assert not Finding.objects.exists()


def test_the_sum_of_a_loans_file_is_over_principal(folder):
    assert "principal" in refusal_of(folder.loans(loan("A"), loan("B"), trailer=(2, "1.00")))
    assert counts(load_one(folder.loans(loan("A"), trailer=(1, "100,000.00"), separator="|"))) == (
        1, 1, 0, 0, 0
    )  # fmt: skip


def test_the_sum_is_over_all_lines_before_any_is_judged(book):
    rows = [
        row("A"),
        row("unknown", outstanding_principal="10.005"),
        row("B", status="结清", outstanding_principal="-3.00"),
        row("C", outstanding_principal="-1,000.00"),
    ]
    batch = load_one(book.repayments(*rows, trailer=(4, "49007.005")))
    assert counts(batch) == (4, 2, 2, 0, 1)


def test_a_line_with_too_many_cells_counts_in_the_sum(book):
    text = "\n".join([HEADER, GOOD, GOOD.replace("A,", "B,") + ",more", "#TOTAL,2,100000.00"])
    assert counts(load_one(book.raw("repayment_201705.csv", text))) == (2, 1, 1, 0, 0)
    text = text.replace("B,", "C,").replace("2,100000.00", "2,50000.00")
    refusal_of(book.raw("repayment_201705.csv", text))


def test_an_unreadable_cell_of_the_summed_column_refuses_a_file_with_trailer(book):
    rows = [row("A"), row("B", outstanding_principal="many")]
    assert "3" in refusal_of(book.repayments(*rows, trailer=(2, "50000.00")))
    assert counts(load_one(book.repayments(*rows))) == (2, 1, 1, 0, 0)


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("status", ["结清", "核销"])
def test_an_empty_balance_of_a_closed_loan_can_be_read_as_nothing(book, status, blank):
    rows = [row("A"), row("B", status=status, outstanding_principal=blank)]
    batch = load_one(book.repayments(*rows, trailer=(2, "50000.00")))
    assert counts(batch) == (2, 2, 0, 0, 0)


def test_an_empty_balance_of_a_live_loan_refuses_a_file_with_trailer(book):
    refusal_of(book.repayments(row("A"), row("B", outstanding_principal=""), trailer=(2, "50000")))


def test_full_width_digits_count_in_the_sum(book):
    rows = [row("A", outstanding_principal="１，０００．５０")]
    assert counts(load_one(book.repayments(*rows, trailer=(1, "1000.50")))) == (1, 1, 0, 0, 1)


@pytest.mark.parametrize(
    "line",
    ["#TOTAL", "#TOTAL,2", "#TOTAL,two,5", "#TOTAL,1,x", "#TOTAL|1|50000.00", "#TOTAL,1,2,3"],
)
def test_a_trailer_that_cannot_be_read_refuses_the_file(book, line):
    assert "#TOTAL" in refusal_of(book.raw("repayment_201705.csv", f"{HEADER}\n{GOOD}\n{line}\n"))


def test_empty_cells_and_lines_behind_the_trailer_do_no_harm(book):
    text = f"{HEADER}\n{GOOD}\n#TOTAL,1,50000.00,,,,,,,\n\n  \n"
    assert counts(load_one(book.raw("repayment_201705.csv", text))) == (1, 1, 0, 0, 0)


def test_a_trailer_in_the_middle_is_a_wrong_line(book):
    text = f"{HEADER}\n#TOTAL,1,50000.00\n{GOOD}\n"
    assert counts(load_one(book.raw("repayment_201705.csv", text))) == (2, 1, 1, 0, 0)


def test_a_file_larger_than_a_chunk_is_read_as_one(book, monkeypatch):
    monkeypatch.setattr("postloss.adapters.lender_text.CHUNK_BYTES", 200)
    monkeypatch.setattr("core.files.PIECE", 64)
    load(book.loans(*(loan(f"M{n}") for n in range(40)), name="loans_more.csv"))
    rows = [row(f"M{n}") for n in range(40)] + [row("M3"), row("X")]
    batch = load_one(book.repayments(*rows, trailer=(42, "2100000.00")))
    assert counts(batch) == (42, 39, 3, 0, 0)
    lines = Finding.objects.order_by("line_no").values_list("line_no", "code")
    assert [*lines] == [(5, "repeated"), (42, "repeated"), (43, "unknown_loan")]
