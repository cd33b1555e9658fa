"""Journey: a policy is quoted, issued, endorsed, paid late, settled early and given back."""

import datetime as dt

import pytest

from core import clock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEED = """
from decimal import Decimal
from core import clock
from desk.services.demo_products import file_products
from organization.models import Staff
from organization.selectors import head_office
from tests.factories.authority import MILLION, granted
from tests.factories.partners import licensed_lender
people = {each.username: each for each in Staff.objects.select_related("unit")}
file_products(people)
licensed_lender(
    code="DEMO", name="示例汽车金融公司", by=people["bai"], checker=people["chen"], at=clock.now()
)
granted(
    people["gao"].unit, by=people["bai"], checker=people["chen"], at=clock.now(),
    person=people["gao"], max_amount=MILLION, valid_from=clock.today(),
)
"""
# The book of the house is red, which suspends new business everywhere; the journey waits it out.
CALM = """
from django.utils import timezone
from underwriting.models import Control
Control.objects.live().update(lifted_at=timezone.now(), lift_reason="journey")
"""
RED = """
from underwriting.models import Control
Control.objects.filter(lift_reason="journey").update(lifted_at=None, lift_reason="")
"""
MOVE = """
from core import clock
from underwriting.services.premiums import move_premiums
move_premiums(through=clock.today(), by=None, at=clock.now())
"""


def test_a_policy_goes_from_quote_to_refund(house, somebody):
    house.manage("shell", "-c", SEED)
    today = clock.today()
    yue, gao, sun = (somebody(name) for name in ("yue", "gao", "sun"))
    quote = quoted(yue, start=today - dt.timedelta(days=45))
    refused_while_red(gao, quote)
    house.manage("shell", "-c", CALM)
    try:
        policy = issued(gao, quote)
    finally:
        house.manage("shell", "-c", RED)
    printed(yue, policy)
    endorsed(yue, gao, policy, today)
    house.manage("shell", "-c", MOVE)
    paid_late(sun, policy, today)
    settled_and_given_back(gao, sun, policy, today)
    closed(sun, somebody("chen"), f"{today:%Y-%m}")


def quoted(yue, *, start):
    yue.open("/quotes/new/")
    for name, value in (
        ("contract_no", "HT-2026-001"), ("obligor_name", "张小北"),
        ("obligor_document", "110101199003074258"), ("principal", "100000"),
        ("region", "110000"), ("annual_rate", "0.0699"), ("periods", "12"),
        ("start", f"{start}"), ("grade", "A"), ("ltv", "0.5"), ("obligor_type", "自然人"),
    ):  # fmt: skip
        yue.page.fill(f"[name={name}]", value)
    yue.page.select_option("[name=lender]", label="示例汽车金融公司")
    yue.page.select_option("[name=lender_type]", "auto_finance")
    yue.page.select_option("[name=mode]", "single")
    yue.page.locator("main form button[type=submit]").click()
    yue.page.wait_for_url("**/quotes/*/")
    yue.reads("报价制作人不得签发保单")
    yue.reads("round_fen")
    return yue.page.url.removeprefix(yue.house.url)


def refused_while_red(gao, quote):
    gao.open(quote)
    gao.page.get_by_role("link", name="签发保单").click()
    gao.page.fill("[name=reason]", "资料齐全，同意承保。")
    gao.page.locator("main form button[type=submit]").click()
    gao.reads("新业务受限：")
    gao.reads("责任机构")
    assert gao.page.input_value("[name=reason]") == "资料齐全，同意承保。"
    assert gao.complaints.pop().endswith("422 (Unprocessable Entity)")


def issued(gao, quote):
    gao.open(quote)
    gao.page.get_by_role("link", name="签发保单").click()
    gao.page.fill("[name=reason]", "资料齐全，同意承保。")
    gao.page.locator("main form button[type=submit]").click()
    assert gao.page.locator(".error-summary").all_inner_texts() == []
    gao.page.get_by_role("link", name="查看保单").click()
    gao.reads("有效")
    gao.reads("603101")
    return gao.page.url.removeprefix(gao.house.url)


def printed(yue, policy):
    yue.open(policy)
    for words in ("保单", "保险凭证"):
        address = yue.page.locator("main").get_by_role("link", name=words, exact=True)
        paper = yue.page.request.get(yue.house.url + address.last.get_attribute("href"))
        assert paper.status == 200
        assert paper.body().startswith(b"%PDF")


def endorsed(yue, gao, policy, today):
    yue.open(policy)
    yue.page.get_by_role("link", name="申请批改").click()
    yue.page.select_option("[name=kind]", "extension")
    yue.page.fill("[name=effective_on]", f"{today}")
    yue.page.fill("[name=periods]", "6")
    yue.page.fill("[name=reason]", "借款展期六个月")
    yue.page.locator("main form button[type=submit]").click()
    yue.reads("批改待审批")
    gao.open(policy)
    gao.page.get_by_role("link", name="审批批改").click()
    gao.page.check("[name=is_approved][value='1']")
    gao.page.locator("main form button[type=submit]").click()
    gao.reads("批改已生效")


def paid_late(sun, policy, today):
    sun.open(policy)
    sun.reads("逾期保费")
    overdue = sun.page.locator(".stat-red .stat-value").inner_text().split("元")[0]
    sun.page.get_by_role("link", name="登记收费").click()
    sun.page.fill("[name=amount]", overdue.replace(",", "").strip())
    sun.page.fill("[name=received_on]", f"{today}")
    sun.page.fill("[name=reference]", "B-0001")
    sun.page.locator("main form button[type=submit]").click()
    sun.page.wait_for_url("**/policies/*/")
    assert sun.page.locator(".stat-red").count() == 0


def settled_and_given_back(gao, sun, policy, today):
    gao.open(policy)
    gao.page.get_by_role("link", name="终止保单").click()
    gao.page.select_option("[name=action]", "settle")
    gao.page.fill("[name=on]", f"{today}")
    gao.page.fill("[name=reason]", "借款提前结清")
    gao.page.get_by_role("button", name="试算").click()
    gao.reads("应退保费（含税）")
    assert gao.page.input_value("[name=reason]") == "借款提前结清"
    gao.page.get_by_role("button", name="按此终止保单").click()
    gao.reads("已终止：提前结清")
    sun.open(policy)
    sun.page.get_by_role("link", name="支付退费").click()
    sun.page.fill("[name=reference]", "B-0002")
    sun.page.locator("main form button[type=submit]").click()
    sun.page.wait_for_url("**/policies/*/")
    assert sun.page.get_by_role("link", name="支付退费").count() == 0


def closed(sun, chen, month):
    sun.open(f"/finance/books/months/{month}/closing/")
    sun.page.get_by_role("button", name="提交结账确认").click()
    chen.open(f"/finance/books/months/{month}/closing/")
    chen.page.get_by_role("button", name="确认结账（不可撤销）").click()
    chen.reads("已结账")
