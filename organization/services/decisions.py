"""Signing: the one door by which a decision that needs authority becomes a fact."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import uuid
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, NotPermitted, RuleBroken
from core.services import record_audit
from organization.enums import (
    DecisionOutcome,
    GrantStatus,
    Permission,
    RecusalStage,
    ResolutionOutcome,
)
from organization.models import (
    AuthorityCase,
    AuthorityGrant,
    Delegation,
    Resolution,
    SignedDecision,
    Staff,
    Unit,
)
from organization.permissions import check, is_head_office
from organization.rules.authority import CaseFacts
from organization.rules.recusal import Traits
from organization.selectors.answers import could_sign
from organization.selectors.authority import (
    Authority,
    Signer,
    extent_of,
    judge,
    who_could_sign,
)
from organization.selectors.reasons import sentence_of
from organization.services.recusal import Matter, Recused


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """What is to be decided, its row locked by the caller: step, version, facts, maker, parties."""

    row: Model
    step: int
    version: int
    unit: Unit
    maker: Staff
    facts: CaseFacts
    traits: Traits
    resolution: Resolution | None = None
    permission: Permission = Permission.SIGN_CASES


def decision_of_key(*, key: uuid.UUID, fingerprint: str) -> SignedDecision | None:
    """Return the decision that this key made, or nothing.

    Raises:
        RuleBroken: the key was used for something else.
    Source: safety.md R10 (same key, other body: 422).
    """
    known = SignedDecision.objects.filter(key=key).first()
    if known is not None and known.fingerprint != fingerprint:
        raise RuleBroken("key_reused", _("This form was sent before with other words. Reload it."))
    return known


def fingerprint_of(**words: object) -> str:
    """Return the hash by which a repeated request is told from another one."""
    text = json.dumps(words, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def sign_decision(
    *,
    subject: Subject,
    outcome: str,
    version: int,
    key: uuid.UUID,
    fingerprint: str,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> SignedDecision:
    """Decide one step of a subject on the authority in force now, and keep that authority with it.

    The caller holds the subject's row. Grants, delegations and roles of the signer are read again
    under `FOR SHARE`, so that a revocation that committed before counts and a later one waits.
    To sign takes a grant, a delegation, or a committee's resolution on this version; to return or
    refuse takes the permission.

    Raises:
        Conflict: the subject changed since the page was made, or the step was decided already.
        NotPermitted: maker, recused, without permission or without authority; `findings` holds
            every reason.
        RuleBroken: nothing is said, or a committee rejected what is to be signed.
    Source: PRE-11b, PRE-11c, PRE-12e, HQ-43; safety.md R11.
    """
    if version != subject.version:
        raise Conflict("stale_version", _("It was changed since. Reload it and look again."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    _hold(by)
    signer = Staff.objects.select_related("unit").prefetch_related("roles").get(pk=by.pk)
    check(signer, subject.permission)
    if signer.pk == subject.maker.pk:
        raise NotPermitted("maker_is_checker", _("Whoever makes a case does not decide it."))
    (judged,) = judge(
        people=[signer],
        facts=subject.facts,
        at=at,
        as_of=timezone.localdate(at),
        maker_id=subject.maker.pk,
        traits=subject.traits,
        permission=subject.permission,
    )
    if judged.recusals:
        raise Recused(
            judged.recusals,
            person=signer,
            matter=Matter(
                subject_type=subject.row._meta.label_lower,
                subject_id=str(subject.row.pk),
                unit_id=subject.unit.pk,
                case_id=subject.row.pk if isinstance(subject.row, AuthorityCase) else None,
            ),
            stage=RecusalStage.SIGNING,
        )
    if subject.facts.is_internet and not is_head_office(signer):
        raise NotPermitted("internet", _("Internet business is decided at head office alone."))
    resolution = subject.resolution
    if outcome == DecisionOutcome.SIGN:
        resolution = _check_authority(judged, subject, at)
    elif not judged.covering:
        check(signer, subject.permission, unit=subject.unit)
    return _keep(
        SignedDecision(
            subject_type=subject.row._meta.label_lower,
            subject_id=subject.row.pk,
            step=subject.step,
            unit=subject.unit,
            outcome=outcome,
            facts=plain(subject.facts),
            authority=_authority(judged.covering, resolution),
            grant=judged.covering.grant if judged.covering else None,
            delegation=judged.covering.delegation if judged.covering else None,
            resolution=resolution,
            maker=subject.maker,
            signer=signer,
            version=version,
            key=key,
            fingerprint=fingerprint,
            reason=reason,
            at=at,
        )
    )


def _hold(person: Staff) -> None:
    """Lock what the person's authority rests on, `FOR SHARE`, in one order for everybody."""
    roles = Staff.roles.through._meta.db_table
    grants, delegations = AuthorityGrant._meta.db_table, Delegation._meta.db_table
    staff = Staff._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {staff} WHERE id = %(me)s OR id IN"  # noqa: S608 (our own names)
            f" (SELECT delegator_id FROM {delegations} WHERE delegate_id = %(me)s)"
            " ORDER BY id FOR SHARE",
            {"me": person.pk},
        )
        people = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"SELECT role_id FROM {roles} WHERE staff_id = ANY(%s) ORDER BY id FOR SHARE",  # noqa: S608
            [people],
        )
        held = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"SELECT id FROM {grants} WHERE role_id = ANY(%s) OR person_id = ANY(%s)"  # noqa: S608
            " ORDER BY id FOR SHARE",
            [held, people],
        )
        cursor.execute(
            f"SELECT id FROM {delegations} WHERE delegate_id = %s ORDER BY id FOR SHARE",  # noqa: S608
            [person.pk],
        )


