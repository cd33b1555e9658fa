"""Where the root of a signed head is deposited outside: only a hash ever leaves. Source: EVID-05.

An anchor is down, slow or unknown: nothing waits for it. `deposit_heads` tries again every hour,
and what waits too long is announced (HQ-50).
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.conf import settings

from core.anchors.base import Anchor, AnchorDown, BadReceipt
from core.anchors.file import FileAnchor
from core.anchors.platform import PlatformAnchor
from core.anchors.rfc3161 import Rfc3161Anchor
from core.enums import AnchorKind
from core.errors import Missing
from core.events import HeadsUnanchored, heads_unanchored
from core.models import AnchorReceipt, SignedHead
from core.selectors import parameter

log = structlog.get_logger(__name__)

__all__ = [
    "Anchor",
    "AnchorDown",
    "BadReceipt",
    "anchors",
    "check_receipt",
    "deposit_heads",
    "unanchored",
]


def anchors() -> dict[str, Anchor]:
    """Return the anchors that are configured, by kind: the file always, the others by setting."""
    found: list[Anchor] = [FileAnchor()]
    if settings.EVIDENCE_TSA_URL:
        found.append(Rfc3161Anchor(settings.EVIDENCE_TSA_URL, settings.EVIDENCE_TSA_CERTIFICATES))
    if settings.EVIDENCE_PLATFORM_URL:
        found.append(PlatformAnchor(settings.EVIDENCE_PLATFORM_URL))
    return {anchor.kind: anchor for anchor in found}


def deposit_heads(*, at: dt.datetime, kinds: tuple[str, ...] = ()) -> int:
    """Deposit every head that lacks a receipt, oldest first; return how many receipts came.

    The first failure of an anchor ends its round: it is asked again in the next.
    """
    made = 0
    for kind, anchor in anchors().items():
        if kinds and kind not in kinds:
            continue
        for head in _waiting(kind):
            try:
                receipt, attested_at = anchor.submit(root=bytes.fromhex(head.root), at=at)
            except (AnchorDown, BadReceipt) as failure:
                log.warning("anchor_down", kind=kind, head=head.serial, why=str(failure))
                break
            AnchorReceipt.objects.get_or_create(
                head=head,
                kind=kind,
                defaults={"receipt": receipt, "attested_at": attested_at, "made_at": at},
            )
            made += 1
    _announce_old(at)
    return made


def unanchored(*, kind: str) -> dt.datetime | None:
    """Return since when the oldest head waits for this anchor; None where none does."""
    oldest = _waiting(kind).first()
    return oldest.made_at if oldest else None


def check_receipt(receipt: AnchorReceipt) -> str:
    """Return why a stored receipt does not prove its head; empty where it does."""
    anchor = anchors().get(receipt.kind)
    if anchor is None:
        return f"the anchor {receipt.kind} is not configured"
    try:
        anchor.verify(root=bytes.fromhex(receipt.head.root), receipt=bytes(receipt.receipt))
    except (AnchorDown, BadReceipt) as wrong:
        return str(wrong)
    return ""


def _waiting(kind: str):
    return SignedHead.objects.exclude(receipts__kind=kind).order_by("made_at", "pk")


def _announce_old(at: dt.datetime) -> None:
    try:
        hours = parameter(name="evidence.unanchored_hours", as_of=at.date()).value
    except Missing:
        return
    for kind in anchors():
        late = _waiting(kind).filter(made_at__lt=at - dt.timedelta(hours=hours))
        count = late.count()
        if count:
            since = late.values_list("made_at", flat=True).first()
            event = HeadsUnanchored(kind=AnchorKind(kind), heads=count, since=since, at=at)
            heads_unanchored.send(sender=HeadsUnanchored, event=event)
