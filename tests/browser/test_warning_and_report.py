"""Journeys: take a warning through its loop; open the regulator's report."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def step(person, **words: str) -> None:
    for name, text in words.items():
        person.page.fill(f"#step [name={name}]", text)
    person.page.locator("#step button[type=submit]").click()


def test_a_warning_is_acknowledged_and_disposed_of_with_evidence_and_reviewed_by_another(
    somebody, tmp_path
):
    wang = somebody("wang")
    wang.open("/warnings/?level=red")
    wang.page.locator("table a[href^='/warnings/']").first.click()
    wang.page.wait_for_url(re.compile(r"/warnings/\d+/"))
    address = wang.page.url
    step(wang, remark="已知悉")
    wang.page.locator("#step select[name=measure]").wait_for()
    evidence = tmp_path / "会议纪要.txt"
    evidence.write_text("与资金方会议纪要", encoding="utf-8")
    wang.page.select_option("#step [name=measure]", "collect")
    wang.page.set_input_files("#step [name=evidence]", evidence)
    step(wang, remark="提前催收，逐户核实")
    wang.reads("提前催收，逐户核实")

    chen = somebody("chen")
    chen.page.goto(address)
    chen.page.check("#step [name=decision][value=accept]")
    step(chen, remark="措施适当")
    chen.reads("措施适当")


def test_a_red_warning_shows_as_a_control_on_new_business(somebody):
    lin = somebody("lin")
    lin.open("/controls/")
    lin.reads("北京")


def test_a_quarter_is_drafted_in_a_job_and_its_pdf_opens(somebody):
    lin = somebody("lin")
    lin.open("/reports/")
    lin.page.select_option("[name=quarter]", label="2025Q4")
    lin.page.locator("form[action$='/drafts/'] button[type=submit]").click()
    lin.open("/jobs/")
    lin.page.locator(".job-list .job").first.get_by_text("已完成").wait_for()
    lin.open("/reports/")
    lin.page.locator("table a").first.click()
    link = lin.page.locator("a[href$='report.pdf']").get_attribute("href")
    answer = lin.page.request.get(lin.house.url + link)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")
