"""Journey: a figure from memory is looked up, proposed by one person, approved by another."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NAME = "data.incident_report_hours"
PAGE = f"/governance/parameters/{NAME}/"


def test_a_parameter_is_proposed_by_one_person_and_approved_by_another(somebody):
    qian = somebody("qian")
    qian.open("/governance/parameters/")
    qian.reads("未经批准")
    qian.page.fill("[name=q]", "incident_report")
    qian.page.press("[name=q]", "Enter")
    qian.page.locator(f"table a[href='{PAGE}']").first.click()
    qian.reads("现行，但未经批准")
    qian.page.locator(".page-actions a.btn-primary").click()
    qian.page.fill("[name=value_text]", '{"first_report": 2, "formal_report": 24}')
    qian.page.fill("[name=source]", "金规〔2024〕24号 原文")
    qian.page.fill("[name=reason]", "已核对原文")
    qian.page.locator("main form[method=post] button[type=submit]").last.click()
    qian.reads("方案已提出，待他人审批")
    assert qian.page.locator("button[value=approve]").count() == 0

    zheng = somebody("zheng")
    zheng.open("/governance/parameters/")
    zheng.page.locator(f"#proposals a[href='{PAGE}']").click()
    zheng.reads("已核对原文")
    zheng.page.locator("button[value=approve]").click()
    zheng.reads("取值已批准")
    assert zheng.page.get_by_text("现行，但未经批准").count() == 0
    assert "郑规" in zheng.page.locator("main").inner_text()
