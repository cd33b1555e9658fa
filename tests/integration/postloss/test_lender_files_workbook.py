"""The workbook of rejects: written, corrected, sent back; and what pretends to be one."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from partners.models import LenderFile
from postloss.models import Finding, LoanStatus, RejectedLine
from postloss.rules.lender_files import LOANS, REPAYMENTS
from tests.builders import Folder, counts, late, load, load_all, load_one, loan, row
from underwriting.models import Loan, LoanTerms

pytestmark = pytest.mark.django_db
NAME, NUMBER = "张三丰", "11010519491231002X"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def book(folder):
    load(folder.loans(loan("A"), loan("B"), loan("C")))
    return folder


def lines_of(path):
    """Header and lines of a workbook as lists of text."""
    sheet = load_workbook(path).worksheets[0]
    return [[cell.value for cell in each] for each in sheet.iter_rows()]


def corrected(path, target: Path, **cells):
    """The workbook with cells of its first line changed (column name → value)."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for name, value in cells.items():
        sheet.cell(2, names.index(name) + 1).value = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def refused(path):
    (batch,), refusal = load_all(path)
    assert refusal
    assert counts(batch) == (0, 0, 0, 0, 0)
    return batch["refused"]


def test_the_workbook_keeps_the_name_the_line_keys_and_all_reasons(book):
    batch = load_one(book.repayments(row("A"), row("B", status="坏", days_overdue="x")))
    path = Path(batch["rejects_file"])
    assert path.name == "repayment_201705.rejects.xlsx"
    header, line = lines_of(path)
    assert header == ["line_key", *REPAYMENTS.names, "reasons"]
    file = LenderFile.objects.get(kind="repayments")
    assert line[0] == f"{file.pk}-3"
    assert line[1:3] == ["B", "2017-05-31"]
    assert "days_overdue “x”" in line[-1]
    assert "status “坏”" in line[-1]


def test_a_file_without_rejects_has_no_workbook(book):
    assert load_one(book.repayments(row("A")))["rejects_file"] is None


def test_a_corrected_workbook_is_a_correction_of_its_own_lines_alone(book, tmp_path):
    batch = load_one(book.repayments(row("A"), row("B", status="坏"), row("C", status="坏")))
    path = corrected(batch["rejects_file"], tmp_path / "back" / "repayment_201705.rejects.xlsx",
                     status="正常", outstanding_principal=1234.5)  # fmt: skip
    again = load_one(path)
    assert (again["kind"], again["as_of"]) == ("repayments", "2017-05-31")
    assert counts(again) == (2, 1, 1, 0, 0)
    loan_b = Loan.objects.get(loan_no="B")
    assert LoanStatus.objects.get(loan=loan_b).outstanding_fen == 123450
    third = corrected(again["rejects_file"], tmp_path / "back" / "repayment_201705.2.xlsx",
                      status="正常")  # fmt: skip
    assert counts(load_one(third)) == (1, 1, 0, 0, 0)
    assert LoanStatus.objects.count() == 3


def test_cells_that_excel_made_numbers_and_dates_are_read(book, tmp_path):
    import datetime as dt

    batch = load_one(book.repayments(late("B", as_of="?", days_overdue="?")))
    path = corrected(
        batch["rejects_file"], tmp_path / "b" / "repayment_201705.rejects.xlsx",
        as_of=dt.datetime(2017, 5, 31), days_overdue=31, instalments_overdue=2.0,  # noqa: DTZ001
        outstanding_principal=0.1 + 0.2, due_amount=100,
    )  # fmt: skip
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)
    status = LoanStatus.objects.get()
    assert (status.days_overdue, status.instalments_overdue) == (31, 2)
    assert status.outstanding_fen == 30


def test_a_workbook_sent_back_as_it_is_is_rejected_again(book, tmp_path):
    lines = ["A,2017-05-31,4,0,0,2017-05-15,100.00,100.00,50000.00,正常,surplus", "B,only"]
    text = "\n".join([",".join(REPAYMENTS.names), *lines])
    first = load_one(book.raw("repayment_201705.csv", text))
    assert counts(first) == (2, 0, 2, 0, 0)
    again = load_one(Path(first["rejects_file"]))
    assert counts(again) == (2, 0, 2, 0, 0)
    assert lines_of(again["rejects_file"])[1][12] == "surplus"


