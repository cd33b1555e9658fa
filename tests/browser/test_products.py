"""Journey: a product that others filed is read, compared and priced by keyboard."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEED = """
from desk.services.demo_products import file_products
from organization.models import Staff
file_products({each.username: each for each in Staff.objects.select_related("unit")})
"""


def test_a_filed_product_is_read_compared_and_priced_by_keyboard(house, somebody):
    house.manage("shell", "-c", SEED)
    xu = somebody("xu")
    xu.open("/products/versions/?status=on_sale")
    xu.page.get_by_role("link", name="版本 1").click()
    xu.reads("各期期初未偿本金")
    xu.reads("（示例财险）（备-保证保险）【2025】（主）018号")
    assert xu.page.get_by_text("上市销售").count() == 0  # an underwriter reads
    xu.page.get_by_role("link", name="对比").first.click()
    xu.reads("有变化")
    xu.page.go_back()
    xu.page.get_by_role("link", name="按此版本计价").click()
    for name, value in (
        ("principal", "150000"), ("annual_rate", "0.0699"), ("periods", "36"), ("grade", "B"),
        ("obligor_type", "自然人"), ("lender_code", "DEMO"),
    ):  # fmt: skip
        xu.page.fill(f"[name={name}]", value)
    xu.page.select_option("[name=lender_type]", "auto_finance")
    xu.page.select_option("[name=mode]", "declining")
    xu.page.press("[name=principal]", "Enter")
    xu.reads("抵押率未知，而费率表需要该要素。")
    xu.page.fill("[name=ltv]", "0.75")
    xu.page.press("[name=ltv]", "Enter")
    xu.reads("312.50")  # 150,000 × 2.5 % ÷ 12
    assert xu.page.get_by_text("按此条件不得承保").count() == 0
    sent_on = xu.page.url.removeprefix(xu.house.url)
    assert "ltv=0.75" in sent_on
    xu.open(sent_on)
    xu.reads("312.50")
    xu.page.fill("[name=annual_rate]", "0.23")
    xu.page.press("[name=annual_rate]", "Enter")
    xu.reads("任何人不得放行")
    xu.reads("PRE-12b")
