"""Journeys: a person unmasked with a reason, and what leaves the house as a file."""

import io
import os
import re

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import SECRET
from tests.totp import next_code

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PICTURES = os.environ.get("XINBAO_PICTURES", "")
LOANS = "/month-ends/2025-12/loans/"


def picture(person, name: str) -> None:
    if PICTURES:
        person.page.screenshot(path=f"{PICTURES}/{name}.png")


def let_the_second_factor_grow_stale(person, house) -> None:
    """Put the sign-in half an hour back, as if the person had been reading since."""
    key = next(each for each in person.page.context.cookies() if each["name"] == "sessionid")
    house.manage(
        "shell",
        "-c",
        f"""
from importlib import import_module
from django.conf import settings
from organization.services.step_up import FACT
session = import_module(settings.SESSION_ENGINE).SessionStore(session_key="{key["value"]}")
session[FACT] = session[FACT] | {{"at": session[FACT]["at"] - 1800}}
session.save()
""",
    )


def reveal(person, reason: str) -> None:
    for box in person.page.locator("#reveal [name=shown]").all():
        box.check()
    person.page.fill("#reveal [name=reason]", reason)
    person.page.locator("#reveal form button[type=submit]").click()


def lines_of(download, tmp_path) -> str:
    path = tmp_path / download.suggested_filename
    download.save_as(path)
    book = load_workbook(io.BytesIO(path.read_bytes()))
    cells = (str(cell) for sheet in book for row in sheet.values for cell in row if cell)
    edges = (
        edge.text or ""
        for sheet in book
        for edge in (sheet.oddHeader.center, sheet.oddFooter.left, sheet.oddFooter.center)
    )
    return "\n".join([*cells, *edges])


def test_a_person_is_unmasked_with_code_and_reason_until_the_share_is_used_up(somebody, house):
    jie = somebody("jie")
    jie.open(LOANS)
    jie.page.locator("main table a[href^='/loans/']").first.click()
    jie.page.wait_for_url(re.compile(r"/loans/\d+/$"))
    loan = jie.page.url
    assert "王小明" not in jie.page.locator("main").inner_text()
    mark = jie.page.locator("img.watermark")
    assert mark.evaluate("each => each.complete && each.naturalWidth > 0")
    address = jie.page.locator("a[href$='/obligor/']").first.get_attribute("href")

    let_the_second_factor_grow_stale(jie, house)
    jie.open(address)
    jie.page.wait_for_url("**/second-factor/confirmation/**")
    jie.page.fill("main [name=code]", next_code(SECRET, "jie"))
    jie.page.press("main [name=code]", "Enter")
    jie.page.wait_for_url("**/obligor/")
    reveal(jie, "客户来电核对身份")
    jie.page.locator("#reveal .revealed", has_text="王小明").wait_for()
    picture(jie, "unmasked-with-watermark")
    mark = jie.page.request.get(f"{house.url}/watermark.svg").text()
    assert "介任" in mark
    assert "jie" in mark

    jie.open(address)
    reveal(jie, "再次核对")
    jie.page.locator("#reveal .revealed", has_text="王小明").wait_for()
    jie.open(address)
    reveal(jie, "第三次核对")
    jie.page.locator("#reveal .alert-danger, #reveal .invalid-feedback").first.wait_for()
    assert jie.page.locator("#reveal .revealed").count() == 0
    jie.complaints.clear()  # the browser reports the refusal's status 422 or 429 as an error
    jie.page.goto(loan)
    assert "王小明" not in jie.page.locator("main").inner_text()

    he = somebody("he")
    he.open("/audit/?action=identity_revealed")
    picture(he, "audit-search")
    he.page.locator("#records tbody a").first.click()
    he.reads("再次核对")
    told = he.page.locator("main").inner_text()
    assert "jie" in told
    assert "王小明" not in told


def test_an_export_carries_name_time_and_number(somebody, tmp_path):
    jie = somebody("jie")
    jie.open(LOANS)
    with jie.page.expect_download() as coming:
        jie.page.locator("a[href*='/loans.xlsx']").click()
    text = lines_of(coming.value, tmp_path)
    jie.open("/exports/")
    number = jie.page.locator("main table tbody tr").first.locator("a").first.inner_text()
    assert re.search(rf"介任.*jie.*\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d.*{re.escape(number)}", text)
    assert "王小明" not in text


def test_a_big_export_is_approved_by_another_person_and_fetched(somebody, tmp_path):
    lin = somebody("lin")
    lin.open(LOANS)
    lin.page.locator("a[href*='/loans.xlsx']").click()
    lin.page.fill("main [name=reason]", "提交董事会风险委员会")
    lin.page.locator("main form[method=post] button[type=submit]").click()
    lin.page.wait_for_url(re.compile(r"/exports/\d+/$"))
    address = lin.page.url
    assert lin.page.locator("main [name=decision]").count() == 0
    assert lin.page.locator("a[href$='/file/']").count() == 0

    chen = somebody("chen")
    chen.open("/exports/?status=waiting")
    chen.page.locator(f"main table a[href='/{address.split('/', 3)[3]}']").first.click()
    chen.reads("提交董事会风险委员会")
    picture(chen, "export-to-approve")
    chen.page.check("main [name=decision][value=approve]")
    chen.page.locator("main form[action$='/decision/'] button[type=submit]").click()
    chen.page.locator(".alert-success").wait_for()
    assert chen.page.locator("a[href$='/file/']").count() == 0

    for _ in range(60):
        lin.page.goto(address)
        if lin.page.locator("a[href$='/file/']").count():
            break
        lin.page.wait_for_timeout(500)
    number = lin.page.locator("h1").inner_text().split(" ")[0]
    with lin.page.expect_download() as coming:
        lin.page.locator("a[href$='/file/']").click()
    text = lines_of(coming.value, tmp_path)
    assert re.search(rf"林风.*lin.*\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d.*{re.escape(number)}", text)
