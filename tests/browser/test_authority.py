"""Journey: a granted and a refused authority, with the reason shown."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def put_case(person, title: str, amount: str) -> str:
    person.open("/organization/authority/cases/new/")
    person.page.select_option("[name=unit]", label="北京分公司")
    person.page.fill("[name=title]", title)
    person.page.fill("[name=text]", "流动资金贷款保证续作")
    person.page.fill("[name=amount]", amount)
    person.page.fill("[name=party-0-name]", "测试公司")
    person.page.fill("[name=party-0-document]", "91110000100000000X")
    person.page.locator("main form button.btn-primary").click()
    person.page.wait_for_url(re.compile(r"/cases/\d+/$"))
    return person.page.url


def sign(person, address: str) -> None:
    person.page.goto(address)
    person.page.check("#decision [name=outcome][value=sign]")
    person.page.fill("#decision [name=reason]", "符合承保政策")
    person.page.locator("#decision button[type=submit]").click()


def test_what_is_granted_is_signed_and_what_is_beyond_is_refused_with_the_reason(somebody):
    bai = somebody("bai")
    bai.open("/organization/authority/grants/proposal/")
    bai.page.select_option("[name=role]", label="分公司经理")
    bai.page.select_option("[name=unit]", label="总公司")
    bai.page.fill("[name=max_amount]", "1000000")
    bai.page.fill("[name=level]", "2")
    bai.page.fill("[name=reason]", "年度授权")
    bai.page.locator("[name=preview]").click()
    bai.page.locator("#preview").get_by_text("王京").wait_for()
    bai.page.locator("main form button.btn-primary").click()
    bai.page.wait_for_url(re.compile(r"/grants/\d+/$"))
    grant = bai.page.url

    chen = somebody("chen")
    chen.page.goto(grant)
    chen.page.locator("[name=decision][value=approve]").click()
    chen.reads("已批准")

    xu = somebody("xu")
    small, big = put_case(xu, "甲公司续作", "800000"), put_case(xu, "乙公司新增", "2000000")
    xu.page.goto(small)
    xu.page.locator("#signers").get_by_text("王京").wait_for()

    wang = somebody("wang")
    sign(wang, small)
    wang.reads("决定已记录")
    sign(wang, big)
    wang.reads("2,000,000 高于 1,000,000")
    # the browser reports the 403 itself: that is what was wanted
    wang.complaints = [each for each in wang.complaints if "403" not in each]
