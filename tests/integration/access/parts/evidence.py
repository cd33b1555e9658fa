"""The audit trail, the chain, and evidence packs: one waiting for release and one released."""

from __future__ import annotations

import datetime as dt
import io

from core import clock, files
from core.chain import seal_chain
from core.models import AuditRecord, ChainLink
from core.services import settle
from core.services.packs import open_pack
from organization.models import Staff, Unit
from postloss.models import RiskWarning
from tests.integration.access.world import HOUSE, OTHER, OWN, World

MADE, RELEASED = "made", "released"
LABEL = "postloss.riskwarning"


def _audit(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    settle()
    seen = AuditRecord.objects.filter(pk__in=ChainLink.objects.values("record_id")).first()
    world.place("desk:audit_record", **{HOUSE: seen.pk})
    world.place("desk:chain_head", **{HOUSE: seal_chain(at=clock.now()).serial})


def _packs(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    at = clock.now()
    warnings = {
        relation: RiskWarning.objects.filter(unit=unit).first()
        for relation, unit in ((OWN, own), (OTHER, other))
    }
    asked = {"title": "x", "reason": "x", "by": people["compliance_officer"], "at": at}
    packs = {state: open_pack(subject=warnings[OWN], **asked) for state in (MADE, RELEASED)}
    for pack in packs.values():
        pack.stored = files.store(stream=io.BytesIO(b"PK"), name="pack.zip", by=None, at=at)
        pack.made_at = at
    packs[RELEASED].released_by, packs[RELEASED].released_at = people["compliance_chief"], at
    packs[RELEASED].released_until = clock.today() + dt.timedelta(days=30)
    for pack in packs.values():
        pack.save()
    for name in ("evidence_pack", "evidence_pack_file", "evidence_pack_release"):
        world.place(f"desk:{name}", **{state: pack.pk for state, pack in packs.items()})
    for name in ("evidence_object", "evidence_pack_request"):
        world.place(f"desk:{name}", **{k: [LABEL, row.pk] for k, row in warnings.items()})
    world.payloads["desk:evidence_pack_release"] = {"days": 30}
    world.payloads["desk:evidence_pack_request"] = {"reason": "x"}


PARTS = (_audit, _packs)
