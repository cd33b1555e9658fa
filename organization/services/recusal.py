"""Declarations of relations, identities of staff, and the log of who was kept out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import BinaryIO, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.encryption import seal
from core.enums import ContentKind
from core.errors import NotPermitted, RuleBroken
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import RecusalStage
from organization.models import (
    AuthorityCase,
    DeclaredRelation,
    RecusalEntry,
    Staff,
    StaffIdentity,
    Unit,
    WorkItem,
)
from organization.permissions import check_business
from organization.rules.recusal import RecusalFinding
from organization.selectors.reasons import recusal_sentence
from organization.selectors.recusal import (
    RELATION_NAME,
    RELATION_VALUE,
    STAFF_VALUE,
    conflicts_with,
    recusals,
    trait_index,
    traits_of,
)

P = ParamSpec("P")
T = TypeVar("T")
EVIDENCE = Purpose(name="relation_evidence", limit="evidence_bytes")
CASE = AuthorityCase._meta.label_lower


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What somebody is kept out of: a row by table and key, and the unit that answers for it."""

    subject_type: str
    subject_id: str
    unit_id: int
    case_id: int | None = None


def matter_of_case(case: AuthorityCase) -> Matter:
    """Return a case as a matter."""
    return Matter(subject_type=CASE, subject_id=str(case.pk), unit_id=case.unit_id, case_id=case.pk)


class Recused(NotPermitted):
    """The person must stay out of the matter; `recusals_kept` keeps it in the log."""

    def __init__(
        self, found: tuple[RecusalFinding, ...], *, person: Staff, matter: Matter, stage: str
    ):
        sentences = [recusal_sentence(each) for each in found]
        words = f"{person.name}: {' '.join(sentences)}"
        super().__init__("recused", words, findings=sentences)
        self.found, self.person, self.matter, self.stage = found, person, matter, stage


def recusals_kept(service: Callable[P, T]) -> Callable[P, T]:
    """Let a service whose step was refused by a recusal keep that in the log, undone or not."""

    @wraps(service)
    def kept(*args: P.args, **words: P.kwargs) -> T:
        try:
            return service(*args, **words)
        except Recused as refusal:
            log_recusal(
                matter=refusal.matter,
                person=refusal.person,
                findings=refusal.found,
                stage=refusal.stage,
                at=words["at"],
            )
            raise

    return kept


@transaction.atomic
def declare_relation(
    *,
    kind: str,
    colleague: Staff | None,
    name: str,
    identity_kind: str,
    value: str,
    valid_from: dt.date,
    by: Staff,
    at: dt.datetime,
    remark: str = "",
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> DeclaredRelation:
    """Declare a relation of one's own to a colleague, or to whoever has this identity.

    Raises:
        NotPermitted: the person does no business.
        RuleBroken: both or neither is named, or the file is refused.
    Source: PRE-12e.
    """
    check_business(by)
    if (colleague is None) == (not value.strip()) or (value.strip() and not identity_kind):
        raise RuleBroken(
            "relation_to_whom", _("Name a colleague, or an identity, not both."), field="colleague"
        )
    if colleague is not None and colleague.pk == by.pk:
        raise RuleBroken("relation_to_self", _("A relation is to somebody else."))
    stored = None
    if evidence is not None:
        stored = accept(
            stream=evidence,
            name=evidence_name,
            kinds=tuple(ContentKind),
            by=by,
            at=at,
            purpose=EVIDENCE,
        )
    relation = DeclaredRelation(
        person=by,
        kind=kind,
        colleague=colleague,
        valid_from=valid_from,
        evidence=stored,
        remark=remark,
        declared_at=at,
    )
    if colleague is None:
        relation.identity_kind = identity_kind
        relation.index = trait_index(kind=identity_kind, value=value)
        key = relation.index.hex()
        relation.sealed_value = seal(value, column=RELATION_VALUE, key=key)
        relation.sealed_name = seal(name, column=RELATION_NAME, key=key) if name else None
    relation.save(force_insert=True)
    record_audit(action="organization.relation_declared", subject=relation, by=by, at=at, kind=kind)
    return relation


@transaction.atomic
def record_identity(
    *, person: Staff, kind: str, value: str, by: Staff, at: dt.datetime
) -> StaffIdentity:
    """Keep by what a person of the house is recognised in a case; sealed, found by its index.

    People record their own, whoever they are: a match keeps them out of cases.

    Raises:
        NotPermitted: it is somebody else's.
        RuleBroken: nothing is given.
    Source: PRE-12e.
    """
    check_business(by, person=person)
    if not value.strip():
        raise RuleBroken("identity_missing", _("Give the value."), field="value")
    index = trait_index(kind=kind, value=value)
    known = StaffIdentity.objects.filter(
        person=person, kind=kind, index=index, ended_at__isnull=True
    ).first()
    if known is not None:
        return known
    identity = StaffIdentity.objects.create(
        person=person,
        kind=kind,
        index=index,
        sealed_value=seal(value, column=STAFF_VALUE, key=f"{person.pk}:{index.hex()}"),
        recorded_by=by,
        recorded_at=at,
    )
    record_audit(action="organization.identity_recorded", subject=identity, by=by, at=at, kind=kind)
    return identity


def check_stays_in(
    *, person: Staff, subject: Model, unit: Unit, stage: str, at: dt.datetime
) -> None:
    """Refuse a step to whoever must stay out of its subject. Called before anything is written.

    Raises:
        Recused: the person declared a relation to a party, or shares a trait with one.
    Source: PRE-12e (assignment and approval blocked).
    """
    case = subject if isinstance(subject, AuthorityCase) else None
    matter = Matter(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        unit_id=unit.pk,
        case_id=case.pk if case else None,
    )
    findings = recusals(
        person_ids=[person.pk],
        case=traits_of(subject=subject),
        maker_id=case.maker_id if case else None,
        as_of=timezone.localdate(at),
    ).get(person.pk)
    if findings:
        raise Recused(findings, person=person, matter=matter, stage=stage)


def check_may_be_given(*, person: Staff, item: WorkItem, at: dt.datetime) -> None:
    """Refuse to give an item to whoever must stay out of its subject.

    Raises:
        Recused: as said.
    Source: PRE-12e (assignment blocked).
    """
    findings = conflicts_with(person_ids=[person.pk], item=item, as_of=timezone.localdate(at))
    if person.pk in findings:
        matter = Matter(
            subject_type=item.subject_type,
            subject_id=item.subject_id,
            unit_id=item.unit_id,
            case_id=int(item.subject_id) if item.subject_type == CASE else None,
        )
        raise Recused(
            findings[person.pk], person=person, matter=matter, stage=RecusalStage.ASSIGNMENT
        )


def log_recusal(
    *,
    matter: Matter,
    person: Staff,
    findings: Iterable[RecusalFinding],
    stage: str,
    at: dt.datetime,
) -> None:
    """Keep that somebody stays out of a matter and why; once per stage and reason."""
    RecusalEntry.objects.bulk_create(
        [
            RecusalEntry(
                case_id=matter.case_id,
                subject_type=matter.subject_type,
                subject_id=matter.subject_id,
                unit_id=matter.unit_id,
                person=person,
                stage=stage,
                source=each.source,
                kind=each.kind,
                article=each.article,
                at=at,
            )
            for each in findings
        ],
        ignore_conflicts=True,
    )
