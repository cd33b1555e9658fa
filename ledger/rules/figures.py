"""Which accounts and events make up each line that finance reports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledger.enums import FinanceLine, LedgerEvent

_EVENT = "/"


@dataclass(frozen=True)
class Term:
    """An account's debit less credit in a month, times a sign; of one event where one is named."""

    account: str
    event: str
    sign: int

    def takes(self, account: str, event: str) -> bool:
        """Tell whether a movement of an account by an event belongs here."""
        return account == self.account and self.event in {"", event}


@dataclass(frozen=True)
class Movement:
    """What moved on an account in a month by one event: debit less credit, in yuan."""

    account: str
    event: str
    net: Decimal


def read_figure_lines(value: Mapping[str, Any]) -> dict[str, list[Term]]:
    """Read the mapping as the parameter `ledger.figure_lines` keeps it.

    It has for each line a table of `account` or `account/event` with the sign 1 or -1. Words that
    are no line, no event or no sign make no term; a line without terms is left out.
    """
    lines = {}
    for code, terms in value.items():
        if code in FinanceLine.values and isinstance(terms, Mapping):
            read = [_term(place, sign) for place, sign in terms.items()]
            if read and all(read):
                lines[code] = [term for term in read if term]
    return lines


def _term(place: str, sign: Any) -> Term | None:
    account, _slash, event = place.partition(_EVENT)
    is_known = event in {"", *LedgerEvent.values} and sign in {1, -1}
    return Term(account, event, int(sign)) if is_known else None


def figures_of(
    lines: Mapping[str, Iterable[Term]], movements: Iterable[Movement]
) -> dict[str, Decimal]:
    """Return every mapped line in yuan; a line that nothing moved is a true zero.

    Only for a month in which something was posted: of another the lines are missing, not zero.
    """
    moved = list(movements)
    return {
        code: sum(
            (
                term.sign * each.net
                for term in terms
                for each in moved
                if term.takes(each.account, each.event)
            ),
            Decimal(0),
        )
        for code, terms in lines.items()
    }
