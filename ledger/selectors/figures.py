"""Which finance figures count, and as known when."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import QuerySet

from ledger.enums import BatchState
from ledger.models import FinanceBatch, FinanceFigure

FinanceBook = dict[dt.date, dict[str, Decimal]]


def figures_in_force(
    *,
    months: Collection[dt.date],
    known_at: dt.datetime | None = None,
    batch_ids: Collection[int] | None = None,
) -> QuerySet[FinanceFigure]:
    """Return the signed-off figures that count, one per month and line, with their batches.

    Of several signed-off batches the last one signed off wins, but what finance imported wins over
    what was frozen from the closed books (F1a). `known_at` leaves out what was
    signed off later; `batch_ids` keeps to exactly those batches, so that a report made from them
    can be made again. Source: HQ-44.
    """
    kept = FinanceFigure.objects.filter(batch__state=BatchState.SIGNED_OFF, month__in=list(months))
    if known_at is not None:
        kept = kept.filter(batch__signed_off_at__lte=known_at)
    if batch_ids is not None:
        kept = kept.filter(batch__in=list(batch_ids))
    return (
        kept.select_related("batch__imported_by", "batch__signed_off_by")
        .order_by("month", "code", "batch__source", "-batch__signed_off_at", "-batch_id")
        .distinct("month", "code")
    )


def finance_figures(
    *,
    months: Collection[dt.date],
    known_at: dt.datetime | None = None,
    batch_ids: Collection[int] | None = None,
) -> FinanceBook:
    """Return the figures that count, yuan by month and line; a missing line is absent, not zero."""
    return _book(figures_in_force(months=months, known_at=known_at, batch_ids=batch_ids))


def batches_in_force(
    *, months: Collection[dt.date], known_at: dt.datetime
) -> QuerySet[FinanceBatch]:
    """Return the batches from which at least one figure of the months counts at that instant."""
    figures = figures_in_force(months=months, known_at=known_at)
    return FinanceBatch.objects.filter(pk__in={figure.batch_id for figure in figures})


def _book(figures: Iterable[FinanceFigure]) -> FinanceBook:
    book: FinanceBook = {}
    for figure in figures:
        book.setdefault(figure.month, {})[figure.code] = figure.amount
    return book
