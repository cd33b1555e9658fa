"""Evidence packs as people see them, the state of the chain, and what an object has to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.anchors import anchors, unanchored
from core.enums import AnchorKind
from core.errors import Missing
from core.evidence import Builder, builder_of
from core.models import (
    AuditRecord,
    ChainLink,
    EvidencePack,
    Job,
    PublicCheck,
    SignedHead,
)
from core.selectors import parameter
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.permissions import may

VERIFY_KIND = "verify_chain"


def may_see_packs(staff: Staff) -> bool:
    """Tell whether the person sees evidence packs: those who make them, and regulators."""
    return may(staff, Permission.MAKE_EVIDENCE) or may(staff, Permission.VIEW_RELEASED)


def may_search_audit(staff: Staff) -> bool:
    """Tell whether the person searches the audit trail."""
    return may(staff, Permission.SEARCH_AUDIT)


def may_verify_chain(staff: Staff) -> bool:
    """Tell whether the person verifies the chain."""
    return may(staff, Permission.VERIFY_CHAIN)


def packs_for(*, staff: Staff, as_of: dt.date) -> QuerySet[EvidencePack]:
    """Return the packs that the person sees, newest first.

    Head office staff who make packs see all, others of them their own; a regulator sees those
    released for regulators, until their last day. Source: HQ-47.
    """
    packs = EvidencePack.objects.select_related("asked_by", "released_by", "stored")
    if may(staff, Permission.MAKE_EVIDENCE):
        seen = Q() if staff.unit.kind == UnitKind.HEAD_OFFICE else Q(asked_by=staff)
    elif may(staff, Permission.VIEW_RELEASED):
        seen = Q(released_until__gte=as_of)
    else:
        return packs.none()
    return packs.filter(seen).order_by("-asked_at", "-pk")


def pack_for(*, staff: Staff, pk: int, as_of: dt.date) -> EvidencePack:
    """Return one pack.

    Raises:
        Missing: there is none, or it is not the person's to see.
    """
    pack = packs_for(staff=staff, as_of=as_of).filter(pk=pk).first()
    if pack is None:
        raise Missing("pack_missing", _("There is no such evidence pack."))
    return pack


def provable(*, staff: Staff, label: str, pk: int, as_of: dt.date) -> tuple[Builder, Model]:
    """Return an object of the person's scope with its builder.

    Raises:
        Missing: there are no packs of this kind, no such object, or it is another unit's.
    """
    builder = builder_of(label=label)
    return builder, builder.find(staff, pk, as_of)


@dataclass(frozen=True)
class Proven:
    """A record of an object, and the signed head over it (None: not yet)."""

    record: AuditRecord
    head: SignedHead | None


def proven_of(*, subject: Model) -> list[Proven]:
    """Return the records of an object in the order of the chain, each with its head."""
    records = list(
        AuditRecord.objects.filter(object_type=subject._meta.label_lower, object_id=str(subject.pk))
        .select_related("by", "link")
        .order_by("link__number")
    )
    heads = list(SignedHead.objects.order_by("first_number"))
    return [
        Proven(
            each,
            next((h for h in heads if h.first_number <= each.link.number <= h.last_number), None),
        )
        for each in records
    ]


def packs_of(*, subject: Model) -> QuerySet[EvidencePack]:
    """Return the packs of an object, newest first."""
    return (
        EvidencePack.objects.filter(
            object_type=subject._meta.label_lower, object_id=str(subject.pk)
        )
        .select_related("asked_by")
        .order_by("-asked_at")
    )


@dataclass(frozen=True)
class ChainState:
    """How long the chain is and how far signed, the last verification, which anchor waits."""

    last_number: int
    signed_to: int
    last_check: Job | None
    waiting: list[tuple[str, dt.datetime]]

    @property
    def unsigned(self) -> int:
        """How many records came after the last signed head."""
        return self.last_number - self.signed_to


def chain_state() -> ChainState:
    """Return what the page of the chain says on top."""
    numbers = ChainLink.objects.order_by("-number").values_list("number", flat=True)
    signed = SignedHead.objects.order_by("-last_number").values_list("last_number", flat=True)
    waits = [(AnchorKind(kind).label, unanchored(kind=kind)) for kind in anchors()]
    return ChainState(
        last_number=numbers.first() or 0,
        signed_to=signed.first() or 0,
        last_check=Job.objects.filter(kind=VERIFY_KIND).order_by("-created_at").first(),
        waiting=[(str(label), since) for label, since in waits if since],
    )


def heads() -> QuerySet[SignedHead]:
    """Return the signed heads with their receipts, newest first."""
    return (
        SignedHead.objects.select_related("key")
        .prefetch_related("receipts")
        .order_by("-made_at", "-pk")
    )


def head_of(*, serial: int) -> SignedHead:
    """Return a signed head.

    Raises:
        Missing: there is none.
    """
    head = SignedHead.objects.select_related("key").filter(serial=serial).first()
    if head is None:
        raise Missing("head_missing", _("There is no such signed head."))
    return head


def checks_left(*, address_digest: str, at: dt.datetime) -> int:
    """Return how many public checks an address has left in this hour."""
    most = parameter(name="evidence.public_checks_per_hour", as_of=timezone.localdate(at)).value
    since = at - dt.timedelta(hours=1)
    made = PublicCheck.objects.filter(address_digest=address_digest, at__gt=since).count()
    return most - made


def most_bytes(*, as_of: dt.date) -> int:
    """Return how large a file of a public check may be."""
    return parameter(name="evidence.public_check_max_bytes", as_of=as_of).value
