"""Deleting originals at the end of their time, by two people, with proof. Source: HQ-25, PRE-10.

A file loses its key and its bytes, an identity its sealed columns and its indexes; the rows stay as
tombstones, because history points at them. What is written about the deletion is never deleted.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import StoredFile
from core.services import record_audit
from core.services.packs import order_pack
from core.shredding import remove_bytes
from organization.models import Staff
from organization.services.awaiting import align_work
from parties.enums import ListStatus
from parties.errors import RuleBroken, WrongState
from parties.events import RecordDeleted, record_deleted
from parties.models import (
    DeletionLine,
    DeletionList,
    KeptRecord,
    Party,
    PartyContact,
    PartyName,
    RetentionRule,
)
from parties.permissions import check_decide_deletion, check_manage_retention
from parties.rules import deletable_from
from parties.selectors.retention import held_reason, rule_of


@transaction.atomic
def propose_deletion(
    *, records: Sequence[KeptRecord], reason: str, by: Staff, at: dt.datetime
) -> DeletionList:
    """Put originals whose time is over on a list for another person's approval.

    Raises:
        NotPermitted: the permission over the head office is lacking.
        RuleBroken: nothing is chosen, no reason is given, or one of them must be kept.
    """
    check_manage_retention(by)
    if not records:
        raise RuleBroken("nothing_chosen", _("Choose what is to be deleted."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why it is deleted."), "reason")
    rows = _locked_records([record.pk for record in records])
    for row in rows:
        _refuse_early(row, timezone.localdate(at))
        if row.lines.filter(is_standing=True).exists():
            raise RuleBroken("on_a_list", _("This original is on another list already."))
    deletion = DeletionList.objects.create(reason=reason.strip(), proposed_by=by, proposed_at=at)
    DeletionLine.objects.bulk_create(
        DeletionLine(
            deletion=deletion,
            record=row,
            kind=row.kind,
            sha256=_sha256(row),
            size=row.stored.size if row.stored else 0,
            rule_text=_rule_text(row.rule),
            ended_on=row.ended_on,
            retain_until=row.retain_until,
        )
        for row in rows
    )
    record_audit(
        action="deletion_proposed", subject=deletion, by=by, at=at, reason=reason, count=len(rows)
    )
    align_work(subjects=[deletion], by=by, at=at)
    return deletion


@transaction.atomic
def decide_deletion(
    *, deletion: DeletionList, is_approved: bool, remark: str, by: Staff, at: dt.datetime
) -> DeletionList:
    """Approve a list, whose originals are gone from then on, or return it with a remark.

    The keys are destroyed in this transaction, the bytes removed after it: without its key a file
    is unreadable even if its bytes should stay behind. The proof is ordered with it: an evidence
    pack of the list, made by a job.

    Raises:
        NotPermitted: the permission is lacking, or the person proposed the list.
        WrongState: it is decided.
        RuleBroken: returned without a remark, or one of the originals must be kept after all.
    """
    deletion = DeletionList.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    check_decide_deletion(by, deletion=deletion)
    if deletion.status != ListStatus.PROPOSED:
        raise WrongState("deletion_decided", _("This list is decided."))
    if not is_approved and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why it is returned."), "remark")
    deletion.status = ListStatus.APPROVED if is_approved else ListStatus.RETURNED
    deletion.decided_by, deletion.decided_at, deletion.remark = by, at, remark.strip()
    deletion.save(update_fields=["status", "decided_by", "decided_at", "remark"])
    lines = {line.record_id: line for line in deletion.lines.select_for_update(of=("self",))}
    if is_approved:
        rows = _locked_records(list(lines))
        for row in rows:
            _refuse_early(row, timezone.localdate(at))
        for row in rows:
            _delete(row, lines[row.pk], at)
    else:
        deletion.lines.update(is_standing=False)
    record_audit(
        action="deletion_approved" if is_approved else "deletion_returned",
        subject=deletion,
        by=by,
        at=at,
        reason=remark,
        count=len(lines),
    )
    align_work(subjects=[deletion], by=by, at=at, outcome="approved" if is_approved else "return")
    if is_approved:
        title = _("Proof of deletion") + f" #{deletion.pk}"
        order_pack(subject=deletion, title=title, reason=deletion.reason, by=by, at=at)
    return deletion


def _locked_records(ids: list[int]) -> list[KeptRecord]:
    return list(
        KeptRecord.objects.select_for_update(of=("self",))
        .select_related("rule", "party", "stored")
        .filter(pk__in=ids)
        .order_by("pk")
    )


def _refuse_early(row: KeptRecord, today: dt.date) -> None:
    if row.deleted_at is not None:
        raise RuleBroken("deleted", _("One of the originals is deleted already."))
    day = max(row.retain_until, _day_under_rule_in_force(row, today))
    if day > today:
        raise RuleBroken(
            "too_early",
            _("%(kind)s %(number)s must be kept; it may be deleted from %(day)s on.")
            % {"kind": row.get_kind_display(), "number": row.pk, "day": day},
        )
    if reason := held_reason(record=row):
        raise RuleBroken(
            "held",
            _("%(kind)s %(number)s is held: %(reason)s.")
            % {"kind": row.get_kind_display(), "number": row.pk, "reason": reason},
        )


def _day_under_rule_in_force(row: KeptRecord, today: dt.date) -> dt.date:
    """The day of the night before may come from a rule that another has replaced meanwhile."""
    rule = rule_of(kind=row.kind, as_of=today)
    return deletable_from(
        ended=row.ended_on,
        term_months=row.term_months,
        short_years=rule.short_years,
        long_years=rule.long_years,
        floor_years=rule.floor_years,
        disputed_until=row.disputed_until,
        dispute_years=rule.dispute_years,
    )


def _delete(row: KeptRecord, line: DeletionLine, at: dt.datetime) -> None:
    if row.stored is not None:
        for each in filter(None, (row.stored, row.stored.copy)):  # a copy goes with its original
            StoredFile.objects.filter(pk=each.pk).update(sealed_key=b"")
            transaction.on_commit(functools.partial(remove_bytes, each.path))
    else:
        Party.objects.filter(pk=row.party_id).update(
            sealed_document=b"",
            sealed_name=b"",
            document_index=os.urandom(32),
            name_index=os.urandom(32),
        )
        PartyName.objects.filter(party_id=row.party_id).update(sealed_name=b"", name_index=b"")
        for contact in PartyContact.objects.filter(party_id=row.party_id):
            PartyContact.objects.filter(pk=contact.pk).update(
                sealed_value=b"", value_index=os.urandom(32)
            )
    row.deleted_at = line.shredded_at = at
    row.save(update_fields=["deleted_at"])
    line.save(update_fields=["shredded_at"])
    told = RecordDeleted(kind=row.kind, party_id=row.party_id, stored_id=row.stored_id)
    record_deleted.send(sender=KeptRecord, event=told)


def _sha256(row: KeptRecord) -> str:
    if row.stored is not None:
        return row.stored.sha256
    sealed = bytes(row.party.sealed_document) + bytes(row.party.sealed_name)
    return hashlib.sha256(sealed).hexdigest()


def _rule_text(rule: RetentionRule) -> str:
    years = f"{rule.short_years}/{rule.long_years}, ≥ {rule.floor_years}, +{rule.dispute_years}"
    return f"{years} · {rule.source}"[:300]
