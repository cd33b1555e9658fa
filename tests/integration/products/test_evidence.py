"""EVID-03, PRE-36a: a version is proven as a whole, and its filing's cases hold before the sale."""

import pytest
from django.db import connection
from django.urls import reverse

from core.errors import NotPermitted, RuleBroken
from core.evidence import builder_of
from products.models import PremiumFormula
from products.services import decide_review, draft_review, put_on_sale
from tests.factories.products import CASES, DAY, FORMULA


def test_a_pack_of_a_version_holds_filing_formula_rates_votes_duties_and_reviews(
    house, regulator_guan, client, officer_qian
):
    version = house.on_sale()
    review = draft_review(
        version=version, period_from=DAY, period_to=DAY.replace(month=4), decision="keep",
        reason="正常", by=house.drafter, at=house.at,
    )  # fmt: skip
    decide_review(review=review, is_confirmed=True, by=house.reviewer, at=house.at)
    builder = builder_of(label="products.productversion")
    with pytest.raises(NotPermitted):
        builder.find(regulator_guan, version.pk, DAY)
    found = builder.find(officer_qian, version.pk, DAY)
    pack = builder.build(found)
    assert version.filing_no in pack.title
    assert dict(pack.facts)["条款文件（SHA-256）"] == version.clauses_sha256
    rows = {section.title: list(section.rows) for section in pack.sections}
    assert FORMULA in rows["保费计算公式"][0]
    assert rows["保费计算公式"][0][-1] == str(house.reviewer.pk)
    assert [row[-1] for row in rows["备案算例"]] == ["一致"]
    assert len(rows["费率表"]) == version.tariff.count()
    assert {row[1] for row in rows["委员表决"]} == {str(house.reviewer.pk), str(house.seller.pk)}
    assert rows["职责分工"][0][1] == "产品负责人岗"
    assert rows["产品回顾"][0][2] == "正常"
    names = [each.name for each in pack.artefacts]
    assert f"{version.pk}-条款.txt" in names
    assert pack.subjects[0] == version
    client.force_login(officer_qian)
    shown = client.get(reverse("products:version", args=[version.pk])).content.decode()
    assert f"/evidence/objects/products.productversion/{version.pk}/" in shown
    proof = client.get(f"/evidence/objects/products.productversion/{version.pk}/")
    assert version.filing_no in proof.content.decode()


def test_PRE36a_a_version_whose_formula_fails_a_case_of_the_filing_does_not_go_on_sale(house):
    version = house.approved()
    wrong = [CASES[0], {**CASES[0], "expected": "600.01"}]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past what keeps the text
        PremiumFormula.objects.filter(version=version).update(cases=wrong)
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(RuleBroken, match="PRE-36a") as refusal:
        put_on_sale(version=version, by=house.seller, at=house.at)
    assert refusal.value.code == "formula_case_differs"
    assert "2" in refusal.value.message
    version.refresh_from_db()
    assert version.status == "approved"
