"""Declarations of relations, identities of staff, and the log of who was kept out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import files
from core.encryption import blind_index, seal
from core.errors import RuleBroken, WrongState
from core.services import record_audit
from organization.models import AuthorityCase, DeclaredRelation, RecusalEntry, Staff, StaffIdentity
from organization.permissions import check_business
from organization.rules.recusal import RecusalFinding
from organization.selectors.recusal import RELATION_NAME, RELATION_VALUE, STAFF_VALUE

EVIDENCE_MAX_BYTES = 20 * 1024 * 1024


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
        RuleBroken: both or neither is named.
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
        stored = files.store(
            stream=evidence, name=evidence_name, by=by, at=at, max_bytes=EVIDENCE_MAX_BYTES
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
        relation.index = blind_index(value, purpose=identity_kind)
        key = relation.index.hex()
        relation.sealed_value = seal(value, column=RELATION_VALUE, key=key)
        relation.sealed_name = seal(name, column=RELATION_NAME, key=key) if name else None
    relation.save(force_insert=True)
    record_audit(action="organization.relation_declared", subject=relation, by=by, at=at, kind=kind)
    return relation


@transaction.atomic
def end_relation(
    *, relation: DeclaredRelation, by: Staff, at: dt.datetime, reason: str
) -> DeclaredRelation:
    """Say that a declared relation ended today; it binds until then and stays on record.

    Raises:
        WrongState: it ended already.
        RuleBroken: nothing is said.
    Source: PRE-12e.
    """
    locked = DeclaredRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk, person=by)
    if locked.valid_to is not None:
        raise WrongState("relation_ended", _("This relation ended already."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    locked.valid_to = max(timezone.localdate(at), locked.valid_from)
    locked.save(update_fields=["valid_to"])
    record_audit(action="organization.relation_ended", subject=locked, by=by, at=at, reason=reason)
    return locked


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
    index = blind_index(value, purpose=kind)
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


def log_recusal(
    *,
    case: AuthorityCase,
    person: Staff,
    findings: Iterable[RecusalFinding],
    stage: str,
    at: dt.datetime,
) -> None:
    """Keep that somebody stays out of a case and why; once per stage and reason."""
    RecusalEntry.objects.bulk_create(
        [
            RecusalEntry(
                case=case,
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
