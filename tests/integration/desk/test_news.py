"""Who is told of what: each kind of message, from the service in which it happens."""

import datetime as dt

import pytest

from core import clock, jobs, notices
from core.enums import JobStatus
from core.errors import RuleBroken
from core.jobs import enqueue
from core.models import Job, Message, MessageTemplate
from core.selectors.messages import messages_to, words_of
from core.visitor import Visitor
from core.wording import places_in
from desk.subscribers import TOLD_BY_THEIR_APP
from organization.adapters.sessions import SessionStore
from organization.enums import Permission
from organization.models import Role
from organization.selectors.staff import people_above_with
from organization.services import appoint_staff
from organization.services.assignments import assign_role, end_assignment
from organization.services.authority import decide_grant, propose_grant, revoke_grant
from organization.services.delegations import revoke_delegation
from organization.services.passwords import change_password, reset_sign_in
from organization.services.sessions import end_session
from organization.services.sign_in import enter, expel
from organization.services.work import hand_over_work
from postloss.services.warnings import acknowledge_warning, escalate_overdue_warnings
from reporting.enums import IncidentGrade, IncidentKind
from reporting.services.incident_news import remind_of_incident_clocks
from reporting.services.incidents import open_incident, pause_clock, resume_clock
from tests.factories.authority import draft, granted, lent
from tests.factories.warning_months import AT, red_month
from tests.factories.work import open_work

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def told(person, code=""):
    """Return what a person was told, oldest first."""
    rows = messages_to(person=person).order_by("created_at", "pk")
    rows = rows.filter(template__code=code) if code else rows
    return [words_of(each).body for each in rows]


def codes(person):
    return sorted(messages_to(person=person).values_list("template__code", flat=True))


def test_every_kind_of_message_has_its_words_inside_and_by_mail_in_both_languages():
    rows = MessageTemplate.objects.filter(status="approved")
    for notice in notices.notices():
        declared = set(notice.samples)
        mine = rows.filter(code=notice.code)
        places = set(mine.values_list("channel", "language"))
        assert {(c, lang) for c in ("in_app", "email") for lang in ("zh-hans", "en")} <= places
        for row in mine:
            assert set(row.placeholders) == declared, row
            assert places_in(row.subject + row.body) <= declared, row
    assert set(rows.values_list("code", flat=True)) == {each.code for each in notices.notices()}


def visitor(name="Firefox · Linux"):
    words = {"fingerprint": "f", "address": "192.0.2.9", "network": "192.0.2.0/24"}
    return Visitor(device="pc", device_name=name, **words)


def session(staff, name="Chrome · Windows", at=AT):
    store = SessionStore()
    store.create()
    row = store.row
    enter(row=row, staff=staff, visitor=visitor(name), has_second_factor=True, at=at)
    return row


def test_a_new_device_is_told_and_the_first_is_not(manager_lin):
    session(manager_lin)
    assert told(manager_lin) == []
    session(manager_lin, "Edge · Windows")
    assert codes(manager_lin) == ["account_new_place"]
    assert "Edge · Windows" in told(manager_lin)[0]


def test_the_own_password_changed_and_anothers_reset_are_told(manager_lin, security_shen):
    change_password(staff=manager_lin, old="lin-cast-2026!", new="New-cast-2026!x", at=AT)
    assert codes(manager_lin) == ["account_password"]
    reset_sign_in(staff=manager_lin, by=security_shen, at=AT, reason="手机丢失")
    assert codes(manager_lin) == ["account_password", "account_password"]


def test_sessions_ended_by_another_are_told_and_ones_own_are_not(manager_lin, security_shen):
    end_session(session=session(manager_lin), by=manager_lin, at=AT)
    assert told(manager_lin) == []
    end_session(session=session(manager_lin), by=security_shen, at=AT)
    assert codes(manager_lin) == ["account_session"]
    assert "由安全管理员结束" in told(manager_lin)[0]


def test_a_session_that_came_back_from_another_device_is_told(manager_lin):
    row = session(manager_lin)
    expel(row=row, staff=manager_lin, visitor=visitor("Bot"), at=AT, why="other_device")
    assert codes(manager_lin) == ["account_session"]


def test_a_role_that_begins_and_ends_is_told(manager_lin, security_shen, at):
    assignment = assign_role(
        staff=manager_lin,
        role=Role.objects.get(code="data_officer"),
        valid_from=at.date(),
        by=security_shen,
        at=at,
        reason="兼岗",
    )
    end_assignment(assignment=assignment, by=security_shen, at=at + HOUR, reason="期满")
    bodies = told(manager_lin, "role_granted") + told(manager_lin, "role_ended")
    assert bodies == ["您的角色“数据专员”：已授予您。", "您的角色“数据专员”：已收回。"]


def test_authority_given_and_revoked_is_told_to_every_holder(
    chief_bai, chief_chen, underwriter_xu, beijing, at
):
    grant = propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    assert told(underwriter_xu) == []
    decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    revoke_grant(grant=grant, by=chief_chen, at=at + HOUR, reason="收回")
    assert codes(underwriter_xu) == ["authority_granted", "authority_revoked"]
    assert told(chief_bai) == []


