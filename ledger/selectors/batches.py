"""Batches of finance figures, as people of the head office see them."""

import datetime as dt
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ledger.errors import Missing
from ledger.models import FinanceBatch
from ledger.permissions import may_see_finance
from ledger.rules.checks import Check, checks_of_month
from ledger.selectors.figures import finance_figures
from organization.models import Staff


def batches(*, for_user: Staff) -> QuerySet[FinanceBatch]:
    """Return the batches that the person sees, newest first, with the people named on them."""
    if not may_see_finance(for_user):
        return FinanceBatch.objects.none()
    return FinanceBatch.objects.select_related(
        "imported_by", "signed_off_by", "withdrawn_by", "stored"
    ).order_by("-imported_at", "-pk")


def batch_of(*, for_user: Staff, pk: int) -> FinanceBatch:
    """Return one batch.

    Raises:
        Missing: it does not exist or the person does not see it.
    """
    batch = batches(for_user=for_user).filter(pk=pk).first()
    if batch is None:
        raise Missing("batch_missing", _("There are no such finance figures."))
    return batch


def require_finance_reader(*, staff: Staff) -> None:
    """Hide the books from people outside the head office.

    Raises:
        Missing: the person does not see finance figures.
    """
    if not may_see_finance(staff):
        raise Missing("finance_missing", _("There are no such finance figures."))


def previous_amounts(*, batch: FinanceBatch) -> dict[tuple[dt.date, str], Decimal]:
    """Return what counted, yuan by month and line, just before the batch (a draft: counts now)."""
    decided_at = batch.signed_off_at or batch.withdrawn_at
    just_before = decided_at - dt.timedelta(microseconds=1) if decided_at else None
    book = finance_figures(months=_months(batch), known_at=just_before)
    return {(month, code): yuan for month, lines in book.items() for code, yuan in lines.items()}


def checks_of(*, batch: FinanceBatch) -> list[Check]:
    """Return the remarks on every month of the batch as its figures stand beside those in force."""
    book = finance_figures(
        months=_months(batch), known_at=batch.signed_off_at or batch.withdrawn_at
    )
    for figure in batch.figures.all():
        book.setdefault(figure.month, {})[figure.code] = figure.amount
    return [check for month in sorted(book) for check in checks_of_month(month, book[month])]


def _months(batch: FinanceBatch) -> set[dt.date]:
    return {figure.month for figure in batch.figures.all()}
