"""Delegation: a holder lends a part of own authority to a colleague until a day."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotPermitted, RuleBroken, WrongState
from core.selectors import parameter
from core.services import record_audit
from organization.enums import CaseState, Permission
from organization.models import AuthorityCase, AuthorityGrant, Delegation, Staff, Unit
from organization.permissions import check, may
from organization.rules.authority import (
    Extent,
    why_not_covered,
    why_not_in_force,
    why_wider,
)
from organization.selectors.authority import extent_of, facts_of, holds, standing_of
from organization.selectors.reasons import fact_word, sentence_of
from organization.services.news import tell_delegation


@transaction.atomic
def delegate_authority(
    *,
    grant: AuthorityGrant,
    delegate: Staff,
    extent: Extent,
    unit: Unit,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> Delegation:
    """Lend a part of one's own authority to a colleague who decides cases; it ends by itself.

    A chain is impossible: a delegation names a grant that its giver holds, never a delegation.

    Raises:
        NotPermitted: the giver does not hold the grant or lacks the permission.
        RuleBroken: it is wider than the grant or the giver's own units, too long, to somebody who
            does not decide cases, or it would make its taker decide own open work; `findings`
            holds all.
    Source: PRE-11c, PRE-12d, HQ-43.
    """
    locked = (
        AuthorityGrant.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=grant.pk)
    )
    check(by, Permission.SIGN_CASES)
    if not holds(by, locked):
        raise NotPermitted("not_the_holder", _("Only a holder delegates authority."))
    day = timezone.localdate(at)
    standing = why_not_in_force(standing_of(locked), at=at, as_of=day)
    findings = [sentence_of(each) for each in standing]
    findings += _findings(locked, delegate, extent, by)
    findings += _date_findings(locked, valid_from, valid_to, day)
    if not reason.strip():
        findings.append(_("Say the reason in a few words."))
    if findings:
        raise RuleBroken("delegation_refused", " ".join(findings), findings=findings)
    words = dataclasses.asdict(extent)
    del words["unit_path"]
    made = Delegation.objects.create(
        **{name: list(each) if isinstance(each, tuple) else each for name, each in words.items()},
        unit=unit,
        grant=locked,
        delegator=by,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        made_at=at,
    )
    record_audit(
        action="organization.authority_delegated",
        subject=made,
        by=by,
        at=at,
        reason=reason,
        grant=locked.pk,
        delegate=delegate.pk,
        max_amount=None if extent.max_amount is None else str(extent.max_amount),
        valid_to=valid_to.isoformat(),
    )
    tell_delegation(delegation=made, is_given=True, at=at)
    return made


def _findings(grant: AuthorityGrant, delegate: Staff, extent: Extent, by: Staff) -> list[str]:
    found = []
    asked = Permission.REVIEW_WARNINGS if extent.is_for_lifts else Permission.SIGN_CASES
    wider = list(why_wider(extent, extent_of(grant)))
    if grant.role_id and not extent.unit_path.startswith(by.unit.path) and "unit" not in wider:
        wider.append("unit")
    if wider:
        found.append(
            _("Wider than the authority itself: %(facts)s.")
            % {"facts": "、".join(fact_word(each) for each in wider)}
        )
    if delegate.pk == by.pk:
        found.append(_("Nobody delegates to oneself."))
    if not may(delegate, asked):
        found.append(_("This colleague's roles do not let decide cases."))
    own = AuthorityCase.objects.filter(
        maker=delegate, state=CaseState.SUBMITTED, unit__path__startswith=extent.unit_path
    ).select_related("unit")
    clash = [case for case in own if not why_not_covered(facts_of(case=case), extent)]
    if clash:
        found.append(
            _("It would make this colleague decide own work: case %(cases)s.")
            % {"cases": "、".join(f"#{case.pk}" for case in clash)}
        )
    return found


def _date_findings(
    grant: AuthorityGrant, valid_from: dt.date, valid_to: dt.date, day: dt.date
) -> list[str]:
    found = []
    if valid_from < day:
        found.append(_("It starts today or later."))
    if valid_to <= valid_from:
        found.append(_("The end lies after the start."))
    most = int(parameter(name="authority.delegation_days", as_of=day).value)
    if (valid_to - valid_from).days > most:
        found.append(_("A delegation lasts %(days)s days at most.") % {"days": most})
    ends = [end for end in (grant.valid_to, grant.ends_at and grant.ends_at.date()) if end]
    if ends and valid_to > min(ends):
        found.append(_("It does not outlast the authority itself."))
    return found


@transaction.atomic
def revoke_delegation(
    *, delegation: Delegation, by: Staff, at: dt.datetime, reason: str
) -> Delegation:
    """Take a delegation back at once; its giver does, or whoever approves authority.

    Raises:
        NotPermitted: the person neither gave it nor approves authority.
        WrongState: it was revoked already.
        RuleBroken: nothing is said.
    Source: PRE-11c.
    """
    locked = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=delegation.pk)
    )
    if locked.delegator_id != by.pk:
        check(by, Permission.APPROVE_AUTHORITY, unit=locked.unit)
    if locked.revoked_at is not None:
        raise WrongState("delegation_revoked", _("This delegation was revoked already."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    locked.revoked_by, locked.revoked_at, locked.revocation = by, at, reason
    locked.save()
    record_audit(
        action="organization.delegation_revoked", subject=locked, by=by, at=at, reason=reason
    )
    tell_delegation(delegation=locked, is_given=False, at=at)
    return locked
