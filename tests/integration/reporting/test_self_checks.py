"""Self-checks, inspections, findings and coverage."""

import datetime as dt

import pytest
from django.urls import reverse

from core.errors import Missing, NotPermitted, RuleBroken, WrongState
from organization.models import WorkItem
from organization.selectors.leavers import leaver_things
from organization.services import appoint_staff
from organization.services.work import hand_over_work
from reporting.enums import AnswerKind, FindingSeverity
from reporting.models import Finding, Inspection
from reporting.selectors.self_checks import coverage, finding_of, findings, self_check_of
from reporting.services.findings import (
    escalate_late_findings,
    plan_inspection,
    record_inspection,
    rectify_finding,
    verify_finding,
)
from reporting.services.self_checks import (
    GivenAnswer,
    escalate_late_self_checks,
    open_questionnaire,
    sign_self_check,
    submit_self_check,
)

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def asked(officer_qian, beijing, shanghai, at):
    opened = open_questionnaire(
        title="合规自查",
        period="2026Q1",
        questions=["双录完整？", "费率合规？"],
        units=[beijing, shanghai],
        by=officer_qian,
        at=at,
    )
    return opened.self_checks.get(unit=beijing)


def answers(check, *kinds, remark="缺两份"):
    questions = check.questionnaire.questions.order_by("number")
    return [
        GivenAnswer(question=each, answer=kind, remark=remark)
        for each, kind in zip(questions, kinds, strict=True)
    ]


@pytest.fixture
def finding(asked, branch_wang, at):
    submit_self_check(
        self_check=asked,
        answers=answers(asked, AnswerKind.NO, AnswerKind.YES),
        by=branch_wang,
        at=at,
    )
    return Finding.objects.get()


def test_what_does_not_comply_becomes_a_finding_due_on_a_working_day(finding, branch_wang, beijing):
    assert finding.unit == beijing
    assert finding.owner == branch_wang
    assert finding.title == "双录完整？: 缺两份"
    assert finding.due_on == dt.date(2026, 3, 30)  # 20 working days after 2 March


def test_every_question_is_answered_and_a_no_is_explained(asked, branch_wang, at):
    for given in (
        answers(asked, AnswerKind.YES, AnswerKind.YES)[:1],
        answers(asked, AnswerKind.NO, AnswerKind.YES, remark=""),
    ):
        with pytest.raises(RuleBroken):
            submit_self_check(self_check=asked, answers=given, by=branch_wang, at=at)


def test_whoever_answers_does_not_sign_off(asked, finding, branch_wang, officer_qian, at):
    with pytest.raises(NotPermitted):
        sign_self_check(self_check=asked, by=branch_wang, at=at)
    sign_self_check(self_check=asked, by=officer_qian, at=at)
    with pytest.raises(WrongState):
        sign_self_check(self_check=asked, by=officer_qian, at=at)


def test_another_branch_neither_answers_nor_sees(asked, finding, stranger_gu, at):
    with pytest.raises(NotPermitted):
        submit_self_check(self_check=asked, answers=[], by=stranger_gu, at=at)
    with pytest.raises(Missing):
        self_check_of(staff=stranger_gu, pk=asked.pk)
    with pytest.raises(Missing):
        finding_of(staff=stranger_gu, pk=finding.pk)
    assert list(findings(staff=stranger_gu)) == []


def test_a_finding_is_put_right_by_one_and_verified_by_another(
    finding, branch_wang, beijing, chief_zheng, at
):
    rectify_finding(finding=finding, text="补录", by=branch_wang, at=at)
    with pytest.raises(NotPermitted):
        verify_finding(finding=finding, is_accepted=True, remark="", by=branch_wang, at=at)
    with pytest.raises(RuleBroken):
        verify_finding(finding=finding, is_accepted=False, remark="", by=chief_zheng, at=at)
    verify_finding(finding=finding, is_accepted=False, remark="缺证明", by=chief_zheng, at=at)
    rectify_finding(finding=finding, text="补录并附证明", by=branch_wang, at=at)
    verify_finding(finding=finding, is_accepted=True, remark="", by=chief_zheng, at=at)
    finding.refresh_from_db()
    assert (finding.rectified_by, finding.verified_by) == (branch_wang, chief_zheng)