def _check_authority(judged: Signer, subject: Subject, at: dt.datetime) -> Resolution | None:
    """Return the resolution that the signature rests on, if it does; refuse without authority."""
    resolution = subject.resolution
    if resolution is not None and resolution.outcome == ResolutionOutcome.REJECTED:
        raise RuleBroken("committee_rejected", _("The committee rejected it; it is not signed."))
    if judged.covering is not None:
        return resolution
    sits = resolution is not None and resolution.committee.members.filter(
        person=judged.person, valid_from__lte=resolution.held_on
    ).exclude(valid_to__lte=resolution.held_on)
    if sits and sits.exists():
        return resolution
    trials = judged.trials[0].reasons if judged.trials else judged.hindrances
    findings = [sentence_of(each) for each in trials]
    words = _("Your authority does not cover it: %(reasons)s") % {"reasons": " ".join(findings)}
    raise NotPermitted("no_authority", f"{words} {_who_could(subject, at)}", findings=findings)


def _who_could(subject: Subject, at: dt.datetime) -> str:
    signers = who_could_sign(
        facts=subject.facts,
        at=at,
        as_of=timezone.localdate(at),
        maker_id=subject.maker.pk,
        traits=subject.traits,
        permission=subject.permission,
    )
    return could_sign(signers)


def _authority(covering: Authority | None, resolution: Resolution | None) -> dict[str, Any]:
    """Return the words of the authority as they stood, so that no later change blurs them."""
    kept: dict[str, Any] = {}
    if covering is not None:
        kept["grant"] = {
            "id": covering.grant.pk,
            "status": GrantStatus(covering.grant.status).value,
            "kind": covering.grant.kind,
            "level": covering.grant.level,
            "valid_from": covering.grant.valid_from.isoformat(),
            "valid_to": str(covering.grant.valid_to or ""),
            "approved_by": covering.grant.decided_by_id,
            **plain(extent_of(covering.grant)),
        }
        if covering.delegation is not None:
            kept["delegation"] = {
                "id": covering.delegation.pk,
                "delegator": covering.delegation.delegator_id,
                "valid_to": covering.delegation.valid_to.isoformat(),
                **plain(extent_of(covering.delegation)),
            }
    if resolution is not None:
        kept["resolution"] = {
            "id": resolution.pk,
            "committee": resolution.committee.code,
            "outcome": resolution.outcome,
            "tally": resolution.tally,
        }
    return kept


def plain(values: CaseFacts | Any) -> dict[str, Any]:
    """Return facts or an extent as JSON: figures as text, sets as lists, unknown as null."""
    return {
        name: list(value)
        if isinstance(value, tuple)
        else value
        if value is None or isinstance(value, int)
        else str(value)
        for name, value in dataclasses.asdict(values).items()
    }


def _keep(decision: SignedDecision) -> SignedDecision:
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError as clash:
        raise Conflict(
            "decided_already", _("Somebody else was faster: this step was decided already.")
        ) from clash
    record_audit(
        action=f"organization.decision_{decision.outcome}",
        subject=decision,
        by=decision.signer,
        at=decision.at,
        reason=decision.reason,
        of=f"{decision.subject_type} {decision.subject_id}",
        step=decision.step,
        grant=decision.grant_id,
        delegation=decision.delegation_id,
        resolution=decision.resolution_id,
    )
    return decision
