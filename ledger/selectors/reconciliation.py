"""Figures of a month from the book, beside those that finance brought in."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from core.months import month_end
from core.selectors import parameter
from ledger.enums import BatchState, FigureSource, FinanceLine, LedgerEvent
from ledger.models import EntryLine, FigureExplanation, FinanceFigure
from ledger.rules.figures import Movement, Term, figures_of, read_figure_lines
from ledger.selectors.figures import FinanceBook
from ledger.selectors.periods import is_closed

FIGURE_LINES = "ledger.figure_lines"


@dataclass(frozen=True)
class FigureOfMonth:
    """One line of a month: yuan, where it comes from, and the accounts it is made of.

    `in_books`: what the book says of it, where it says anything.
    """

    line: FinanceLine
    amount: Decimal | None
    source: str
    in_books: Decimal | None
    terms: tuple[Term, ...] = ()

    @property
    def source_words(self) -> str:
        """Say where the figure comes from; empty where there is none."""
        return str(FigureSource(self.source).label) if self.source else ""

    @property
    def is_in_both(self) -> bool:
        """Tell whether finance imported the figure and the book has one of its own."""
        return self.source == FigureSource.IMPORTED and self.in_books is not None

    @property
    def agrees(self) -> bool:
        """Tell whether the book says the same."""
        return self.amount == self.in_books


@dataclass(frozen=True)
class Reconciled:
    """A line of a month as finance and as the book have it, in yuan; why they differ."""

    line: FinanceLine
    imported: Decimal | None
    ledger: Decimal | None
    explanation: FigureExplanation | None

    @property
    def words(self) -> str:
        """Return the words of the line."""
        return str(self.line.label)

    @property
    def difference(self) -> Decimal | None:
        """Return imported less ledger; nothing where one of them is missing."""
        if self.imported is None or self.ledger is None:
            return None
        return self.imported - self.ledger

    @property
    def is_settled(self) -> bool:
        """Tell whether there is nothing to explain, or this very difference is explained."""
        said = self.explanation
        return not self.difference or (
            said is not None and (said.imported, said.ledger) == (self.imported, self.ledger)
        )


def figure_lines(*, month: dt.date) -> dict[str, list[Term]]:
    """Return which accounts make up each line, as in force at the end of the month."""
    return read_figure_lines(parameter(name=FIGURE_LINES, as_of=month_end(month)).value)


def ledger_figures(*, months: Collection[dt.date]) -> FinanceBook:
    """Return the lines that the book gives, yuan by month and line.

    A month without any entry is absent; in a month with entries a line that nothing moved is zero.
    Source: F1, F1a, F2, F3.
    """
    found = (
        EntryLine.objects.filter(month__in=list(months))
        .exclude(entry__event=LedgerEvent.YEAR_CLOSED)  # what a year carries forward is no business
        .values_list("month", "account_id", "entry__event")
        .annotate(net=Sum("debit") - Sum("credit"))
        .order_by()
    )
    moved: dict[dt.date, list[Movement]] = {}
    for month, account, event, net in found:
        moved.setdefault(month, []).append(Movement(account, event, net))
    return {
        month: figures_of(figure_lines(month=month), movements)
        for month, movements in moved.items()
    }


def imported_figures(*, months: Collection[dt.date]) -> FinanceBook:
    """Return what finance imported and signed off, yuan by month and line."""
    kept = (
        FinanceFigure.objects.filter(
            month__in=list(months),
            batch__state=BatchState.SIGNED_OFF,
            batch__source=FigureSource.IMPORTED,
        )
        .order_by("month", "code", "-batch__signed_off_at", "-batch_id")
        .distinct("month", "code")
    )
    book: FinanceBook = {}
    for figure in kept:
        book.setdefault(figure.month, {})[figure.code] = figure.amount
    return book


def figures_of_month(*, month: dt.date) -> list[FigureOfMonth]:
    """Return every line of a month with its source: imported, else from the book, else missing.

    Source: F1a (the figure of finance wins); architecture rule 3 (missing is not zero).
    """
    imported = imported_figures(months=[month]).get(month, {})
    book = ledger_figures(months=[month]).get(month, {})
    own = FigureSource.LEDGER if is_closed(month=month) else FigureSource.OPEN_LEDGER
    terms = figure_lines(month=month)
    found = []
    for line in FinanceLine:
        sources = ((imported, FigureSource.IMPORTED), (book, own))
        said = next(((words[line], by.value) for words, by in sources if line in words), (None, ""))
        found.append(FigureOfMonth(line, *said, book.get(line), tuple(terms.get(line, ()))))
    return found


def figures_with_books(*, months: Collection[dt.date]) -> FinanceBook:
    """Return yuan by month and line: imported, else from the book, open months included."""
    book, imported = ledger_figures(months=months), imported_figures(months=months)
    return {
        month: book.get(month, {}) | imported.get(month, {})
        for month in months
        if month in book or month in imported
    }


def reconciliation(*, month: dt.date) -> list[Reconciled]:
    """Return every line of a month as finance and as the book have it, and what was said of it.

    Source: F1a (must reconcile), HQ-10 (reconcile the two monthly).
    """
    imported = imported_figures(months=[month]).get(month, {})
    book = ledger_figures(months=[month]).get(month, {})
    said = {
        each.code: each
        for each in FigureExplanation.objects.filter(month=month)
        .select_related("by")
        .order_by("code", "-at", "-pk")
        .distinct("code")
    }
    return [
        Reconciled(line, imported.get(line), book.get(line), said.get(line)) for line in FinanceLine
    ]
