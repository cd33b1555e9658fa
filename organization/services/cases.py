"""Cases for signature 签批单: submitted, decided, sent in again, withdrawn."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.encryption import seal
from core.enums import ContentKind
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import (
    CaseState,
    DecisionOutcome,
    RecusalStage,
    ResolutionOutcome,
    UnitKind,
    WorkKind,
)
from organization.models import (
    AuthorityCase,
    CaseFile,
    CaseIdentity,
    CaseParty,
    SignedDecision,
    Staff,
    Unit,
)
from organization.permissions import check_make_case
from organization.selectors.authority import facts_of, who_could_sign
from organization.selectors.cases import RESUBMITTED, makers_of, resolution_in_force
from organization.selectors.recusal import CASE_NAME, CASE_VALUE, trait_index, traits_of_case
from organization.selectors.work import has_sight
from organization.services.awaiting import align_work
from organization.services.decisions import (
    Subject,
    decision_of_key,
    fingerprint_of,
    sign_decision,
)
from organization.services.recusal import log_recusal, matter_of_case, recusals_kept
from organization.states import next_state

DOCUMENT = Purpose(name="case_file", limit="evidence_bytes")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseTerms:
    """What a case asks for: yuan, fractions, months; unknown is `None` or empty."""

    title: str
    text: str
    amount: Decimal
    product: str = ""
    obligor_type: str = ""
    channel: str = ""
    grade: str = ""
    rate: Decimal | None = None
    ltv: Decimal | None = None
    term: int | None = None
    exceptions: tuple[str, ...] = ()
    is_internet: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PartyOfCase:
    """Whom a case is about, with the identities by kind."""

    kind: str
    name: str
    identities: Mapping[str, str]


@transaction.atomic
def submit_case(
    *,
    terms: CaseTerms,
    unit: Unit,
    parties: Sequence[PartyOfCase],
    by: Staff,
    at: dt.datetime,
    documents: Sequence[tuple[str, BinaryIO]] = (),
) -> AuthorityCase:
    """Put a case before those who may sign it; whoever must stay out is logged at once.

    Raises:
        NotPermitted: the person does no business in the unit.
        RuleBroken: no party with an identity is named: nobody could tell who must stay out; or
            internet business at a branch.
    Source: PRE-11b, PRE-11c, PRE-12e, PRE-12f.
    """
    check_make_case(by, unit=unit)
    _check_terms(terms, unit)
    if not any(value.strip() for each in parties for value in each.identities.values()):
        raise RuleBroken(
            "party_missing",
            _("Name at least one party with an identity, so that recusal can be told."),
        )
    case = AuthorityCase.objects.create(**_columns(terms), unit=unit, maker=by, submitted_at=at)
    for party in parties:
        _keep_party(case, party)
    _keep_files(case, documents, by, at)
    _log_recused(case, at)
    record_audit(
        action="organization.case_submitted",
        subject=case,
        by=by,
        at=at,
        amount=str(case.amount),
        unit=unit.code,
    )
    align_work(subjects=[case], by=by, at=at)
    return case


@transaction.atomic
def resubmit_case(
    *,
    case: AuthorityCase,
    terms: CaseTerms,
    version: int,
    by: Staff,
    at: dt.datetime,
    documents: Sequence[tuple[str, BinaryIO]] = (),
) -> AuthorityCase:
    """Send a returned case in again, changed; its parties stay. The next round begins.

    Raises:
        NotPermitted: the person neither made it nor holds its rework (the maker may have left).
        Conflict: it was changed since the page was made.
        WrongState: it was not returned.
    Source: PRE-12f.
    """
    locked = _locked(case)
    if not has_sight(staff=by, subject=locked, at=at, kind=WorkKind.CASE_REWORK):
        _check_maker(locked, by)
    _check_version(locked, version)
    _check_terms(terms, locked.unit)
    _move(locked, "resubmit")
    for name, value in _columns(terms).items():
        setattr(locked, name, value)
    locked.round += 1
    locked.version += 1
    locked.submitted_at = at
    locked.save()
    _keep_files(locked, documents, by, at)
    record_audit(
        action="organization.case_resubmitted", subject=locked, by=by, at=at, round=locked.round
    )
    _align(locked, by, at, RESUBMITTED)
    return locked


@transaction.atomic
def withdraw_case(
    *, case: AuthorityCase, version: int, by: Staff, at: dt.datetime, reason: str
) -> AuthorityCase:
    """Take an undecided case back.

    Raises:
        NotPermitted: the person did not make it.
        Conflict: it was changed since the page was made.
        WrongState: it was decided.
        RuleBroken: nothing is said.
    """
    locked = _locked(case)
    _check_maker(locked, by)
    _check_version(locked, version)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    _move(locked, "withdraw")
    locked.version += 1
    locked.withdrawal = reason
    locked.save()
    record_audit(action="organization.case_withdrawn", subject=locked, by=by, at=at, reason=reason)
    _align(locked, by, at, "withdrawn")
    return locked


@recusals_kept
@transaction.atomic
def decide_case(
    *,
    case: AuthorityCase,
    outcome: str,
    version: int,
    key: uuid.UUID,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> SignedDecision:
    """Sign, return or refuse a case; the same key again gives the same answer.

    Raises:
        Conflict: somebody else was faster, or the page is stale.
        NotPermitted: maker, recused (which is logged), or without authority, with every reason.
        WrongState: it does not wait for a decision.
        RuleBroken: nothing is said, the key was used for something else, or a committee rejected.
    Source: PRE-11c, PRE-12e, HQ-43; safety.md R10, R11.
    """
    locked = _locked(case)
    fingerprint = fingerprint_of(
        case=locked.pk, outcome=outcome, version=version, by=by.pk, reason=reason
    )
    known = decision_of_key(key=key, fingerprint=fingerprint)
    if known is not None:
        return known
    _check_version(locked, version)
    if by.pk in makers_of(case=locked):
        raise NotPermitted("maker_is_checker", _("Whoever makes a case does not decide it."))
    _move(locked, DecisionOutcome(outcome))
    decision = sign_decision(
        subject=Subject(
            row=locked,
            step=locked.round,
            version=locked.version,
            unit=locked.unit,
            maker=locked.maker,
            facts=facts_of(case=locked),
            traits=traits_of_case(case=locked),
            resolution=resolution_in_force(case=locked),
        ),
        outcome=outcome,
        version=version,
        key=key,
        fingerprint=fingerprint,
        by=by,
        at=at,
        reason=reason,
    )
    locked.version += 1
    locked.decided_at = None if locked.state == CaseState.RETURNED else at
    locked.save()
    _align(locked, by, at, outcome)
    return decision


def _align(case: AuthorityCase, by: Staff, at: dt.datetime, outcome: str) -> None:
    """Let the work follow the case, and the votes on it."""
    align_work(subjects=[case], by=by, at=at, outcome=outcome)
    before = case.resolutions.filter(outcome=ResolutionOutcome.OPEN)
    align_work(subjects=list(before), by=by, at=at, outcome=outcome)


def _locked(case: AuthorityCase) -> AuthorityCase:
    return (
        AuthorityCase.objects.select_for_update(of=("self",))
        .select_related("unit", "maker")
        .get(pk=case.pk)
    )


def _check_maker(case: AuthorityCase, by: Staff) -> None:
    if case.maker_id != by.pk:
        raise NotPermitted("not_the_maker", _("Only the maker changes or withdraws a case."))


def _check_version(case: AuthorityCase, version: int) -> None:
    if case.version != version:
        raise Conflict("stale_version", _("It was changed since. Reload it and look again."))


def _check_terms(terms: CaseTerms, unit: Unit) -> None:
    if terms.is_internet and unit.kind != UnitKind.HEAD_OFFICE:
        raise RuleBroken(
            "internet_at_head_office",
            _("Internet business goes to head office, never to a branch: choose head office."),
            field="is_internet",
        )
    if terms.amount <= 0:
        raise RuleBroken("amount", _("The amount is above 0."), field="amount")


def _move(case: AuthorityCase, action: str) -> None:
    following = next_state(case.state, action)
    if following is None:
        raise WrongState(
            "case_state",
            _("The case is “%(state)s”; this step is not open now.")
            % {"state": CaseState(case.state).label},
        )
    case.state = following


def _columns(terms: CaseTerms) -> dict[str, Any]:
    return dataclasses.asdict(terms) | {"exceptions": list(terms.exceptions)}


def _keep_party(case: AuthorityCase, party: PartyOfCase) -> None:
    row = CaseParty.objects.create(
        case=case,
        kind=party.kind,
        sealed_name=seal(party.name, column=CASE_NAME, key=case.pk),
    )
    for kind, value in party.identities.items():
        if value.strip():
            index = trait_index(kind=kind, value=value)
            CaseIdentity.objects.create(
                party=row,
                kind=kind,
                index=index,
                sealed_value=seal(value, column=CASE_VALUE, key=f"{row.pk}:{index.hex()}"),
            )


def _keep_files(
    case: AuthorityCase, documents: Sequence[tuple[str, BinaryIO]], by: Staff, at: dt.datetime
) -> None:
    for name, stream in documents:
        stored = accept(
            stream=stream, name=name, by=by, at=at, kinds=tuple(ContentKind), purpose=DOCUMENT
        )
        CaseFile.objects.create(case=case, stored=stored)


def _log_recused(case: AuthorityCase, at: dt.datetime) -> None:
    signers = who_could_sign(
        facts=facts_of(case=case),
        at=at,
        as_of=timezone.localdate(at),
        maker_id=case.maker_id,
        traits=traits_of_case(case=case),
    )
    for each in signers:
        log_recusal(
            matter=matter_of_case(case),
            person=each.person,
            findings=each.recusals,
            stage=RecusalStage.SUBMISSION,
            at=at,
        )
