"""Computing how long every original is kept, and holding one longer. Source: PRE-10, HQ-23."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.bulk import update_rows
from core.jobs import Heartbeat
from core.models import StoredFile
from core.services import record_audit
from organization.models import Staff
from parties.enums import RecordKind
from parties.errors import RuleBroken, WrongState
from parties.models import Export, KeptRecord, LegalHold, Party, RetentionRule
from parties.permissions import check_manage_retention
from parties.rules import deletable_from
from parties.selectors.retention import rule_of
from parties.services.mapping import Ended, sources

PIECE = 2000
STILL_IN_USE = dt.date(9999, 12, 31)  # its contract goes on again: no day of deletion


def export_files_ended(as_of: dt.date) -> Iterator[Ended]:
    """Tell which files made for exports have ended: each on the day on which it was made."""
    made = Export.objects.filter(stored__isnull=False).values_list("stored_id", "made_at")
    for stored_id, made_at in made.iterator(PIECE):
        yield Ended(ended_on=timezone.localdate(made_at), term_months=0, stored_id=stored_id)


def compute_retention(*, as_of: dt.date, at: dt.datetime, heartbeat: Heartbeat) -> dict[str, int]:
    """Compute for every ended original the first day on which it may be deleted.

    Not one transaction: each piece commits, and a run driven again writes the same. An original
    that is in use again loses its day. What nobody tells the end of has no row and stays.
    """
    counts, known = {}, sources()
    for done, (kind, source) in enumerate(known.items()):
        rule, count = rule_of(kind=kind, as_of=as_of), 0
        for piece in _pieces(source(as_of)):
            with transaction.atomic():
                _keep(kind, rule, piece, at)
            count += len(piece)
            heartbeat(done=done, total=len(known), text=str(RecordKind(kind).label))
        KeptRecord.objects.filter(kind=kind, computed_at__lt=at, deleted_at__isnull=True).update(
            retain_until=STILL_IN_USE, computed_at=at
        )
        counts[kind.value] = count
    return counts


def _pieces(ended: Iterable[Ended]) -> Iterator[list[Ended]]:
    waiting = iter(ended)
    while piece := list(islice(waiting, PIECE)):
        yield piece


def _keep(kind: RecordKind, rule: RetentionRule, piece: Iterable[Ended], at: dt.datetime) -> None:
    column = "party_id" if kind == RecordKind.IDENTITY else "stored_id"
    by_subject = {getattr(each, column): each for each in piece}
    known = {
        getattr(row, column): row
        for row in KeptRecord.objects.select_for_update(of=("self",)).filter(
            Q(**{f"{column}__in": by_subject})
        )
    }
    disputes = dict(
        LegalHold.objects.filter(Q(**{f"{column}__in": by_subject}))
        .values_list(column)
        .annotate(last=Max("dispute_ended_on"))
    )
    fresh, changed = [], []
    for subject, ended in by_subject.items():
        row = known.get(subject) or KeptRecord(kind=kind, **{column: subject})
        if row.deleted_at is not None:
            continue
        row.ended_on, row.term_months = ended.ended_on, ended.term_months
        _compute(row, rule=rule, disputed_until=disputes.get(subject), at=at)
        (changed if row.pk else fresh).append(row)
    KeptRecord.objects.bulk_create(fresh)
    update_rows(rows=changed, fields=_COMPUTED)


_COMPUTED = ["rule", "ended_on", "term_months", "disputed_until", "retain_until", "computed_at"]


def _compute(
    row: KeptRecord, *, rule: RetentionRule, disputed_until: dt.date | None, at: dt.datetime
) -> None:
    row.rule, row.disputed_until, row.computed_at = rule, disputed_until, at
    row.retain_until = deletable_from(
        ended=row.ended_on,
        term_months=row.term_months,
        short_years=rule.short_years,
        long_years=rule.long_years,
        floor_years=rule.floor_years,
        disputed_until=disputed_until,
        dispute_years=rule.dispute_years,
    )


@transaction.atomic
def open_hold(
    *,
    reason: str,
    by: Staff,
    at: dt.datetime,
    party: Party | None = None,
    stored: StoredFile | None = None,
) -> LegalHold:
    """Hold one original whatever its time: a dispute, a recovery, an investigation.

    Raises:
        NotPermitted: the permission over the head office is lacking.
        RuleBroken: no reason is given.
    """
    check_manage_retention(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why it is held."), "reason")
    hold = LegalHold.objects.create(
        party=party, stored=stored, reason=reason.strip(), opened_by=by, opened_at=at
    )
    record_audit(action="hold_opened", subject=hold, by=by, at=at, reason=reason)
    return hold


@transaction.atomic
def lift_hold(
    *, hold: LegalHold, reason: str, dispute_ended_on: dt.date, by: Staff, at: dt.datetime
) -> LegalHold:
    """Lift a hold; the original is kept on for the years after the dispute. Source: PRE-10c.

    Raises:
        NotPermitted: the permission over the head office is lacking.
        WrongState: it is lifted.
        RuleBroken: no reason is given, or the dispute ends in the future.
    """
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    check_manage_retention(by)
    if hold.lifted_at is not None:
        raise WrongState("hold_lifted", _("This hold is lifted."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why it is lifted."), "reason")
    if dispute_ended_on > timezone.localdate(at):
        raise RuleBroken(
            "dispute_in_future", _("A hold is lifted after the dispute ended."), "dispute_ended_on"
        )
    hold.lifted_by, hold.lifted_at = by, at
    hold.lift_reason, hold.dispute_ended_on = reason.strip(), dispute_ended_on
    hold.save(update_fields=["lifted_by", "lifted_at", "lift_reason", "dispute_ended_on"])
    record_audit(action="hold_lifted", subject=hold, by=by, at=at, reason=reason)
    _keep_after_dispute(hold, at)
    return hold


def _keep_after_dispute(hold: LegalHold, at: dt.datetime) -> None:
    subject = Q(party_id=hold.party_id) if hold.party_id else Q(stored_id=hold.stored_id)
    row = (
        KeptRecord.objects.select_for_update(of=("self",))
        .select_related("rule")
        .filter(subject, deleted_at__isnull=True, retain_until__lt=STILL_IN_USE)
        .first()
    )
    if row is not None:
        disputed = max(filter(None, [row.disputed_until, hold.dispute_ended_on]))
        _compute(row, rule=row.rule, disputed_until=disputed, at=at)
        row.save(update_fields=_COMPUTED)
