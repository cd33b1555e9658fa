"""Journey: upload with bad rows → Excel of rejects → correct → import again."""

import pytest
from openpyxl import load_workbook

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def upload(person, path) -> None:
    person.open("/files/upload/")
    person.page.select_option("[name=lender]", label="甲银行")
    person.page.set_input_files("[name=files]", path)
    person.page.get_by_role("button", name="上传").click()
    person.page.wait_for_url("**/files/")


def open_newest(person) -> None:
    """Open the newest file once it is loaded (the rows refresh by themselves)."""
    person.page.locator("#file-rows tr").first.get_by_text("已完成").wait_for()
    person.page.locator("#file-rows tr").first.get_by_role("link").first.click()
    person.page.locator("#file-state .stat-value").first.wait_for()


def counts(person) -> list[str]:
    return person.page.locator("#file-state .stat-value").all_inner_texts()


def test_bad_rows_come_back_as_a_workbook_and_are_taken_once_corrected(somebody, house, tmp_path):
    lin = somebody("lin")
    upload(lin, house.files / "repayment_202601.csv")
    open_newest(lin)
    assert counts(lin) == ["200", "197", "3", "0", "0"]

    with lin.page.expect_download() as download:
        lin.page.get_by_role("link", name="Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "repayment_202601.rejects.xlsx"
    correct(path)

    upload(lin, path)
    open_newest(lin)
    assert counts(lin) == ["3", "3", "0", "0", "0"]


def correct(path) -> None:
    book = load_workbook(path)
    sheet = book.active
    names = [cell.value for cell in sheet[1]]
    good = {"days_overdue": "0", "instalments_overdue": "0", "status": "正常"}
    for line in sheet.iter_rows(min_row=2):
        for name, cell in zip(names, line, strict=False):
            if name in good:
                cell.value = good[name]
            if cell.value == "900.123":
                cell.value = "10060.00"
    book.save(path)
