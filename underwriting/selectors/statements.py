"""What a reinsurer gets and bears of a quarter, from the book: the statement of its account.

Everything is read from the entries of premium, commission, claims and recoveries ceded, summed per
treaty and policy, and split among the reinsurers of the treaty by largest remainder, so that all
statements together are the book to the fen. Yuan. Source: PRE-02b, F13.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum
from django.http import Http404

from core.months import add_months, parse_quarter, quarter_text
from ledger.enums import AccountKind, LedgerEvent
from ledger.models import Entry, EntryLine
from organization.models import Staff
from underwriting.models import FacultativeCession, Reinsurer, TreatyShare
from underwriting.permissions import check_view_statements
from underwriting.rules.cessions import split_among

NOUGHT = Decimal("0.00")
# which side of income and expense is more of each; the other side is what was given back
COLUMNS = {
    LedgerEvent.CEDED_PREMIUM: ("premium", 1),
    LedgerEvent.CEDING_COMMISSION: ("commission", -1),
    LedgerEvent.CEDED_CLAIM: ("claims", -1),
    LedgerEvent.RECOVERY_CEDED: ("recoveries", 1),
}


@dataclass(kw_only=True)
class Money:
    """Premium ceded, commission and claims that the reinsurer owes, recoveries passed on; yuan."""

    premium: Decimal = NOUGHT
    commission: Decimal = NOUGHT
    claims: Decimal = NOUGHT
    recoveries: Decimal = NOUGHT

    @property
    def balance(self) -> Decimal:
        """Return what we owe the reinsurer; below zero it owes us."""
        return self.premium - self.commission - self.claims + self.recoveries

    def add(self, other: Money) -> None:
        """Add another sum to this one."""
        for name, _sign in COLUMNS.values():
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(kw_only=True)
class StatementLine(Money):
    """A reinsurer's part of one policy under one treaty or certificate in the quarter."""

    treaty: str
    policy_no: str


@dataclass(kw_only=True)
class Statement:
    """A reinsurer's quarter: its lines by treaty and policy, sums by treaty, and the whole."""

    reinsurer: Reinsurer
    quarter: str
    lines: list[StatementLine] = field(default_factory=list)
    treaties: dict[str, Money] = field(default_factory=dict)
    total: Money = field(default_factory=Money)

    def put(self, line: StatementLine) -> None:
        """Take a line in and add it to the sums."""
        self.lines.append(line)
        self.treaties.setdefault(line.treaty, Money()).add(line)
        self.total.add(line)


@dataclass(frozen=True, kw_only=True)
class StatementBook:
    """All statements of a quarter; `nobodys` is what stands under no known treaty."""

    quarter: str
    statements: Sequence[Statement]
    nobodys: Money
    total: Money


def quarters_ceded() -> list[str]:
    """Return the quarters in which anything was ceded, the last first."""
    months = Entry.objects.filter(event__in=COLUMNS).values_list("month", flat=True).distinct()
    return sorted({quarter_text(month) for month in months}, reverse=True)


def statements_of(*, staff: Staff | None, quarter: str) -> StatementBook:
    """Return the statements of every reinsurer for a quarter (`YYYYQn`), by name.

    Raises:
        NotPermitted: the person does not read statements.
        RuleBroken: the text is not a quarter.
    """
    check_view_statements(staff)
    months = parse_quarter(quarter)
    found = {
        each.pk: Statement(reinsurer=each, quarter=quarter)
        for each in Reinsurer.objects.order_by("name")
    }
    shares = _shares()
    nobodys, total = Money(), Money()
    for line in _posted(months):
        total.add(line)
        takers = shares.get(line.treaty)
        if takers is None:
            nobodys.add(line)
            continue
        for (pk, _share), part in zip(takers, _parts(line, takers), strict=True):
            found[pk].put(part)
    return StatementBook(
        quarter=quarter, statements=list(found.values()), nobodys=nobodys, total=total
    )


def statement_of(*, staff: Staff | None, pk: int, quarter: str) -> Statement:
    """Return the statement of one reinsurer for a quarter (`YYYYQn`).

    Raises:
        NotPermitted: the person does not read statements.
        RuleBroken: the text is not a quarter.
        Http404: there is no such reinsurer.
    """
    for each in statements_of(staff=staff, quarter=quarter).statements:
        if each.reinsurer.pk == pk:
            return each
    raise Http404


def _shares() -> dict[str, list[tuple[int, Decimal]]]:
    """Return (reinsurer id, share) of each treaty and certificate by code, in one lasting order."""
    found: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = TreatyShare.objects.order_by("treaty", "-share", "reinsurer")
    for code, pk, share in rows.values_list("treaty__code", "reinsurer", "share"):
        found[code].append((pk, share))
    for code, pk in FacultativeCession.objects.values_list("code", "reinsurer"):
        found[code] = [(pk, Decimal(1))]
    return dict(found)


def _posted(months: Iterable[dt.date]) -> list[StatementLine]:
    """Return what the book says of the months by treaty and policy, reversals taken off."""
    rows = (
        EntryLine.objects.filter(
            month__in=list(months),
            entry__event__in=COLUMNS,
            account__kind__in=[AccountKind.INCOME, AccountKind.EXPENSE],
        )
        .values_list("treaty_code", "policy_no", "entry__event")
        .annotate(net=Sum("debit") - Sum("credit"))
        .order_by("treaty_code", "policy_no")
    )
    found: dict[tuple[str, str], StatementLine] = {}
    for treaty, policy_no, event, net in rows:
        line = found.setdefault(
            (treaty, policy_no), StatementLine(treaty=treaty, policy_no=policy_no)
        )
        name, sign = COLUMNS[event]
        setattr(line, name, sign * net)
    return list(found.values())


def _parts(line: StatementLine, takers: Sequence[tuple[int, Decimal]]) -> list[StatementLine]:
    """Split a line among the reinsurers of its treaty, each amount by largest remainder."""
    shares = [share for _pk, share in takers]
    parts = [StatementLine(treaty=line.treaty, policy_no=line.policy_no) for _ in takers]
    for name, _sign in COLUMNS.values():
        for part, amount in zip(parts, split_among(getattr(line, name), shares), strict=True):
            setattr(part, name, amount)
    return parts


def quarter_words(quarter: str) -> tuple[dt.date, dt.date]:
    """Return the first day of a quarter (`YYYYQn`) and the first day after it."""
    first = parse_quarter(quarter)[0]
    return first, add_months(first, 3)
