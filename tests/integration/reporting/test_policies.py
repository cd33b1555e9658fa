"""Policies: owner, duties, clauses, two people."""

import datetime as dt
import io

import pytest

from core import files
from core.errors import NotPermitted, RuleBroken, WrongState
from reporting.enums import PolicyKind
from reporting.services.policies import (
    draft_policy_version,
    enter_policy,
    publish_policy_version,
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
