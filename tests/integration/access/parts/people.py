"""Units, staff, roles, recertification and work."""

from __future__ import annotations

import datetime as dt

from core import clock
from organization.enums import CertificationDecision, PersonnelKind, WorkKind
from organization.models import Post, RecertificationLine, Role, RoleAssignment, Staff, Unit
from organization.services import appoint_staff
from organization.services.personnel import order_personnel
from organization.services.recertification import open_recertification
from organization.services.roles import propose_role
from organization.services.units import rename_unit
from tests.factories.work import open_work
from tests.integration.access.world import HOUSE, OTHER, OWN, World
from underwriting.models import Loan

SOON = dt.timedelta(days=30)


def _units(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    day = clock.today() + SOON
    change = rename_unit(
        unit=other,
        name="沪分公司",
        name_en="SH",
        effective_on=day,
        by=people["system_administrator"],
        at=clock.now(),
        reason="x",
    )
    world.place("organization:unit_change_withdrawal", **{HOUSE: change.pk})
    for step in ("rename", "move", "closing"):
        world.place(f"organization:unit_{step}", **{OWN: own.pk, OTHER: other.pk})
    words = {"name": "新名", "name_en": "New", "reason": "x", "effective_on": day.isoformat()}
    world.payloads["organization:unit_rename"] = words
    world.payloads["organization:unit_closing"] = words
    world.payloads["organization:unit_move"] = words | {"parent": own.parent_id}
    world.payloads["organization:unit_opening"] = words | {
        "code": "TJ",
        "kind": "branch",
        "parent": own.parent_id,
    }


def _staff(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at, day = clock.now(), clock.today()
    words = {"roles": ["underwriter"], "password": "access-2026-long!"}
    mine, theirs = (
        appoint_staff(username=f"clerk-{unit.code.lower()}", name="职员", unit=unit, **words)
        for unit in (own, other)
    )
    people |= {"clerk": mine, "clerk@other": theirs}
    for name in ("person", "order", "visit", "post_holding", "certificate", "role_assignment"):
        world.place(f"organization:{name}", **{OWN: mine.pk, OTHER: theirs.pk})
    orders = {
        relation: order_personnel(
            staff=person,
            kind=PersonnelKind.LEAVE,
            effective_on=day + SOON,
            by=people["system_administrator"],
            at=at,
            reason="x",
        )
        for relation, person in ((OWN, mine), (OTHER, theirs))
    }
    world.place("organization:order_withdrawal", **{k: row.pk for k, row in orders.items()})
    assigned = dict(RoleAssignment.objects.values_list("staff_id", "pk"))
    world.place(
        "organization:assignment_end", **{OWN: assigned[mine.pk], OTHER: assigned[theirs.pk]}
    )
    today = day.isoformat()
    world.payloads |= {
        "organization:appointment": {
            "username": "newcomer",
            "name": "新人",
            "unit": own.pk,
            "password": "access-2026-long!",
            "reason": "x",
        },
        "organization:order": {"kind": "dismiss", "effective_on": today, "reason": "x"},
        "organization:visit": {"access_until": "2099-01-01T00:00", "reason": "x"},
        "organization:post_holding": {
            "post": Post.objects.values_list("pk", flat=True).first() or "",
            "valid_from": today,
        },
        "organization:certificate": {"name": "x", "number": "x", "issued_on": today},
        "organization:role_assignment": {
            "role": Role.objects.get(code="auditor").pk,
            "valid_from": today,
            "reason": "x",
        },
        "organization:assignment_end": {"reason": "x"},
    }


def _roles(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = {"name": "读者", "kind": "business", "permissions": ["view_portfolio"], "reason": "x"}
    proposed = propose_role(
        code="reader", by=people["security_administrator"], at=clock.now(), **words
    )
    world.place("organization:definition", **{HOUSE: proposed.pk})
    world.place("organization:role", **{HOUSE: Role.objects.get(code="underwriter").pk})
    world.payloads["organization:definition"] = {"decision": "yes"}
    world.payloads["organization:role_proposal"] = words | {"code": "writer"}


def _recertification(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    campaign = open_recertification(by=people["compliance_chief"], at=clock.now())
    world.place("organization:recertification", **{HOUSE: campaign.pk})
    lines = RecertificationLine.objects.filter(
        campaign=campaign, decision=CertificationDecision.PENDING
    )
    by_staff = dict(lines.values_list("staff_id", "pk"))
    clerks = {OWN: people["clerk"].pk, OTHER: people["clerk@other"].pk}
    world.place(
        "organization:certification", **{place: by_staff[pk] for place, pk in clerks.items()}
    )
    world.payloads["organization:certification"] = {"decision": "yes"}


def _work(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    items = {
        relation: open_work(
            kind=WorkKind.WARNING_HANDLING,
            subject=loan,
            title="#1",
            url="/warnings/1/",
            by=None,
            at=clock.now(),
            unit=unit,
            permission="handle_warnings",
        )
        for relation, unit, loan in zip(
            (OWN, OTHER), (own, other), Loan.objects.order_by("pk")[:2], strict=True
        )
    }
    for name in ("work", "work_holder", "work_hand_over", "work_copy"):
        world.place(f"desk:{name}", **{relation: item.pk for relation, item in items.items()})
    world.payloads["desk:work_hand_over"] = {"to": people["branch_manager"].pk, "remark": "x"}
    world.payloads["desk:work_copy"] = {"to": people["branch_manager"].pk}


PARTS = (_units, _staff, _roles, _recertification, _work)
