"""The demo's product goes the whole way, by its people, once."""

from decimal import Decimal

import pytest

from core import clock
from desk.services.demo_products import CODE, file_products
from products.models import ProductReview, ProductVersion
from products.selectors import PricingTerms, clause_library, price, sellable_version
from products.services import check_special_agreements


@pytest.fixture
def people(manager_lin, chief_chen, director_zhao, chief_bai, chief_zheng, system_han):
    cast = (manager_lin, chief_chen, director_zhao, chief_bai, chief_zheng, system_han)
    return {person.username: person for person in cast}


def test_the_demo_files_a_product_that_can_be_sold(people):
    file_products(people)
    file_products(people)  # a second run finds it there
    version = sellable_version(product_code=CODE, on=clock.today())
    assert ProductVersion.objects.count() == 2
    assert version.resolution.tally["votes_for"] == 3
    assert [each.code for each in clause_library(version)] == ["TY-01", "TY-02"]
    assert check_special_agreements(version, ["TY-01", "TY-02"]) == ()
    sheet = price(
        version=version,
        terms=PricingTerms(
            principal=Decimal(150_000), annual_rate=Decimal("0.0699"), periods=36,
            start=clock.today(), grade="B", ltv=Decimal("0.75"), obligor_type="自然人",
            lender_code="DEMO", lender_type="auto_finance", mode="declining",
        ),
    )  # fmt: skip
    assert sheet.findings == ()
    assert sheet.rate == Decimal("0.025")
    assert ProductReview.objects.get().opened.status == "draft"
