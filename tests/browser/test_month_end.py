"""Journeys: close a month with progress; from a red card to the line of the lender's file."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_month_is_restated_with_progress_and_the_page_can_be_left(somebody):
    lin = somebody("lin")
    lin.open("/month-ends/2025-12/")
    lin.page.fill("[name=reason]", "资金方更正")
    lin.page.locator("form[action$='/closing/'] button[type=submit]").click()
    lin.page.locator("#closing").wait_for()
    lin.open("/jobs/")
    lin.page.get_by_text("2025-12").first.wait_for()
    lin.page.locator(".job-list .job").first.get_by_text("已完成").wait_for()
    lin.open("/month-ends/2025-12/?version=2")
    lin.reads("资金方更正")
    lin.page.locator("#difference").wait_for()


def test_a_red_card_leads_to_its_loans_and_on_to_the_line_of_the_file(somebody):
    wang = somebody("wang")
    wang.open("/dashboard/?month=2025-12&version=1")
    wang.page.locator("a.stat-red").first.click()
    wang.page.wait_for_url(re.compile(r"level=red"))
    wang.page.locator("table a[href^='/warnings/']").first.click()
    wang.page.wait_for_url(re.compile(r"/warnings/\d+/"))
    wang.page.locator(".page-actions a.btn-primary").click()
    wang.page.wait_for_url(re.compile(r"/month-ends/2025-12/loans/"))
    wang.page.locator("table a[href^='/files/']").first.click()
    wang.page.wait_for_url(re.compile(r"/files/\d+/lines/\d+/"))
    assert "outstanding_principal" in wang.page.locator(".facts").first.inner_text()


def test_a_branch_manager_meets_nothing_of_another_branch(somebody):
    wang = somebody("wang")
    for path in ("/dashboard/", "/warnings/", "/month-ends/2025-12/", "/month-ends/2025-12/loans/"):
        wang.open(path)
        assert "上海" not in wang.page.content()


def test_every_page_of_the_menu_opens_in_both_languages_without_a_complaint(somebody):
    lin = somebody("lin")
    for language in ("en", "zh-hans"):
        lin.page.locator("form.language button").click()
        addresses = lin.page.eval_on_selector_all(".menu a", "links => links.map(a => a.href)")
        assert len(addresses) > 6
        for address in addresses:
            assert lin.page.goto(address).status == 200
        assert (
            lin.page.evaluate("document.documentElement.lang")
            == {
                "en": "en",
                "zh-hans": "zh-Hans",
            }[language]
        )