def test_work_handed_over_is_told_to_its_new_holder(manager_lin, chief_chen, hq, at):
    item = open_work(
        kind="report_review",
        subject=hq,
        title="2025Q4",
        url="/reports/",
        by=None,
        at=at,
        unit=hq,
        holder=manager_lin,
    )
    hand_over_work(item=item, to=chief_chen, by=manager_lin, at=at)
    assert told(chief_chen) == ["有 1 项工作转交给您，其中：2025Q4。"]
    assert told(manager_lin) == []
    assert messages_to(person=chief_chen).get().url == "/reports/"


def proposer(hq):
    """Whoever proposes authority of the chief underwriter is another."""
    return appoint_staff(
        username="ming", name="明署", unit=hq, roles=["underwriting_chief"], password="x-cast-2026!"
    )


@pytest.fixture
def job_of(monkeypatch, manager_lin):
    """Run a job of the person that does this."""

    def run(body, kind="test_work"):
        monkeypatch.setitem(jobs._bodies, kind, body)
        words = {"kind": kind, "key": "1", "title": "loans.csv", "payload": {}}
        jobs.run(enqueue(**words, by=manager_lin, at=clock.now()).pk)
        return Job.objects.get()

    return run


def test_a_job_that_is_done_is_told_with_its_result(job_of, manager_lin):
    job_of(lambda job, beat: {"text": "200 accepted", "url": "/files/1/"})
    assert told(manager_lin) == ["您发起的任务“loans.csv”已完成。200 accepted"]
    assert messages_to(person=manager_lin).get().url == "/files/1/"


def test_a_job_that_was_refused_is_told_with_the_reason(job_of, manager_lin):
    def refuse(_job, _beat):
        raise RuleBroken("no", "It may not be.")

    job = job_of(refuse)
    assert job.status == JobStatus.REFUSED
    assert codes(manager_lin) == ["job_failed"]
    assert "It may not be." in told(manager_lin)[0]
    assert messages_to(person=manager_lin).get().url == f"/jobs/{job.pk}/"


def test_a_job_whose_app_tells_of_it_is_not_told_twice(job_of, manager_lin):
    (kind,) = TOLD_BY_THEIR_APP
    assert job_of(lambda job, beat: {}, kind).status == JobStatus.DONE
    assert told(manager_lin) == []


def test_POST_08a_a_late_warning_is_told_to_its_holder_and_to_who_reviews_above(
    hq, manager_lin, chief_chen, director_zhao
):
    warning = red_month()
    acknowledge_warning(warning=warning, by=manager_lin, at=AT)
    late = AT + dt.timedelta(days=60)
    assert [escalate_overdue_warnings(at=late) for _again in range(2)] == [1, 0]
    nearest = people_above_with(permission=Permission.REVIEW_WARNINGS, unit=hq)[0]
    assert codes(manager_lin) == codes(nearest) == ["warning_overdue"]
    assert f"#{warning.pk}" in told(manager_lin)[0]
    assert messages_to(person=manager_lin).get().url == f"/warnings/{warning.pk}/"
    others = {chief_chen, director_zhao} - {nearest}
    assert [codes(each) for each in others] == [[]]


@pytest.fixture
def incident(officer_qian, chief_zheng, beijing, at):
    return open_incident(
        kind=IncidentKind.DATA_LEAK,
        grade=IncidentGrade.LARGER,
        title="外发 13812345678",
        account="收件人一名",
        unit=beijing,
        found_at=at,
        by=officer_qian,
        at=at,
    )


def test_an_incident_is_told_to_who_handles_incidents_and_not_what_it_says(
    incident, officer_qian, chief_zheng, manager_lin
):
    assert codes(officer_qian) == codes(chief_zheng) == ["incident_opened"]
    assert told(manager_lin) == []
    assert "1381" not in told(officer_qian)[0]
    assert "外发" not in told(officer_qian)[0]


def test_a_clock_is_told_of_once_before_it_runs_out_and_again_when_put_off(
    incident, officer_qian, chief_zheng, at
):
    assert remind_of_incident_clocks(at=at + HOUR / 2) == 0
    assert [remind_of_incident_clocks(at=at + 1.5 * HOUR) for _again in range(2)] == [1, 0]
    assert len(told(chief_zheng, "incident_clock")) == 1
    clock = incident.clocks.get(kind="first_report")
    pause_clock(clock=clock, text="监管核实", by=officer_qian, at=at + 1.6 * HOUR)
    assert remind_of_incident_clocks(at=at + 1.8 * HOUR) == 0
    resume_clock(clock=clock, text="继续", by=officer_qian, at=at + 3.6 * HOUR)
    assert remind_of_incident_clocks(at=at + 3.7 * HOUR) == 1
    assert Message.objects.filter(template__code="incident_clock").count() == 4


def test_a_delegation_is_told_to_who_may_now_sign_and_its_end_too(
    chief_bai, chief_chen, underwriter_xu, hq, at
):
    grant = granted(hq, by=proposer(hq), checker=chief_chen, at=at, person=chief_bai)
    made = lent(grant, by=chief_bai, to=underwriter_xu, at=at)
    revoke_delegation(delegation=made, by=chief_bai, at=at + HOUR, reason="已回岗")
    assert codes(underwriter_xu) == ["authority_granted", "authority_revoked"]
