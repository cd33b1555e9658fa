"""Incidents: clocks, pauses, escalation, closing; the incident of a broken chain."""

import datetime as dt

import pytest

from core.errors import Missing, NotPermitted, RuleBroken, WrongState
from core.events import ChainBroken, HeadsUnanchored, chain_broken, heads_unanchored
from organization.models import WorkItem
from organization.services.authority import (
    decide_grant,
    escalate_unreviewed_emergencies,
    propose_grant,
)
from reporting.enums import IncidentGrade, IncidentKind
from reporting.models import Incident
from reporting.selectors.incidents import incident_of, incidents
from reporting.services import incidents as services
from tests.factories.authority import draft

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def incident(officer_qian, beijing, at):
    return services.open_incident(
        kind=IncidentKind.DATA_LEAK,
        grade=IncidentGrade.LARGER,
        title="外发邮件误附清单",
        account="收件人一名，已撤回",
        unit=beijing,
        found_at=at,
        by=officer_qian,
        at=at + HOUR,
    )


def clocks(incident):
    return {each.kind: each for each in incident.clocks.all()}


def test_the_clocks_run_from_the_finding_and_escalate_once(incident, at):
    due = {kind: each.due_at - at for kind, each in clocks(incident).items()}
    assert due == {"first_report": 2 * HOUR, "formal_report": 24 * HOUR}
    assert services.escalate_late_incidents(at=at + HOUR) == 0
    assert services.escalate_late_incidents(at=at + 3 * HOUR) == 1
    assert services.escalate_late_incidents(at=at + 4 * HOUR) == 0
    assert list(incident.steps.order_by("pk").values_list("action", flat=True)) == [
        "open",
        "escalate",
    ]


def test_a_clock_that_stood_still_is_due_later_by_as_long(incident, officer_qian, at):
    clock = clocks(incident)["formal_report"]
    services.pause_clock(clock=clock, text="监管核实", by=officer_qian, at=at + 2 * HOUR)
    assert services.escalate_late_incidents(at=at + 30 * HOUR) == 1  # the other one
    with pytest.raises(WrongState):
        services.stop_clock(clock=clock, text="已报", by=officer_qian, at=at + 30 * HOUR)
    services.resume_clock(clock=clock, text="核实完毕", by=officer_qian, at=at + 30 * HOUR)
    clock.refresh_from_db()
    assert clock.due_at == at + 52 * HOUR


def test_an_incident_closes_contained_reported_with_lessons_and_by_another(
    incident, officer_qian, chief_zheng, at
):
    with pytest.raises(RuleBroken) as refusal:
        services.close_incident(incident=incident, lessons="", by=chief_zheng, at=at + HOUR)
    assert len(refusal.value.context["findings"]) == 4
    services.contain_incident(incident=incident, text="撤回", by=officer_qian, at=at + HOUR)
    for clock in clocks(incident).values():
        services.stop_clock(clock=clock, text="已报监管局", by=officer_qian, at=at + HOUR)
    with pytest.raises(NotPermitted):
        services.close_incident(incident=incident, lessons="培训", by=officer_qian, at=at)
    services.close_incident(incident=incident, lessons="培训", by=chief_zheng, at=at + 2 * HOUR)
    with pytest.raises(WrongState):
        services.regrade_incident(
            incident=incident, grade=IncidentGrade.ORDINARY, text="x", by=officer_qian, at=at
        )


def test_whoever_contained_an_incident_does_not_close_it(incident, officer_qian, chief_zheng, at):
    services.contain_incident(incident=incident, text="撤回", by=chief_zheng, at=at)
    for clock in clocks(incident).values():
        services.stop_clock(clock=clock, text="已报", by=officer_qian, at=at)
    with pytest.raises(NotPermitted):
        services.close_incident(incident=incident, lessons="培训", by=chief_zheng, at=at)


def test_a_broken_chain_opens_one_incident_while_it_stands(hq, at):
    event = ChainBroken(stream="audit", number=7, record_id=7, why="payload differs", at=at)
    for _ in range(2):
        chain_broken.send(sender=ChainBroken, event=event)
    opened = Incident.objects.get()
    assert (opened.kind, opened.grade, opened.opened_by) == ("evidence", "serious", None)
    assert "7" in opened.account
    assert opened.unit == hq


def test_EVID_05_heads_without_their_anchor_open_one_incident_with_clocks_and_work(hq, at):
    event = HeadsUnanchored(kind="rfc3161", heads=3, since=at - 2 * HOUR, at=at)
    for _ in range(2):
        heads_unanchored.send(sender=HeadsUnanchored, event=event)
    opened = Incident.objects.get()
    assert (opened.kind, opened.same_cause) == ("system", "anchor:rfc3161")
    item = WorkItem.objects.get(kind="incident_handling", finished_at=None)
    assert item.due_at == min(clock.due_at for clock in clocks(opened).values())


def test_HQ_43_an_emergency_that_nobody_reviewed_opens_one_incident(
    beijing, chief_bai, chief_chen, underwriter_xu, officer_qian, at
):
    grant = draft(
        beijing, by=chief_bai, at=at, person=underwriter_xu, kind="emergency", ends_at=at + HOUR
    )
    grant = propose_grant(grant=grant, by=chief_bai, at=at)
    grant = decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    review = WorkItem.objects.get(kind="emergency_review", finished_at=None)
    assert review.due_at == grant.review_due_at
    for _ in range(2):
        escalate_unreviewed_emergencies(at=grant.review_due_at + HOUR)
    assert [each.same_cause for each in incidents(staff=officer_qian)] == [f"emergency:{grant.pk}"]


def test_an_incident_waits_for_its_next_clock_then_for_another_to_close_it(
    incident, officer_qian, chief_zheng, at
):
    def waits():
        item = WorkItem.objects.get(subject_type="reporting.incident", finished_at=None)
        return item.kind, item.due_at

    due = sorted((clock.due_at, kind) for kind, clock in clocks(incident).items())
    assert waits() == ("incident_handling", due[0][0])
    services.contain_incident(incident=incident, text="撤回", by=officer_qian, at=at)
    services.stop_clock(clock=clocks(incident)[due[0][1]], text="已报", by=officer_qian, at=at)
    assert waits() == ("incident_handling", due[1][0])
    for _due_at, kind in due[1:]:
        services.stop_clock(clock=clocks(incident)[kind], text="已报", by=officer_qian, at=at)
    assert waits()[0] == "incident_closing"
    services.close_incident(incident=incident, lessons="培训", by=chief_zheng, at=at)
    assert not WorkItem.objects.filter(finished_at=None).exists()


def test_a_person_without_the_right_sees_no_incident(
    incident, officer_qian, branch_wang, stranger_gu
):
    assert [each.pk for each in incidents(staff=officer_qian)] == [incident.pk]
    for person in (branch_wang, stranger_gu):
        with pytest.raises(NotPermitted):
            incident_of(staff=person, pk=incident.pk)
    with pytest.raises(Missing):
        incident_of(staff=officer_qian, pk=incident.pk + 1)
