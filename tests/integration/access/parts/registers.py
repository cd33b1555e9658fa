"""Parameters, calendar, regulations, policies, self-checks, findings and incidents."""

from __future__ import annotations

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from organization.models import Staff, Unit
from reporting.enums import FindingSeverity, IncidentGrade, IncidentKind, PolicyKind
from reporting.models import Finding, SelfCheck
from reporting.services import parameters
from reporting.services.findings import plan_inspection, record_inspection
from reporting.services.incidents import open_incident
from reporting.services.policies import draft_policy_version, enter_policy
from reporting.services.regulations import enter_regulation
from reporting.services.self_checks import open_questionnaire
from tests.integration.access.world import HOUSE, OTHER, OWN, World

NAME = "complaint.simple_days"


def _parameters(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    by, at, soon = people["compliance_officer"], clock.now(), clock.today() + dt.timedelta(days=30)
    words = {"value_text": "9", "source": "x", "reason": "x", "verification": "verified"}
    row = parameters.propose_parameter(name=NAME, **words, valid_from=soon, by=by, at=at)
    for name in ("parameter", "parameter_proposal"):
        world.place(f"governance:{name}", **{HOUSE: NAME})
    world.place("governance:parameter_decision", **{HOUSE: [NAME, row.pk]})
    world.payloads["governance:parameter_decision"] = {"decision": "approve", "remark": "x"}
    world.payloads["governance:parameter_proposal"] = words | {"valid_from": soon.isoformat()}


def _calendar(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    day = clock.today() + dt.timedelta(days=1)
    words = {"title": "x", "source": "x", "reason": "x"}
    notice = parameters.propose_calendar(
        **words,
        days={day: ("holiday", "x")},
        opens_year=None,
        by=people["compliance_officer"],
        at=clock.now(),
    )
    world.place("governance:calendar_decision", **{HOUSE: notice.pk})
    world.payloads["governance:calendar_decision"] = {"decision": "approve"}
    world.payloads["governance:calendar_proposal"] = words | {"days": f"{day} holiday x"}


def _regulations(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = {"title": "x", "number": "x", "issuer": "x"}
    row = enter_regulation(
        code="access-1",
        **words,
        issued_on=None,
        effective_on=None,
        by=people["compliance_officer"],
        at=clock.now(),
    )
    for name in ("regulation", "regulation_check"):
        world.place(f"governance:{name}", **{HOUSE: row.pk})
    world.payloads["governance:regulation_entry"] = words | {"code": "access-2"}
    world.payloads["governance:regulation_check"] = {
        "standing": "in_force",
        "looked_at": "x",
        "remark": "x",
    }


def _policies(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    by, at, day = people["compliance_officer"], clock.now(), clock.today()
    words = {
        "title": "x",
        "kind": PolicyKind.AUTHORITY.value,
        "owner_department": "x",
        "division_of_duties": "x",
    }
    policy = enter_policy(code="ACCESS-1", **words, by=by, at=at)
    version = draft_policy_version(
        document=policy,
        stream=io.BytesIO(b"x"),
        name="x.txt",
        effective_from=day,
        clauses={},
        by=by,
        at=at,
    )
    for name in ("policy", "policy_draft"):
        world.place(f"governance:{name}", **{HOUSE: policy.pk})
    for name in ("policy_publication", "policy_review", "policy_file"):
        world.place(f"governance:{name}", **{HOUSE: [policy.pk, version.number]})
    world.payloads["governance:policy_entry"] = words | {"code": "ACCESS-2"}
    world.payloads["governance:policy_review"] = {"remark": "x"}
    world.payloads["governance:policy_draft"] = {
        "file": SimpleUploadedFile("x.txt", b"x"),
        "effective_from": day.isoformat(),
    }


def _self_checks(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = {"title": "x", "period": "2026Q1"}
    asked = open_questionnaire(
        **words,
        questions=["x?"],
        units=[own, other],
        by=people["compliance_officer"],
        at=clock.now(),
    )
    checks = dict(SelfCheck.objects.filter(questionnaire=asked).values_list("unit_id", "pk"))
    for name in ("self_check", "self_check_signed"):
        world.place(f"governance:{name}", **{OWN: checks[own.pk], OTHER: checks[other.pk]})
    question = asked.questions.get().pk
    world.payloads["governance:self_check"] = {f"{question}-answer": "yes"}
    world.payloads["governance:questionnaire_entry"] = words | {
        "period": "2026Q2",
        "questions": "x?",
        "units": [own.pk],
    }


def _findings(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    by, at, day = people["compliance_officer"], clock.now(), clock.today()
    planned, found = {}, {}
    for relation, unit, clerk in ((OWN, own, "clerk"), (OTHER, other, "clerk@other")):
        words = {"unit": unit, "title": "x", "planned_on": day, "lead": by, "by": by, "at": at}
        planned[relation] = plan_inspection(**words).pk
        done = plan_inspection(**words)
        record_inspection(
            inspection=done,
            done_on=day,
            conclusion="x",
            findings=[("x", FindingSeverity.ORDINARY, people[clerk])],
            by=by,
            at=at,
        )
        found[relation] = Finding.objects.get(inspection=done).pk
    world.place("governance:inspection", **planned)
    for name in ("finding", "finding_rectification", "finding_verification"):
        world.place(f"governance:{name}", **found)
    world.payloads |= {
        "governance:inspections": {"unit": own.pk, "title": "x", "planned_on": day.isoformat()},
        "governance:inspection": {"done_on": day.isoformat(), "conclusion": "x"},
        "governance:finding_rectification": {"text": "x"},
        "governance:finding_verification": {"decision": "accept", "remark": "x"},
    }


def _incidents(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at = clock.now()
    words = {
        "kind": IncidentKind.SYSTEM.value,
        "grade": IncidentGrade.LARGER.value,
        "title": "x",
        "account": "x",
    }
    incidents = {
        relation: open_incident(
            **words, unit=unit, found_at=at, by=people["compliance_officer"], at=at
        )
        for relation, unit in ((OWN, own), (OTHER, other))
    }
    clocks = {place: row.clocks.order_by("pk").first().pk for place, row in incidents.items()}
    world.place("governance:incident", **{place: row.pk for place, row in incidents.items()})
    world.place(
        "governance:incident_step",
        **{place: [row.pk, "contain"] for place, row in incidents.items()},
    )
    world.place(
        "governance:incident_clock",
        **{place: [row.pk, clocks[place], "report"] for place, row in incidents.items()},
    )
    world.payloads["governance:incident_step"] = {"text": "x"}
    world.payloads["governance:incident_clock"] = {"text": "x"}
    world.payloads["governance:incident_entry"] = words | {
        "unit": own.pk,
        "found_at": "2026-03-02T09:00",
    }


PARTS = (_parameters, _calendar, _regulations, _policies, _self_checks, _findings, _incidents)