def test_ignored_columns_do_not_come_back_as_surplus_cells(book, tmp_path):
    columns = ["x", *REPAYMENTS.names, "y"]
    batch = load_one(book.repayments(row("A", status="坏", x="1", y="2"), columns=columns))
    path = corrected(batch["rejects_file"], tmp_path / "b" / "repayment_201705.xlsx", status="正常")
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)


# personal cells


def personal_batch(folder, **cells):
    wrong = {"obligor_id": NUMBER, "obligor_name": NAME, "rate": "7"} | cells
    return load_one(folder.loans(loan("P", **wrong)))


def test_personal_cells_are_masked_in_workbook_findings_and_at_rest(folder):
    batch = personal_batch(folder)
    line = lines_of(batch["rejects_file"])[1]
    assert line[2:4] == ["1101**********002X", "张**"]
    content = b"".join(
        zipfile.ZipFile(batch["rejects_file"]).read(name)
        for name in zipfile.ZipFile(batch["rejects_file"]).namelist()
    )
    for secret in (NAME, NUMBER):
        assert secret.encode() not in content
        assert secret.encode() not in bytes(RejectedLine.objects.get().sealed_cells)


def test_a_finding_on_a_personal_cell_is_masked(folder):
    personal_batch(folder, obligor_name=NAME * 50)
    assert Finding.objects.get(column="obligor_name").value.startswith("张**")
    assert NAME not in Finding.objects.get(column="obligor_name").value


def test_a_number_that_slipped_into_another_column_is_masked_too(folder):
    text = ",".join(LOANS.names) + f"\n{NUMBER},{NAME},100,0.1,12,2017-01-15\n"
    batch = load_one(folder.raw("loans.csv", text))
    assert lines_of(batch["rejects_file"])[1][1] == "1101**********002X"


def test_a_masked_cell_left_as_it_is_means_the_stored_value(folder, tmp_path):
    batch = personal_batch(folder)
    path = corrected(batch["rejects_file"], tmp_path / "b" / "loans.rejects.xlsx", rate="0.07")
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)
    from parties.selectors import party_by_document

    assert Loan.objects.get().obligor == party_by_document(number=NUMBER)
    same = loan("P", obligor_id=NUMBER, obligor_name=NAME, rate="0.07")
    assert counts(load_one(folder.loans(same, name="loans_b.csv"))) == (1, 0, 0, 1, 0)


def test_a_masked_cell_that_was_typed_over_means_what_was_typed(folder, tmp_path):
    batch = personal_batch(folder)
    path = corrected(batch["rejects_file"], tmp_path / "b" / "loans.rejects.xlsx",
                     rate="0.07", obligor_id="440103196807206249")  # fmt: skip
    load(path)
    from parties.selectors import party_by_document

    assert party_by_document(number=NUMBER) is None
    assert Loan.objects.get().obligor == party_by_document(number="440103196807206249")


def test_a_line_key_of_another_lender_opens_nothing(folder, tmp_path):
    batch = personal_batch(folder)
    path = corrected(batch["rejects_file"], tmp_path / "b" / "loans.rejects.xlsx", rate="0.07")
    load(path, lender="L02")
    from parties.selectors import party_by_document

    assert party_by_document(number=NUMBER) is None


@pytest.mark.parametrize("key", ["", "x-y", "²-3", "9" * 30 + "-1", "1-2-3", "99999999-1"])
def test_a_line_key_that_means_nothing_does_no_harm(folder, tmp_path, key):
    batch = personal_batch(folder)
    path = corrected(batch["rejects_file"], tmp_path / "b" / "loans.rejects.xlsx",
                     rate="0.07", line_key=key)  # fmt: skip
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)


# A8, A9: user text stays text


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\u202eabc"]
)
def test_a_formula_in_a_cell_stays_text(folder, text):
    batch = personal_batch(folder, branch=text)
    sheet = load_workbook(batch["rejects_file"]).worksheets[0]
    cell = sheet.cell(2, 1 + 1 + LOANS.names.index("branch"))
    assert (cell.data_type, cell.value) == ("s", text)
    inner = zipfile.ZipFile(batch["rejects_file"]).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in inner


