"""Incidents: clocks, pauses, escalation, closing; the incident of a broken chain."""

import datetime as dt

import pytest

from core.errors import Missing, NotPermitted, RuleBroken, WrongState
from core.events import ChainBroken, chain_broken
from reporting.enums import IncidentGrade, IncidentKind
from reporting.models import Incident
from reporting.selectors.incidents import incident_of, incidents
from reporting.services import incidents as services

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


def test_a_person_without_the_right_sees_no_incident(
    incident, officer_qian, branch_wang, stranger_gu
):
    assert [each.pk for each in incidents(staff=officer_qian)] == [incident.pk]
    for person in (branch_wang, stranger_gu):
        with pytest.raises(NotPermitted):
            incident_of(staff=person, pk=incident.pk)
    with pytest.raises(Missing):
        incident_of(staff=officer_qian, pk=incident.pk + 1)
