"""Journey: a leaver with open work is dismissed; the successor finds the work in 待办."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_leaver_is_dismissed_and_the_successor_finds_the_work(somebody):
    wei = somebody("wei")
    wei.open("/?tab=team")
    row = wei.page.locator("table[data-work] tbody tr").last
    title = row.locator("a[data-open]").inner_text()
    row.get_by_role("link", name="办理进度").click()
    wei.page.locator("form[action$='/holder/'] button").click()
    wei.page.wait_for_url(re.compile(r"/warnings/\d+/"))
    wei.open("/")
    wei.reads(title)

    han = somebody("han")
    han.open("/organization/staff/?text=wei")
    han.page.get_by_role("link", name="wei", exact=True).click()
    han.page.get_by_role("link", name="人事变动").click()
    han.page.select_option("[name=kind]", "dismiss")
    han.page.select_option("[name=successor]", label="北京分公司 · 介任")
    han.page.fill("[name=reason]", "合同到期")
    han.page.locator("main form button[type=submit]:not([name=preview])").click()
    han.reads("离职交接报告")
    han.reads(title)

    wei.open("/")
    assert "/login/" in wei.page.url

    jie = somebody("jie")
    jie.reads(title)
    jie.page.keyboard.press("j")
    jie.page.keyboard.press("Enter")
    jie.page.wait_for_url(re.compile(r"/warnings/\d+/"))
