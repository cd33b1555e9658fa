"""Asking for evidence packs, releasing them, handing them out; checks by strangers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs
from core.encryption import keyed_digest
from core.errors import NotPermitted, RuleBroken, WrongState
from core.evidence import Builder
from core.models import EvidencePack, Job, PackEntry, PublicCheck, StoredFile
from core.selectors import parameter
from core.services import record_audit
from core.services.packs import order_pack
from desk.selectors.evidence import VERIFY_KIND
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check


@transaction.atomic
def ask_for_pack(
    *, builder: Builder, subject: Model, reason: str, by: Staff, at: dt.datetime
) -> tuple[EvidencePack, Job]:
    """Ask for an evidence pack of an object; a job makes it.

    Raises:
        NotPermitted: the person does not make evidence packs.
        RuleBroken: no reason is given.
    Source: EVID-03.
    """
    check(by, Permission.MAKE_EVIDENCE)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say for what the pack is needed."), field="reason")
    return order_pack(subject=subject, title=builder.name(subject), reason=reason, by=by, at=at)


@transaction.atomic
def release_pack(*, pack: EvidencePack, days: int, by: Staff, at: dt.datetime) -> EvidencePack:
    """Release a pack to regulators for so many days.

    Raises:
        NotPermitted: the person does not make packs, or asked for this one.
        WrongState: it is not made yet, or released already.
        RuleBroken: that is longer than the parameter allows.
    Source: HQ-47.
    """
    locked = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    check(by, Permission.MAKE_EVIDENCE)
    if locked.asked_by_id == by.pk:
        raise NotPermitted("maker_is_checker", _("Whoever asked for a pack does not release it."))
    if locked.stored_id is None or locked.released_at is not None:
        raise WrongState(
            "pack_state", _("The pack is not made yet, or it is released already; look again.")
        )
    today = timezone.localdate(at)
    most = parameter(name="evidence.release_days", as_of=today).value
    if not 1 <= days <= most:
        words = _("A pack is released for 1 to %(most)s days.") % {"most": most}
        raise RuleBroken("release_too_long", words, field="days")
    locked.released_by, locked.released_at = by, at
    locked.released_until = today + dt.timedelta(days=days)
    locked.save(update_fields=["released_by", "released_at", "released_until"])
    record_audit(
        action="core.evidence_released",
        subject=locked,
        by=by,
        at=at,
        until=locked.released_until,
    )
    return locked


@transaction.atomic
def hand_out_pack(*, pack: EvidencePack, by: Staff, at: dt.datetime) -> StoredFile:
    """Return the file of a pack, and record who took it.

    Raises:
        WrongState: it is not made yet.
    Source: HQ-47 (every access is logged).
    """
    if pack.stored is None:
        raise WrongState("pack_state", _("The pack is still being made; look again soon."))
    record_audit(action="core.evidence_downloaded", subject=pack, by=by, at=at)
    return pack.stored


def ask_for_verification(*, by: Staff, at: dt.datetime) -> Job:
    """Start the verification of the whole chain.

    Raises:
        NotPermitted: the person does not verify the chain.
    Source: EVID-04.
    """
    check(by, Permission.VERIFY_CHAIN)
    title = _("Verification of the evidence chain")
    return jobs.enqueue(kind=VERIFY_KIND, key="audit", title=title, payload={}, by=by, at=at)


def address_digest(address: str) -> str:
    """Return the keyed digest under which a stranger's address is counted."""
    return keyed_digest(address, purpose="public_check").hex()


@transaction.atomic
def check_file(*, code: str, sha256: str, address: str, at: dt.datetime) -> bool:
    """Tell a stranger whether a file is the pack with this code, or a file in it; note the check.

    An unknown code and a foreign file get the same answer. Source: EVID-14, EVID-15.
    """
    entry = PackEntry.objects.filter(code=code.strip().upper(), sha256=sha256).first()
    PublicCheck.objects.create(
        at=at,
        address_digest=address_digest(address),
        pack_id=entry.pack_id if entry else None,
        sha256=sha256,
        is_match=entry is not None,
    )
    return entry is not None