def test_what_is_late_escalates_once(asked, finding, at):
    much_later = at + dt.timedelta(days=60)
    assert [escalate_late_findings(at=much_later) for _ in range(2)] == [1, 0]
    assert [escalate_late_self_checks(at=much_later) for _ in range(2)] == [1, 0]  # Shanghai


@pytest.mark.usefixtures("finding")
def test_coverage_names_every_branch_of_the_scope(officer_qian, branch_wang, beijing, shanghai, at):
    planned = plan_inspection(
        unit=beijing,
        title="年度检查",
        planned_on=TODAY,
        lead=officer_qian,
        by=officer_qian,
        at=at,
    )
    record_inspection(
        inspection=planned,
        done_on=TODAY,
        conclusion="基本合规",
        findings=[("档案缺页", FindingSeverity.MAJOR, branch_wang)],
        by=officer_qian,
        at=at,
    )
    rows = {each.unit: each for each in coverage(staff=officer_qian, as_of=TODAY)}
    assert set(rows) == {beijing, shanghai}
    assert (rows[beijing].is_covered, rows[beijing].findings_open) == (True, 2)
    assert (rows[shanghai].is_covered, rows[shanghai].checks) == (False, 1)
    assert [each.unit for each in coverage(staff=branch_wang, as_of=TODAY)] == [beijing]


def test_an_inspection_is_recorded_once_and_not_ahead_of_time(officer_qian, beijing, at):
    planned = plan_inspection(
        unit=beijing, title="检查", planned_on=TODAY, lead=officer_qian, by=officer_qian, at=at
    )
    words = {"conclusion": "合规", "findings": [], "by": officer_qian, "at": at}
    with pytest.raises(RuleBroken):
        record_inspection(inspection=planned, done_on=TODAY + dt.timedelta(days=1), **words)
    record_inspection(inspection=planned, done_on=TODAY, **words)
    with pytest.raises(WrongState):
        record_inspection(inspection=planned, done_on=TODAY, **words)
    assert Inspection.objects.get().conclusion == "合规"


def test_a_person_elsewhere_in_the_branch_may_sign_off(asked, finding, beijing, at):
    other = appoint_staff(
        username="li", name="李京", unit=beijing, roles=["branch_manager"], password="li-cast-2026!"
    )
    assert sign_self_check(self_check=asked, by=other, at=at).signed_by == other


def test_a_finding_waits_for_its_owner_and_follows_the_work_that_is_passed_on(
    finding, branch_wang, stranger_gu, chief_zheng, client, at
):
    def held():
        item = WorkItem.objects.get(subject_type="reporting.finding", finished_at=None)
        return item.kind, item.holder

    page = reverse("governance:finding", args=[finding.pk])
    item = WorkItem.objects.get(kind="finding_rectification")
    assert (item.holder, item.due_at.date()) == (branch_wang, dt.date(2026, 3, 30))
    assert "双录" not in item.title  # what somebody wrote stays on its page
    client.force_login(stranger_gu)
    assert client.get(page).status_code == 404
    hand_over_work(item=item, to=stranger_gu, by=branch_wang, at=at)
    finding.refresh_from_db()
    assert finding.owner == stranger_gu
    assert client.get(page).status_code == 200
    assert client.post(f"{page}rectification/", {"text": "补录"}).status_code == 302
    assert client.get(page).status_code == 404
    assert held() == ("finding_verification", None)
    finding.refresh_from_db()
    verify_finding(finding=finding, is_accepted=False, remark="再补", by=chief_zheng, at=at)
    assert held() == ("finding_rectification", stranger_gu)


def test_CRM_30_the_findings_of_a_leaver_are_told(finding, branch_wang, at):
    told = [(each.label, each.title) for each in leaver_things(person=branch_wang, at=at)]
    assert ("负责整改的问题", f"#{finding.pk} 北京分公司") in told
