"""The issuing branch is the policyholder's territory, or head office authorised it: PRE-24a."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse

from core.errors import RuleBroken
from core.models import AuditRecord
from core.services import approve_parameter, propose_parameter
from underwriting.models import Policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_of_regions(officer_qian, chief_zheng, at):
    """Return a function by which two people of the head office put a table in force."""

    def ordered(name, table):
        row = propose_parameter(
            name=f"issue.{name}", value_text=json.dumps(table), valid_from=dt.date(2026, 1, 1),
            source="总公司授权书 2026-1 号", reason="客户服务", by=officer_qian, at=at,
        )  # fmt: skip
        return approve_parameter(row=row, by=chief_zheng, at=at)

    return ordered


@pytest.fixture
def territories(order_of_regions, shanghai):
    return order_of_regions("territories", {"BJ": ["11"], "SH": ["31"]})


def test_PRE_24a_a_branch_issues_in_its_territory(counter, territories):
    policy = counter.issue(region="110105")
    assert policy.territory == "own"
    record = AuditRecord.objects.get(action="underwriting.policy_issued")
    assert record.detail["territory"] == "own"
    assert record.detail["territory_rows"][0] == territories.pk


def test_PRE_24a_outside_it_nobody_issues_and_is_told_who_could(counter, territories):
    with pytest.raises(RuleBroken) as refusal:
        counter.issue(region="310000")
    assert refusal.value.code == "outside_territory"
    assert "上海分公司" in refusal.value.message
    assert "issue.authorised_territories" in refusal.value.message
    assert not Policy.objects.exists()


def test_PRE_24a_with_the_head_offices_authorisation_it_does(
    counter, territories, order_of_regions
):
    given = order_of_regions("authorised_territories", {"BJ": ["31"]})
    policy = counter.issue(region="310000")
    assert policy.territory == "authorised"
    record = AuditRecord.objects.get(action="underwriting.policy_issued")
    assert record.detail["territory_rows"][1] == given.pk


def test_what_is_not_known_is_no_refusal_and_stays_to_be_completed(counter):
    assert counter.issue().territory == "unknown"
    assert counter.issue(region="110000").territory == "unknown"  # nobody said what BJ serves


def test_the_quote_says_it_before_and_the_page_refuses_in_a_sentence(
    counter, territories, client, monkeypatch, at
):
    from core import clock

    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", at.date)
    quote = counter.quote(region="310000")
    client.force_login(counter.issuer)
    page = client.get(reverse("underwriting:quote", args=[quote.pk])).content.decode()
    assert "超出属地范围" in page
    assert "上海分公司" in page
    answer = client.post(
        reverse("underwriting:quote_issue", args=[quote.pk]),
        {"reason": "同意承保", "key": str(uuid.uuid4())},
    )
    assert answer.status_code == 422
    assert "PRE-24a" in answer.content.decode()
    policy = counter.issue(region="110000")
    assert "属地出单" in client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
