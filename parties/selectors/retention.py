"""Reads of what is kept, held and deleted."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from organization.models import Staff
from parties.enums import RecordKind
from parties.errors import Missing
from parties.models import DeletionList, KeptRecord, LegalHold, RetentionRule
from parties.models.retention import IN_FORCE
from parties.permissions import may_keep


def rule_of(*, kind: RecordKind, as_of: dt.date) -> RetentionRule:
    """Return the rule of a kind of record in force on a day.

    Raises:
        Missing: no rule covers the day.
    """
    rule = (
        RetentionRule.objects.filter(kind=kind, valid_from__lte=as_of, status__in=IN_FORCE)
        .order_by("-valid_from", "status")  # of the same day the approved one
        .first()
    )
    if rule is None:
        raise Missing(
            "rule_missing",
            _("No rule says how long this is kept: %(kind)s.") % {"kind": RecordKind(kind).label},
        )
    return rule


def kept_records(*, staff: Staff) -> QuerySet[KeptRecord]:
    """Return the originals whose contract ended, the first to go first."""
    if not may_keep(staff):
        return KeptRecord.objects.none()
    return KeptRecord.objects.select_related("rule", "party", "stored").order_by(
        "retain_until", "pk"
    )


def holds(*, staff: Staff) -> QuerySet[LegalHold]:
    """Return the legal holds with their history, live ones first."""
    if not may_keep(staff):
        return LegalHold.objects.none()
    return LegalHold.objects.select_related("opened_by", "lifted_by", "party", "stored").order_by(
        F("lifted_at").desc(nulls_first=True), "-opened_at", "-pk"
    )


def held_reason(*, record: KeptRecord) -> str:
    """Return why an original is held now, or nothing."""
    subject = (
        Q(party_id=record.party_id)
        if record.party_id is not None
        else Q(stored_id=record.stored_id)
    )
    hold = LegalHold.objects.filter(subject, lifted_at__isnull=True).order_by("opened_at").first()
    return hold.reason if hold else ""


def held_reasons(*, records: list[KeptRecord]) -> dict[int, str]:
    """Return why originals of a page are held, by record; one query."""
    by_party = {row.party_id: row.pk for row in records if row.party_id is not None}
    by_file = {row.stored_id: row.pk for row in records if row.stored_id is not None}
    live = LegalHold.objects.filter(
        Q(party_id__in=by_party) | Q(stored_id__in=by_file), lifted_at__isnull=True
    )
    return {by_party.get(h.party_id) or by_file[h.stored_id]: h.reason for h in live}


def rules_in_force(*, as_of: dt.date) -> QuerySet[RetentionRule]:
    """Return the rule of every kind of record in force on a day."""
    return (
        RetentionRule.objects.filter(valid_from__lte=as_of, status__in=IN_FORCE)
        .order_by("kind", "-valid_from", "status")
        .distinct("kind")
    )


def deletions(*, staff: Staff) -> QuerySet[DeletionList]:
    """Return the lists of what was proposed for deletion and deleted, waiting ones first."""
    if not may_keep(staff):
        return DeletionList.objects.none()
    return DeletionList.objects.select_related("proposed_by", "decided_by").order_by(
        F("decided_at").desc(nulls_first=True),
        "-proposed_at",
    )


def deletion_of(*, staff: Staff, pk: int) -> DeletionList:
    """Return one list.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    found = deletions(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("deletion_missing", _("There is no such list."))
    return found