def test_control_characters_do_not_break_the_workbook_and_stay_rejected(folder, tmp_path):
    batch = load_one(folder.loans(loan("P", branch="北\x01京", obligor_name="a\x00b")))
    assert counts(batch) == (1, 0, 1, 0, 0)
    assert lines_of(batch["rejects_file"])[1][11] == "北�京"
    assert counts(load_one(Path(batch["rejects_file"]))) == (1, 0, 1, 0, 0)
    path = corrected(batch["rejects_file"], tmp_path / "b" / "loans.xlsx",
                     branch="北京", obligor_name="ab")  # fmt: skip
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)
    assert LoanTerms.objects.count() == 1


# A7: what pretends to be a workbook


def zipped(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


@pytest.mark.parametrize("content", [b"", b"loan_no,as_of\n", b"PK\x03\x04 polyglot", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused(book, content):
    assert refused(book.raw("repayment_201705.xlsx", content))


def test_a_zip_without_a_workbook_is_refused(book, tmp_path):
    assert refused(zipped(tmp_path / "repayment_201705.xlsx", other_xml=b"<a/>"))


def test_a_zip_bomb_is_refused_unopened(book, tmp_path):
    bomb = zipped(tmp_path / "repayment_201705.xlsx", xl__workbook_xml=b" " * (20 << 20))
    assert "CSV" in refused(bomb)


def test_a_zip_with_too_many_entries_is_refused(book, tmp_path):
    many = zipped(tmp_path / "repayment_201705.xlsx", **{f"e{n}": b"x" for n in range(2500)})
    assert "CSV" in refused(many)


def with_part(path: Path, name: str, change) -> Path:
    """A good workbook of one line with one part changed or added."""
    book = Workbook()
    book.active.append([*REPAYMENTS.names])
    book.active.append([*row("A").values()])
    sink = io.BytesIO()
    book.save(sink)
    with zipfile.ZipFile(sink) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            target.writestr(entry, change(content) if entry == name else content)
        if name not in source.namelist():
            target.writestr(name, change(b""))
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_with_the_right_header_is_read_though_we_did_not_write_it(book, tmp_path):
    path = with_part(tmp_path / "repayment_201705.xlsx", SHEET, lambda part: part)
    assert counts(load_one(path)) == (1, 1, 0, 0, 0)


def test_macros_are_refused(book, tmp_path):
    path = with_part(tmp_path / "repayment_201705.xlsx", "xl/vbaProject.bin", lambda _: b"x")
    assert "xlsx" in refused(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part[: len(part) // 2],
        lambda part: part.replace(b"<sheetData>", b"<sheetData>&xxe;"),
        lambda part: (
            b'<!DOCTYPE a [<!ENTITY x "' + b"A" * 9000 + b'">]><a>' + b"&x;" * 90000 + b"</a>"
        ),
        lambda part: part.replace(b'r="A1"', b'r="A"'),
        lambda part: b"\x00\x01\x02",
    ],
)
def test_a_spoilt_sheet_is_refused_with_a_sentence(book, tmp_path, change):
    assert refused(with_part(tmp_path / "repayment_201705.xlsx", SHEET, change))


def test_a_file_outside_is_never_read_into_a_workbook(book, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()

    def change(part):
        head, _, body = part.partition(b"<worksheet")
        return head + entity + b"<worksheet" + body.replace(b"<t>A</t>", b"<t>&x;</t>")

    path = with_part(tmp_path / "repayment_201705.xlsx", SHEET, change)
    load_all(path)
    assert not RejectedLine.objects.filter(loan_no__contains="geheim").exists()


def test_a_sheet_that_claims_a_million_rows_and_columns_is_read_quickly(book, tmp_path):
    def change(part):
        part = part.replace(b'r="2"', b'r="1048576"')
        start, end = part.index(b"<dimension"), part.index(b"/>", part.index(b"<dimension"))
        return part[:start] + b'<dimension ref="A1:XFD1048576"' + part[end:]

    path = with_part(tmp_path / "repayment_201705.xlsx", SHEET, change)
    (batch,), _ = load_all(path)
    assert batch["rows"] <= 1
