"""Who must stay out of a case, and what people declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.contacts import normal_address, normal_card, normal_phone
from core.encryption import blind_index, mask_document, mask_name, unseal
from core.errors import Missing
from organization.enums import IdentityKind, ReleaseStatus
from organization.events import (
    IdentitiesAskedAbout,
    PartiesAskedAbout,
    identities_asked_about,
    parties_asked_about,
)
from organization.models import (
    AuthorityCase,
    CaseParty,
    DeclaredRelation,
    RecusalEntry,
    RecusalRelease,
    Staff,
    StaffIdentity,
    WorkItem,
)
from organization.rules.recusal import RecusalFinding, Relation, Traits, recusal_findings, traits

_FORMS = {
    IdentityKind.PHONE: ("contact:phone", normal_phone),
    IdentityKind.ACCOUNT: ("contact:card", normal_card),
    IdentityKind.ADDRESS: ("contact:address", normal_address),
}
CASE_NAME = "organization_caseparty.sealed_name"
CASE_VALUE = "organization_caseidentity.sealed_value"
STAFF_VALUE = "organization_staffidentity.sealed_value"
RELATION_NAME = "organization_declaredrelation.sealed_name"
RELATION_VALUE = "organization_declaredrelation.sealed_value"


def trait_index(*, kind: str, value: str) -> bytes:
    """Return the blind index of an identity: the one under which the whole house finds it.

    A telephone or account that has no normal form is indexed as it is.
    """
    purpose, normal_form = _FORMS.get(IdentityKind(kind), (str(kind), None))
    normal = normal_form(value) if normal_form else None
    return blind_index(normal or value, purpose=purpose)


def traits_of(*, subject: Model) -> Traits:
    """Return by what the parties of anything are recognised: what its app answers, and by what
    else the same parties are known. A case's own identities are those entered with it.

    Source: PRE-12e (same number, phone, address, employer, account as applicant or partner).
    """
    kind, pk = subject._meta.label_lower, str(subject.pk)
    return traits_of_key(subject_type=kind, subject_id=pk, row=subject)


def traits_of_key(*, subject_type: str, subject_id: str, row: Model | None = None) -> Traits:
    """Return the same for a subject that is known by its table and key, as a work item knows it."""
    event = PartiesAskedAbout(subject_type=subject_type, subject_id=subject_id, row=row)
    pairs = _answers(parties_asked_about.send(AuthorityCase, event=event))
    if subject_type == AuthorityCase._meta.label_lower:
        with connection.cursor() as cursor:  # told whoever asks, see the migration
            cursor.execute("SELECT kind, idx FROM organization_case_traits(%s)", [int(subject_id)])
            pairs |= traits(cursor.fetchall()).pairs
    if not pairs:
        return Traits(pairs=pairs)
    more = identities_asked_about.send(AuthorityCase, event=IdentitiesAskedAbout(pairs=pairs))
    return Traits(pairs=pairs | _answers(more))


def _answers(asked: Iterable[tuple[object, Iterable[tuple[str, bytes]]]]) -> frozenset:
    return frozenset((kind, bytes(index)) for _receiver, answer in asked for kind, index in answer)


def traits_of_case(*, case: AuthorityCase) -> Traits:
    """Return the blind indexes of all parties of a case."""
    return traits_of(subject=case)


def conflicts_with(
    *, person_ids: Collection[int], item: WorkItem, as_of: dt.date
) -> dict[int, tuple[RecusalFinding, ...]]:
    """Return who of these people must stay out of what an item is about, and why.

    Shown before an item is taken or handed over, asked again when it is. Source: PRE-12e.
    """
    kind, pk = item.subject_type, item.subject_id
    return recusals(
        person_ids=person_ids,
        case=traits_of_key(subject_type=kind, subject_id=pk),
        maker_id=maker_of_key(subject_type=kind, subject_id=pk),
        as_of=as_of,
    )


def maker_of_key(*, subject_type: str, subject_id: str) -> int | None:
    """Return who made the case of a work item; other subjects have no maker here."""
    if subject_type != AuthorityCase._meta.label_lower:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_case_maker(%s)", [int(subject_id)])
        return cursor.fetchone()[0]


def recusals(
    *, person_ids: Collection[int], case: Traits, maker_id: int | None, as_of: dt.date
) -> dict[int, tuple[RecusalFinding, ...]]:
    """Return who of these people must stay out and why; two queries. Source: PRE-12e."""
    if not case.pairs and maker_id is None:
        return {}
    indexes = {pair[1] for pair in case.pairs}
    own: dict[int, list[tuple[str, bytes]]] = {}
    for person_id, kind, index in StaffIdentity.objects.filter(
        person_id__in=person_ids, index__in=indexes, ended_at__isnull=True
    ).values_list("person_id", "kind", "index"):
        own.setdefault(person_id, []).append((kind, index))
    relations = _relations(person_ids, as_of)
    found = {
        person_id: recusal_findings(
            own=traits(own.get(person_id, ())),
            relations=relations.get(person_id, ()),
            case=case,
            maker_id=maker_id,
        )
        for person_id in person_ids
    }
    return {person_id: findings for person_id, findings in found.items() if findings}


def _relations(person_ids: Collection[int], as_of: dt.date) -> dict[int, list[Relation]]:
    """A relation between colleagues binds both, whoever of them declared it."""
    rows = _live(as_of).filter(Q(person_id__in=person_ids) | Q(colleague_id__in=person_ids))
    known: dict[int, list[Relation]] = {}
    for row in rows:
        index = None if row.index is None else bytes(row.index)
        known.setdefault(row.person_id, []).append(
            Relation(kind=row.kind, colleague_id=row.colleague_id, index=index)
        )
        if row.colleague_id:
            known.setdefault(row.colleague_id, []).append(
                Relation(kind=row.kind, colleague_id=row.person_id, index=None)
            )
    return known


def _live(as_of: dt.date) -> QuerySet[DeclaredRelation]:
    return DeclaredRelation.objects.filter(valid_from__lte=as_of).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)
    )


def relations_of(*, person: Staff) -> QuerySet[DeclaredRelation]:
    """Return what the person declared, newest first."""
    return (
        DeclaredRelation.objects.filter(person=person)
        .select_related("colleague", "evidence")
        .annotate(
            is_waiting=Exists(
                RecusalRelease.objects.filter(relation=OuterRef("pk"), status=ReleaseStatus.ASKED)
            )
        )
        .order_by("-declared_at", "-pk")
    )


def relation_of(*, person: Staff, pk: int) -> DeclaredRelation:
    """Return one of the person's own declarations.

    Raises:
        Missing: it does not exist or is somebody else's.
    """
    found = relations_of(person=person).filter(pk=pk).first()
    if found is None:
        raise Missing("relation_missing", _("There is no such declaration."))
    return found


def masked_relation(*, relation: DeclaredRelation) -> tuple[str, str]:
    """Return the masked name and value of whom a declaration is about."""
    if relation.index is None:
        return "", ""
    key = bytes(relation.index).hex()
    name = ""
    if relation.sealed_name:
        name = mask_name(unseal(relation.sealed_name, column=RELATION_NAME, key=key))
    value = unseal(relation.sealed_value or b"", column=RELATION_VALUE, key=key)
    return name, mask_document(value)


def masked_name(*, party: CaseParty) -> str:
    """Return the masked name of a party of a case."""
    return mask_name(unseal(party.sealed_name, column=CASE_NAME, key=party.case_id))


def recusal_log(*, case: AuthorityCase) -> QuerySet[RecusalEntry]:
    """Return who was kept out of the case, oldest first."""
    return RecusalEntry.objects.filter(case=case).select_related("person").order_by("at", "pk")


def identities_of(*, person: Staff) -> QuerySet[StaffIdentity]:
    """Return by what the person is recognised now, with the releases that wait."""
    waiting = RecusalRelease.objects.filter(identity=OuterRef("pk"), status=ReleaseStatus.ASKED)
    return (
        person.identities.filter(ended_at__isnull=True)
        .annotate(is_waiting=Exists(waiting))
        .order_by("pk")
    )


def identity_of(*, person: Staff, pk: int) -> StaffIdentity:
    """Return one of the person's own identities.

    Raises:
        Missing: it does not exist or is somebody else's.
    """
    found = person.identities.filter(pk=pk).first()
    if found is None:
        raise Missing("identity_missing", _("There is no such identity."))
    return found


def releases(*, status: str) -> QuerySet[RecusalRelease]:
    """Return the releases of a status, the oldest that wait first, decided ones newest first."""
    order = ("asked_at", "pk") if status == ReleaseStatus.ASKED else ("-decided_at", "-pk")
    return (
        RecusalRelease.objects.filter(status=status)
        .select_related(
            "asked_by", "asked_by__unit", "decided_by", "identity", "relation__colleague"
        )
        .order_by(*order)
    )


def release_of(*, pk: int) -> RecusalRelease:
    """Return one release.

    Raises:
        Missing: there is none.
    """
    found = RecusalRelease.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("release_missing", _("There is no such request for release."))
    return found


def released_words(*, release: RecusalRelease) -> str:
    """Say what a release is about, with whom it concerns masked."""
    if release.identity is not None:
        return release.identity.get_kind_display()
    relation = release.relation
    name, value = masked_relation(relation=relation)
    whom = relation.colleague.name if relation.colleague else f"{name} {value}".strip()
    return f"{relation.get_kind_display()} · {whom}"
