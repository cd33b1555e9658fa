"""When the papers of policies and quotes have ended. Source: PRE-10a-d."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from parties.services import Ended
from underwriting.enums import PolicyState, QuoteStatus
from underwriting.models import (
    ClaimTransfer,
    Endorsement,
    ObligorNotice,
    PolicyDocument,
    Quote,
)

PIECE = 2000
TERM = ("ended_on", "cover_from", "cover_to")


def ended_papers(as_of: dt.date) -> Iterator[Ended]:
    """Tell which papers belong to a policy that ended, or to a quote of which none came.

    A policy that ended by a claim is open until its recovery says otherwise: nobody tells its end.
    The term is that of the cover as last agreed, in months begun.
    """
    yield from _of_policies(PolicyDocument.objects.all(), "stored_id", "policy", as_of)
    yield from _of_policies(Endorsement.objects.all(), "agreement_id", "policy", as_of)
    yield from _of_policies(ObligorNotice.objects.all(), "proof_id", "policy", as_of)
    yield from _of_policies(ClaimTransfer.objects.all(), "document_id", "quote__policy", as_of)
    yield from _of_quotes(as_of)


def _of_policies(rows: QuerySet, file: str, policy: str, as_of: dt.date) -> Iterator[Ended]:
    ended = rows.filter(**{f"{file}__isnull": False, f"{policy}__ended_on__lte": as_of}).exclude(
        **{f"{policy}__status": PolicyState.CLAIMED}
    )
    found = ended.values_list(file, *(f"{policy}__{name}" for name in TERM))
    for stored_id, ended_on, cover_from, cover_to in found.iterator(PIECE):
        yield Ended(
            stored_id=stored_id, ended_on=ended_on, term_months=months_begun(cover_from, cover_to)
        )


def _of_quotes(as_of: dt.date) -> Iterator[Ended]:
    """Tell which papers belong to quotes of which no contract came: withdrawn, or run out."""
    quotes = Quote.objects.exclude(status=QuoteStatus.ISSUED)
    papers = ClaimTransfer.objects.filter(document__isnull=False, quote__in=quotes)
    rows = papers.values_list("document_id", "quote__withdrawn_at", "quote__valid_until")
    for stored_id, withdrawn_at, valid_until in rows.iterator(PIECE):
        day = timezone.localdate(withdrawn_at) if withdrawn_at else valid_until
        if day < as_of:
            yield Ended(stored_id=stored_id, ended_on=day, term_months=0)


def months_begun(first: dt.date, last: dt.date) -> int:
    """Return the months of a half-open term, a month begun counted whole. Source: PRE-10a."""
    return (last.year - first.year) * 12 + last.month - first.month + (last.day > first.day)
