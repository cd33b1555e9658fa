"""Policies: owner, duties, clauses, two people."""

import datetime as dt
import io

import pytest
from django.urls import reverse

from core import files
from core.errors import NotPermitted, RuleBroken, WrongState
from organization.models import WorkItem
from reporting.enums import PolicyKind
from reporting.services.policies import (
    ask_for_policy_reviews,
    draft_policy_version,
    enter_policy,
    publish_policy_version,
    review_policy_version,
)
from tests.factories.papers import plain_pdf

SAID = {"rate_ceiling": "第 3 条", "flow_and_admission": "第 4 条", "recusal": "第 9 条"}


@pytest.fixture
def policy(officer_qian, at):
    return enter_policy(
        code="UW-01",
        title="核保政策",
        kind=PolicyKind.UNDERWRITING,
        owner_department="核保部",
        division_of_duties="核保部起草，合规部审查",
        by=officer_qian,
        at=at,
    )


def draft(policy, by, at, clauses=SAID, since=dt.date(2026, 4, 1)):
    return draft_policy_version(
        document=policy,
        stream=io.BytesIO(plain_pdf()),
        name="核保政策.pdf",
        effective_from=since,
        clauses=clauses,
        by=by,
        at=at,
    )


def test_a_version_that_lacks_a_mandatory_clause_is_not_published(
    policy, officer_qian, chief_zheng, at
):
    """PRE-12g: the text itself must refuse loans above the national rate ceiling."""
    version = draft(policy, officer_qian, at, {**SAID, "rate_ceiling": "  "})
    with pytest.raises(RuleBroken) as refusal:
        publish_policy_version(version=version, by=chief_zheng, at=at)
    assert refusal.value.context["findings"] == [
        "明确拒绝承保超过国家规定利率上限的贷款（PRE-12g）"
    ]
    version.refresh_from_db()
    assert version.status == "draft"


def test_a_policy_is_published_by_somebody_who_did_not_draft_it(
    policy, officer_qian, chief_zheng, at
):
    version = draft(policy, officer_qian, at)
    with pytest.raises(NotPermitted):
        publish_policy_version(version=version, by=officer_qian, at=at)
    publish_policy_version(version=version, by=chief_zheng, at=at)
    with pytest.raises(WrongState):
        publish_policy_version(version=version, by=chief_zheng, at=at)
    assert b"".join(files.pieces(version.stored)) == plain_pdf()


def test_a_new_version_ends_the_one_before_on_its_first_day(policy, officer_qian, chief_zheng, at):
    first = publish_policy_version(version=draft(policy, officer_qian, at), by=chief_zheng, at=at)
    early = draft(policy, officer_qian, at)
    with pytest.raises(RuleBroken):
        publish_policy_version(version=early, by=chief_zheng, at=at)
    later = draft(policy, officer_qian, at, since=dt.date(2026, 7, 1))
    publish_policy_version(version=later, by=chief_zheng, at=at)
    first.refresh_from_db()
    assert (first.status, first.effective_to) == ("superseded", dt.date(2026, 7, 1))


def test_nobody_without_the_right_enters_or_drafts(policy, branch_wang, at):
    with pytest.raises(NotPermitted):
        draft(policy, branch_wang, at)


def review_items():
    return WorkItem.objects.filter(kind="policy_review", finished_at=None)


def test_a_policy_in_force_is_looked_over_again_in_time_and_stays_for_another_year(
    policy, officer_qian, chief_zheng, at
):
    version = draft(policy, officer_qian, at, since=dt.date(2026, 2, 28))
    version = publish_policy_version(version=version, by=chief_zheng, at=at)
    assert version.review_due_on == dt.date(2027, 2, 28)
    with pytest.raises(WrongState):
        review_policy_version(version=version, remark="x", by=officer_qian, at=at)
    day = dt.timedelta(days=1)
    near = dt.datetime(2027, 1, 29, 9, tzinfo=dt.UTC)
    assert ask_for_policy_reviews(at=near - day) == 0
    assert ask_for_policy_reviews(at=near) == 1
    assert ask_for_policy_reviews(at=near + day) == 0
    item = review_items().get()
    assert (item.permission, item.due_at.date()) == ("maintain_registers", dt.date(2027, 2, 28))
    with pytest.raises(NotPermitted):
        review_policy_version(version=version, remark="仍适用", by=chief_zheng, at=near)
    with pytest.raises(RuleBroken):
        review_policy_version(version=version, remark=" ", by=officer_qian, at=near)
    version = review_policy_version(version=version, remark="仍适用", by=officer_qian, at=near)
    assert version.review_due_on == dt.date(2028, 1, 29)
    assert not review_items().exists()


def test_a_new_version_answers_the_review_of_the_one_before(policy, officer_qian, chief_zheng, at):
    first = draft(policy, officer_qian, at)
    publish_policy_version(version=first, by=chief_zheng, at=at)
    later = dt.datetime(2027, 4, 1, tzinfo=dt.UTC)
    assert ask_for_policy_reviews(at=later) == 1
    second = draft(policy, officer_qian, later, since=dt.date(2027, 5, 1))
    publish_policy_version(version=second, by=chief_zheng, at=later)
    assert not review_items().exists()


def test_a_draft_waits_for_its_publication_until_a_later_one_is_published(
    policy, officer_qian, chief_zheng, at
):
    drafts = WorkItem.objects.filter(kind="policy_publication", finished_at=None)
    first, second = draft(policy, officer_qian, at), draft(policy, officer_qian, at)
    assert set(drafts.values_list("subject_id", flat=True)) == {str(first.pk), str(second.pk)}
    publish_policy_version(version=second, by=chief_zheng, at=at)
    assert not drafts.exists()
    ends = WorkItem.objects.filter(kind="policy_publication").order_by("pk")
    assert [item.outcome for item in ends] == ["superseded", "published"]


def test_the_page_of_a_policy_takes_its_review(client, policy, officer_qian, chief_zheng, at):
    version = draft(policy, officer_qian, at)
    publish_policy_version(version=version, by=chief_zheng, at=at)
    ask_for_policy_reviews(at=dt.datetime(2027, 4, 1, tzinfo=dt.UTC))
    page = reverse("governance:policy", args=[policy.pk])
    review = reverse("governance:policy_review", args=[policy.pk, version.number])
    client.force_login(chief_zheng)
    assert review not in client.get(page).text
    assert client.post(review, {"remark": "仍适用"}).status_code == 403
    client.force_login(officer_qian)
    assert review in client.get(page).text
    assert client.post(review, {"remark": "仍适用"}).status_code == 302
    assert review not in client.get(page).text
