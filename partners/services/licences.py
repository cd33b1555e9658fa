"""Licences of lenders: proposed by one person, approved by another, never edited."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from partners.enums import LicenceStatus
from partners.models import FunderLicence, Lender
from partners.permissions import check_decide_licence, check_propose_licences


@dataclass(frozen=True, kw_only=True)
class LicenceDraft:
    """What is proposed of a lender's licence; `valid_to` is the first day without it."""

    funder_type: str
    licence_no: str
    issuer: str
    standing: str
    funds_source: str
    declaration: str
    valid_from: dt.date
    valid_to: dt.date | None = None


@transaction.atomic
def propose_licence(
    *, lender: Lender, draft: LicenceDraft, reason: str, by: Staff | None, at: dt.datetime
) -> FunderLicence:
    """Propose what licenses a lender from a day on; it counts once somebody else approved it.

    A renewal, a suspension, a correction or another source of funds is proposed the same way.

    Raises:
        NotPermitted: the person does not propose licences.
        RuleBroken: number, issuer, declaration or reason is missing; it ends before it begins.
    Source: PRE-02j, PRE-02k, PRE-02l.
    """
    check_propose_licences(by)
    for field, word in (
        ("licence_no", draft.licence_no),
        ("issuer", draft.issuer),
        ("declaration", draft.declaration),
    ):
        if not word.strip():
            raise RuleBroken(
                "licence_words", _("A licence needs number, issuer and declaration."), field=field
            )
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if draft.valid_to is not None and draft.valid_to <= draft.valid_from:
        raise RuleBroken("licence_dates", _("It ends before it begins."), field="valid_to")
    words = asdict(draft)
    licence = FunderLicence.objects.create(
        lender=lender, **words, reason=reason, proposed_by=by, proposed_at=at
    )
    record_audit(
        action="partners.licence_proposed",
        subject=licence,
        by=by,
        at=at,
        reason=reason,
        lender=lender.code,
        licence=words,
    )
    align_work(subjects=[licence], by=by, at=at)
    return licence


@transaction.atomic
def approve_licence(
    *, licence: FunderLicence, by: Staff, at: dt.datetime, remark: str = ""
) -> FunderLicence:
    """Let a proposed licence count from its first day on.

    Raises:
        NotPermitted: the person does not approve licences, or proposed this one.
        WrongState: it no longer awaits approval.
    """
    return _decide(licence, LicenceStatus.APPROVED, by, at, remark)


@transaction.atomic
def refuse_licence(
    *, licence: FunderLicence, by: Staff, at: dt.datetime, remark: str
) -> FunderLicence:
    """Refuse a proposed licence, saying why.

    Raises:
        NotPermitted: the person does not approve licences, or proposed this one.
        WrongState: it no longer awaits approval.
        RuleBroken: nothing is said.
    """
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    return _decide(licence, LicenceStatus.REFUSED, by, at, remark)


def _decide(
    licence: FunderLicence, status: LicenceStatus, by: Staff, at: dt.datetime, remark: str
) -> FunderLicence:
    locked = (
        FunderLicence.objects.select_for_update(of=("self",))
        .select_related("lender")
        .get(pk=licence.pk)
    )
    check_decide_licence(by, locked)
    locked.decide(status, by=by, at=at, remark=remark)
    locked.save(update_fields=["status", "remark", "decided_by", "decided_at"])
    is_approved = status == LicenceStatus.APPROVED
    action = "partners.licence_approved" if is_approved else "partners.licence_refused"
    record_audit(
        action=action,
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        lender=locked.lender.code,
        licence_no=locked.licence_no,
    )
    align_work(subjects=[locked], by=by, at=at, outcome=status)
    return locked
