"""Treaties, reinsurers, cessions and the inclusive ratio: they belong to the head office."""

from __future__ import annotations

from core import clock
from organization.models import Staff, Unit
from tests.factories.cessions import START, draft, policy, reinsurer, treaty
from tests.integration.access.world import HOUSE, World
from underwriting.models import CessionLine
from underwriting.services.cessions import cede


def _cessions(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at = clock.now()
    proposed = treaty(draft(), by=people["underwriting_chief"], at=at)
    for name in ("treaty", "treaty_decision"):
        world.place(f"underwriting:{name}", **{HOUSE: proposed.pk})
    world.payloads["underwriting:treaty_decision"] = {"decision": "approve", "remark": "x"}
    world.payloads["underwriting:treaty_proposal"] = {
        "code": "Q27",
        "name": "x",
        "kind": "quota_share",
        "basis": "risk_attaching",
        "valid_from": "2027-01-01",
        "valid_to": "2028-01-01",
        "fraction": "0.25",
        "commission_rate": "0.3",
        "shares": "华夏再保险 = 1",
        "reason": "x",
    }
    world.payloads["underwriting:reinsurer_entry"] = {
        "name": "x",
        "registration_no": "x",
        "rating": "A",
        "valid_from": "2020-01-01",
    }
    treaty(
        draft("Q25"), by=people["underwriting_chief"], checker=people["chief_risk_officer"], at=at
    )
    cede(policies=[policy()], on=START, key="access", by=None, at=at)
    world.place("underwriting:line_correction", **{HOUSE: CessionLine.objects.get().pk})
    world.payloads["underwriting:line_correction"] = {
        "share": "0.1", "valid_from": f"{START}", "reason": "x",
    }  # fmt: skip
    world.payloads["underwriting:coinsurance"] = {
        "agreement_no": "x", "lender_code": "x", "role": "leader", "own_share": "0.5",
        "partners": "x = 0.5", "valid_from": f"{START}", "reason": "x",
    }  # fmt: skip
    world.payloads["underwriting:certificate"] = {"policy_no": "x"}
    for name in ("statement", "statement_export", "statement_paper"):
        world.place(f"underwriting:{name}", **{HOUSE: [reinsurer().pk, "2026Q1"]})
    world.payloads["underwriting:statement_export"] = {"reason": "x"}
    world.payloads["underwriting:statement_paper"] = {"reason": "x"}
    world.payloads["underwriting:inclusive_restatement"] = {"quarter": "2025-11-01"}


PARTS = (_cessions,)
