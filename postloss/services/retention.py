"""When the originals of this app and of the loans have ended, and what goes with a lender file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from parties.services import Ended
from postloss.adapters.retention_sql import identities_ended, lender_files_ended
from postloss.enums import WarningState
from postloss.models import RejectedLine, WarningStep


def ended_identities(as_of: dt.date) -> Iterator[Ended]:
    """Tell which parties have no open loan any more."""
    for party_id, day, term in identities_ended(day=as_of):
        yield Ended(party_id=party_id, ended_on=day, term_months=term)


def ended_lender_files(as_of: dt.date) -> Iterator[Ended]:
    """Tell which lender files name no open loan any more."""
    for stored_id, day, term in lender_files_ended(day=as_of):
        yield Ended(stored_id=stored_id, ended_on=day, term_months=term)


def ended_evidence(as_of: dt.date) -> Iterator[Ended]:
    """Tell which evidence belongs to closed warnings. Their matter is longer than a year."""
    steps = WarningStep.objects.filter(
        evidence__isnull=False, warning__state=WarningState.CLOSED
    ).values_list("evidence_id", "warning__closed_at")
    for stored_id, closed_at in steps.iterator(2000):
        yield Ended(stored_id=stored_id, ended_on=timezone.localdate(closed_at), term_months=13)


def forget_rejected_lines(*, stored_id: int) -> int:
    """Empty the sealed cells of the lines that a deleted lender file rejected; return how many."""
    return RejectedLine.objects.filter(file__stored_id=stored_id).update(
        sealed_cells=b"", loan_no=""
    )
