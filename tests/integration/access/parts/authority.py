"""Grants, delegations, cases, committees and relations."""

from __future__ import annotations

import datetime as dt
import io
import uuid

from core import clock
from organization.models import Staff, Unit
from organization.services.cases import CaseTerms, submit_case
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.recusal import declare_relation, record_identity
from organization.services.releases import ask_release
from organization.services.resolutions import put_to_committee
from tests.factories.authority import MILLION, draft, granted, lent, party, propose_grant
from tests.integration.access.world import HOUSE, OTHER, OWN, World


def _grants(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at, chief, checker = clock.now(), people["underwriting_chief"], people["chief_risk_officer"]
    proposed = {
        relation: propose_grant(
            grant=draft(unit, by=chief, at=at, role="branch_manager"), by=chief, at=at
        )
        for relation, unit in ((OWN, own), (OTHER, other))
    }
    for step in ("grant", "grant_decision", "grant_revocation", "grant_review"):
        world.place(f"organization:{step}", **{where: row.pk for where, row in proposed.items()})
    world.payloads["organization:grant_decision"] = {"decision": "approve", "reason": "x"}
    for step in ("grant_revocation", "grant_review", "delegation_revocation"):
        world.payloads[f"organization:{step}"] = {"reason": "x"}
    standing = granted(own, by=chief, checker=checker, at=at, max_amount=MILLION)
    day = clock.today()
    taken = lent(
        standing, by=people["underwriter"], to=people["branch_manager"], at=at, valid_from=day,
        valid_to=day + dt.timedelta(days=9),
    )  # fmt: skip
    world.place("organization:delegation_revocation", **{OWN: taken.pk})


def _cases(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at, chief = clock.now(), people["underwriting_chief"]
    makers = {OWN: (own, people["branch_manager"]), OTHER: (other, people["branch_manager@other"])}
    cases = {
        relation: submit_case(
            terms=CaseTerms(title="x", text="x", amount=MILLION * 9, product="P1"),
            unit=unit,
            parties=[party()],
            by=maker,
            at=at,
            documents=[("x.txt", io.BytesIO(b"x"))],
        )
        for relation, (unit, maker) in makers.items()
    }
    steps = ("case", "case_decision", "case_withdrawal", "case_resubmission", "case_resolution")
    for step in steps:
        world.place(f"organization:{step}", **{where: row.pk for where, row in cases.items()})
    files = {where: [row.pk, row.files.get().pk] for where, row in cases.items()}
    world.place("organization:case_file", **files)
    made = found_committee(
        code="UWC", name="核保委员会", kind="underwriting", unit=own.parent, quorum_share=1,
        majority_share=1, is_majority_of_members=False, has_chair_veto=False, source="x",
        valid_from=clock.today(), by=chief, at=at,
    )  # fmt: skip
    approve_committee(committee=made, by=people["chief_risk_officer"], at=at)
    seat = seat_member(
        committee=made, person=people["underwriter"], is_chair=True, valid_from=clock.today(),
        by=chief, at=at,
    )  # fmt: skip
    put = {
        where: put_to_committee(
            case=row, committee=made, meeting="1", held_on=clock.today(), by=chief, at=at
        )
        for where, row in cases.items()
    }
    for step in ("resolution", "resolution_vote", "resolution_closing", "resolution_material"):
        world.place(f"organization:{step}", **{where: row.pk for where, row in put.items()})
    world.place(
        "organization:resolution_file", **{where: [row.pk, 0] for where, row in put.items()}
    )
    for step in ("committee", "committee_approval", "committee_end", "seat_create"):
        world.place(f"organization:{step}", **{HOUSE: made.pk})
    world.place("organization:seat_end", **{HOUSE: [made.pk, seat.pk]})
    words = {"reason": "x", "key": str(uuid.uuid4()), "version": 1, "outcome": "sign"}
    world.payloads["organization:case_decision"] = words
    world.payloads["organization:case_withdrawal"] = {"reason": "x", "version": 1}
    world.payloads["organization:resolution_vote"] = {"choice": "for", "remark": "x"}
    meeting = {"committee": made.pk, "meeting": "2", "held_on": clock.today().isoformat()}
    world.payloads["organization:case_resolution"] = meeting
    world.payloads["organization:seat_end"] = {"reason": "x"}
    world.payloads["organization:committee_end"] = {"reason": "x"}


def _relations(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    declared = declare_relation(
        kind="family", colleague=None, name="甲", identity_kind="phone", value="13800001111",
        valid_from=clock.today(), by=people["branch_manager"], at=clock.now(),
    )  # fmt: skip
    manager, at = people["branch_manager"], clock.now()
    own_trait = record_identity(
        person=manager, kind="phone", value="13800002222", by=manager, at=at
    )
    asked = declare_relation(
        kind="family", colleague=None, name="乙", identity_kind="phone", value="13800003333",
        valid_from=clock.today(), by=manager, at=at,
    )  # fmt: skip
    release = ask_release(bond=asked, ground="wrong", by=manager, at=at, reason="x")
    world.place("organization:relation_release", **{OWN: declared.pk})
    world.place("organization:identity_release", **{OWN: own_trait.pk})
    world.place("organization:release_decision", **{HOUSE: release.pk})
    for step in ("relation_release", "identity_release"):
        world.payloads[f"organization:{step}"] = {"ground": "wrong", "reason": "x"}
    world.payloads["organization:release_decision"] = {"decision": "confirm"}


PARTS = (_grants, _cases, _relations)
