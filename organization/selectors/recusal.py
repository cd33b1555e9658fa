"""Who must stay out of a case, and what people declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.encryption import mask_document, mask_name, unseal
from core.errors import Missing
from organization.models import (
    AuthorityCase,
    CaseIdentity,
    CaseParty,
    DeclaredRelation,
    RecusalEntry,
    Staff,
    StaffIdentity,
)
from organization.rules.recusal import RecusalFinding, Relation, Traits, recusal_findings, traits

CASE_NAME = "organization_caseparty.sealed_name"
CASE_VALUE = "organization_caseidentity.sealed_value"
STAFF_VALUE = "organization_staffidentity.sealed_value"
RELATION_NAME = "organization_declaredrelation.sealed_name"
RELATION_VALUE = "organization_declaredrelation.sealed_value"


def traits_of_case(*, case: AuthorityCase) -> Traits:
    """Return the blind indexes of all parties of a case."""
    return traits(CaseIdentity.objects.filter(party__case=case).values_list("kind", "index"))


def recusals(
    *, person_ids: Collection[int], case: Traits, maker_id: int | None, as_of: dt.date
) -> dict[int, tuple[RecusalFinding, ...]]:
    """Return who of these people must stay out and why; two queries. Source: PRE-12e."""
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
