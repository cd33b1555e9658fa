"""Treaties, reinsurers, cessions and the inclusive ratio: they belong to the head office."""

from __future__ import annotations

from core import clock
from organization.models import Staff, Unit
from tests.factories.cessions import draft, treaty
from tests.integration.access.world import HOUSE, World


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
    world.payloads["underwriting:inclusive_restatement"] = {"quarter": "2025-11-01"}


PARTS = (_cessions,)
