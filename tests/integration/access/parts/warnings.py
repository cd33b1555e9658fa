"""Warnings and their thresholds."""

from __future__ import annotations

import io

from organization.models import Staff, Unit
from tests.conftest import AT
from tests.integration.access.world import HOUSE, OTHER, OWN, World


def _warnings(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    from postloss.models import RiskWarning, ThresholdSet
    from postloss.services.warnings import acknowledge_warning, dispose_warning

    mine, theirs = RiskWarning.objects.order_by("pk")[:2]
    for warning, unit, handler in (
        (mine, own, people["branch_manager"]),
        (theirs, other, people["branch_manager@other"]),
    ):
        warning.unit = warning.slice_unit = unit
        warning.save(update_fields=["unit", "slice_unit"])
        acknowledge_warning(warning=warning, by=handler, at=AT)
        dispose_warning(
            warning=warning,
            measure="watch",
            remark="核对",
            by=handler,
            at=AT,
            evidence=io.BytesIO("证据".encode()),
            evidence_name="a.txt",
        )
    for name in ("", "_acknowledgement", "_disposal", "_review", "_closing"):
        world.place(f"postloss:warning{name}", **{OWN: mine.pk, OTHER: theirs.pk})
        world.payloads[f"postloss:warning{name}"] = {
            "remark": "x",
            "measure": "watch",
            "decision": "accept",
        }
    steps = {w: w.steps.exclude(evidence=None).get().pk for w in (mine, theirs)}
    world.place(
        "postloss:warning_evidence",
        **{OWN: [mine.pk, steps[mine]], OTHER: [theirs.pk, steps[theirs]]},
    )
    starter = ThresholdSet.objects.order_by("pk").first()
    for name in ("threshold_set", "threshold_approval"):
        world.place(f"postloss:{name}", **{HOUSE: starter.pk})


PARTS = (_warnings,)
