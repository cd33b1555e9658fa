"""A8, A9: text that tries to be more than text, in a workbook that left the house."""

import pytest
from openpyxl import load_workbook

from core.workbooks import COUNT, TEXT, Sheet, workbook

RISKY = [
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0", "#N/A", "-",
]  # fmt: skip


def written(*texts: str, mark: str = "水印"):
    sheet = Sheet(title="x", columns=[("a", TEXT), ("n", COUNT)], rows=[[t, 1] for t in texts])
    with workbook(sheets=[sheet], mark=mark) as book:
        return load_workbook(book).active


@pytest.mark.parametrize("text", RISKY)
def test_risky_text_stays_text_also_once_it_is_edited(text):
    cell = written(text)["A3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_plain_text_and_numbers_stay_what_they_are():
    page = written("张三")
    assert (page["A3"].value, bool(page["A3"].quotePrefix)) == ("张三", False)
    assert (page["B3"].value, page["B3"].data_type) == (1, "n")


def test_a_risky_cell_does_not_leak_into_the_next_row():
    page = written("=1", "plain", "+2")
    assert [page[f"A{n}"].value for n in (3, 4, 5)] == ["=1", "plain", "+2"]
    assert [bool(page[f"A{n}"].quotePrefix) for n in (3, 4, 5)] == [True, False, True]


def test_text_that_turns_the_reading_order_is_written_out():
    assert written("abc\u202egpj.exe")["A3"].value == "abc[U+202E]gpj.exe"


def test_the_mark_stands_in_the_first_line_and_on_every_printed_page():
    page = written("a", mark="林风 & 导出 EX00000001")
    assert page["A1"].value == "林风 & 导出 EX00000001"
    assert page.oddHeader.center.text == page.oddFooter.center.text == "林风 && 导出 EX00000001"
