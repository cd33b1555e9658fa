"""Reinsurers and treaties: proposed by one person, approved by another, never edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, RuleBroken
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from underwriting.enums import TreatyBasis, TreatyKind, TreatyStatus
from underwriting.models import Reinsurer, Treaty, TreatyShare
from underwriting.permissions import check_decide_treaty, check_propose_treaties
from underwriting.rules.cessions import wrong_treaties
from underwriting.selectors.cessions import approved_treaties, terms_of

LOCK = 1129468755  # "CESS", the name space of the advisory locks of cessions


@dataclass(frozen=True, kw_only=True)
class TreatyDraft:
    """What is proposed. Amounts in yuan, `fraction` and rates as fractions; see `Treaty`."""

    code: str
    name: str
    kind: TreatyKind
    basis: TreatyBasis
    valid_from: dt.date
    valid_to: dt.date
    commission_rate: Decimal
    product_codes: tuple[str, ...] = ()
    lender_codes: tuple[str, ...] = ()
    fraction: Decimal | None = None
    max_per_risk: Decimal | None = None
    retention: Decimal | None = None
    lines: Decimal | None = None
    lines_below: Decimal = Decimal(0)


@transaction.atomic
def enter_reinsurer(
    *,
    name: str,
    registration_no: str,
    rating: str,
    valid_from: dt.date,
    by: Staff | None,
    at: dt.datetime,
    valid_to: dt.date | None = None,
) -> Reinsurer:
    """Enter a reinsurer with its registration and rating.

    Raises:
        NotPermitted: the person does not propose treaties.
        Conflict: name or registration number is known already.
    """
    check_propose_treaties(by)
    known = Reinsurer.objects.filter(name=name) | Reinsurer.objects.filter(
        registration_no=registration_no
    )
    if known.exists():
        raise Conflict("reinsurer_known", _("This reinsurer is entered already."), field="name")
    reinsurer = Reinsurer.objects.create(
        name=name,
        registration_no=registration_no,
        rating=rating,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    record_audit(
        action="underwriting.reinsurer_entered",
        subject=reinsurer,
        by=by,
        at=at,
        name=name,
        registration_no=registration_no,
        rating=rating,
    )
    return reinsurer


@transaction.atomic
def propose_treaty(
    *,
    draft: TreatyDraft,
    shares: Mapping[Reinsurer, Decimal],
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> Treaty:
    """Propose a treaty with the shares of its reinsurers; it cedes nothing before it is approved.

    Raises:
        NotPermitted: the person does not propose treaties.
        RuleBroken: no reason; terms that are not of its kind; shares that do not sum to one; a
            reinsurer that is not valid on its first day.
        Conflict: the code is known already.

    Source: PRE-02b; architecture rule 10.
    """
    check_propose_treaties(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    _refuse_unsound(draft, shares)
    if Treaty.objects.filter(code=draft.code).exists():
        raise Conflict("treaty_known", _("This code is taken."), field="code")
    words = asdict(draft) | {
        "product_codes": list(draft.product_codes),
        "lender_codes": list(draft.lender_codes),
    }
    treaty = Treaty.objects.create(**words, reason=reason, proposed_by=by, proposed_at=at)
    TreatyShare.objects.bulk_create(
        TreatyShare(treaty=treaty, reinsurer=reinsurer, share=share)
        for reinsurer, share in shares.items()
    )
    record_audit(
        action="underwriting.treaty_proposed",
        subject=treaty,
        by=by,
        at=at,
        reason=reason,
        terms=words,
        shares={reinsurer.name: share for reinsurer, share in shares.items()},
    )
    align_work(subjects=[treaty], by=by, at=at)
    return treaty


@transaction.atomic
def approve_treaty(*, treaty: Treaty, by: Staff, at: dt.datetime, remark: str = "") -> Treaty:
    """Put a proposed treaty in force over its time.

    Raises:
        NotPermitted: the person does not approve treaties, or proposed this one.
        WrongState: it no longer awaits approval.
        RuleBroken: together with others it would cede more than the whole of a risk.
    """
    with connection.cursor() as cursor:  # two at once would not see each other
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    locked = _locked(treaty, by)
    locked.decide(TreatyStatus.APPROVED, by=by, at=at, remark=remark)
    beside = [*approved_treaties(), locked]
    too_many = wrong_treaties([terms_of(each) for each in beside])
    if locked.code in too_many:
        raise RuleBroken(
            "treaty_too_much",
            _("Together they cede more than the whole: %(codes)s.")
            % {"codes": ", ".join(too_many)},
        )
    return _decided(locked, by, at, "approved")


@transaction.atomic
def refuse_treaty(*, treaty: Treaty, by: Staff, at: dt.datetime, remark: str) -> Treaty:
    """Refuse a proposed treaty, saying why.

    Raises:
        NotPermitted: the person does not approve treaties, or proposed this one.
        WrongState: it no longer awaits approval.
        RuleBroken: nothing is said.
    """
    locked = _locked(treaty, by)
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.decide(TreatyStatus.REFUSED, by=by, at=at, remark=remark)
    return _decided(locked, by, at, "refused")


def _locked(treaty: Treaty, by: Staff) -> Treaty:
    locked = Treaty.objects.select_for_update(of=("self",)).get(pk=treaty.pk)
    check_decide_treaty(by, locked)
    return locked


def _decided(treaty: Treaty, by: Staff, at: dt.datetime, outcome: str) -> Treaty:
    treaty.save(update_fields=["status", "remark", "decided_by", "decided_at"])
    action = (
        "underwriting.treaty_approved" if outcome == "approved" else "underwriting.treaty_refused"
    )
    record_audit(
        action=action, subject=treaty, by=by, at=at, reason=treaty.remark, code=treaty.code
    )
    align_work(subjects=[treaty], by=by, at=at, outcome=outcome)
    return treaty


def _refuse_unsound(draft: TreatyDraft, shares: Mapping[Reinsurer, Decimal]) -> None:
    if draft.valid_to <= draft.valid_from:
        raise RuleBroken("treaty_dates", _("It ends before it begins."), field="valid_to")
    if not _fits_its_kind(draft):
        raise RuleBroken(
            "treaty_terms", _("These terms do not fit the kind of treaty."), field="kind"
        )
    if not 0 <= draft.commission_rate < 1:
        raise RuleBroken(
            "treaty_commission",
            _("A ceding commission is a fraction from 0 to below 1."),
            field="commission_rate",
        )
    if sum(shares.values(), Decimal(0)) != 1 or min(shares.values(), default=0) <= 0:
        raise RuleBroken(
            "treaty_shares",
            _("The shares of the reinsurers must sum to exactly 1."),
            field="shares",
        )
    late = [
        each.name
        for each in shares
        if each.valid_from > draft.valid_from
        or (each.valid_to is not None and each.valid_to <= draft.valid_from)
    ]
    if late:
        raise RuleBroken(
            "reinsurer_not_valid",
            _("Not valid on the treaty's first day: %(names)s.") % {"names": ", ".join(late)},
            field="shares",
        )


def _fits_its_kind(draft: TreatyDraft) -> bool:
    has = {
        name
        for name in ("fraction", "max_per_risk", "retention", "lines")
        if getattr(draft, name) is not None
    }
    needed, allowed = {
        TreatyKind.QUOTA_SHARE: ({"fraction"}, {"fraction", "max_per_risk"}),
        TreatyKind.SURPLUS: ({"retention", "lines"}, {"retention", "lines"}),
        TreatyKind.EXCESS_OF_LOSS: ({"retention", "max_per_risk"}, {"retention", "max_per_risk"}),
    }[TreatyKind(draft.kind)]
    is_positive = all(getattr(draft, name) > 0 for name in has)
    is_fraction = draft.fraction is None or draft.fraction <= 1
    return needed <= has <= allowed and is_positive and is_fraction and draft.lines_below >= 0
