"""How amounts of an event become debit and credit, and when a posting rule is sound."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from typing import Any

from core.money import FEN
from ledger.enums import AccountKind, LedgerEvent, RuleFault, Side
from ledger.rules.events import EVENTS

BALANCE_SHEET = frozenset({AccountKind.ASSET, AccountKind.LIABILITY})
DEBIT_NATURE = frozenset({AccountKind.ASSET, AccountKind.EXPENSE})
_WORDS = {"side", "account", "amount"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """Amounts of one policy by name, in yuan, and the dimension values they are posted with."""

    amounts: Mapping[str, Decimal]
    policy_no: str = ""
    lender_code: str = ""
    product_code: str = ""
    unit_path: str = ""
    treaty_code: str = ""
    claim_no: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimension values in the order of `DIMENSIONS`."""
        return tuple(getattr(self, name) for name in DIMENSIONS)

    @property
    def content(self) -> list[Any]:
        """Return what makes the part the same as another, for a digest."""
        amounts = {name: f"{yuan:.2f}" for name, yuan in self.amounts.items() if yuan}
        return [amounts, *self.dimensions]


DIMENSIONS = ("policy_no", "lender_code", "product_code", "unit_path", "treaty_code", "claim_no")


@dataclass(frozen=True)
class RuleLine:
    """One line of a posting rule: which amount goes to which side of which account."""

    side: str
    account: str
    amount: str


@dataclass(frozen=True)
class RuleFinding:
    """One thing wrong with a rule; `about` names the account, amount or line."""

    code: str
    about: str = ""

    @property
    def message(self) -> str:
        """Return the words of the finding."""
        words = RuleFault(self.code).label
        return f"{words}: {self.about}" if self.about else str(words)


@dataclass(frozen=True)
class Posted:
    """One line to write: debit and credit in yuan, one of them zero."""

    account: str
    debit: Decimal
    credit: Decimal
    dimensions: tuple[str, ...] = field(default=("",) * len(DIMENSIONS))


def read_rule_lines(raw: Any) -> tuple[list[RuleLine], list[RuleFinding]]:
    """Read the lines of a rule as they are kept; what cannot be read is a finding."""
    lines, found = [], []
    for number, each in enumerate(raw if isinstance(raw, list) else [raw], 1):
        is_words = isinstance(each, dict) and all(isinstance(word, str) for word in each.values())
        if not is_words or set(each) != _WORDS or each["side"] not in Side.values:
            found.append(RuleFinding(RuleFault.LINE_UNREADABLE.value, str(number)))
        else:
            lines.append(RuleLine(each["side"], each["account"], each["amount"]))
    return lines, found


def check_rule(event: str, raw: Any, kinds: Mapping[str, str]) -> list[RuleFinding]:
    """Return everything that is wrong with a rule; `kinds` is the chart, kind by account code.

    Debit and credit must be the same sum of amounts whatever the amounts are: each name stands
    as often on one side as on the other. Source: architecture rule 8.
    """
    lines, found = read_rule_lines(raw)
    posted = EVENTS[LedgerEvent(event)].posted
    if len(lines) < 2:
        found.append(RuleFinding(RuleFault.NO_LINES.value))
    named = {line.amount for line in lines}
    unknown = sorted({line.account for line in lines} - set(kinds))
    found += [RuleFinding(RuleFault.ACCOUNT_UNKNOWN.value, code) for code in unknown]
    found += _about(RuleFault.AMOUNT_UNKNOWN, named - set(posted))
    found += _about(RuleFault.AMOUNT_UNUSED, set(posted) - named)
    found += _about(RuleFault.UNBALANCED, _one_sided(lines))
    reserves = {ln.account for ln in lines if kinds.get(ln.account) in BALANCE_SHEET}
    if EVENTS[LedgerEvent(event)].is_set and len(reserves) != 1:
        found.append(RuleFinding(RuleFault.NO_SINGLE_RESERVE.value))
    return found


def _about(fault: RuleFault, names: Iterable[str]) -> list[RuleFinding]:
    return [RuleFinding(fault.value, name) for name in sorted(names)]


def _one_sided(lines: Iterable[RuleLine]) -> set[str]:
    surplus: Counter[str] = Counter()
    for line in lines:
        surplus[line.amount] += 1 if line.side == Side.DEBIT else -1
    return {name for name, count in surplus.items() if count}


def wrong_amounts(event: str, parts: Sequence[Part]) -> set[str]:
    """Return the names of amounts that the event does not take, split a fen, or are negative.

    Negative is allowed where the event may return what it gave.
    """
    shape = EVENTS[LedgerEvent(event)]
    return {
        name
        for part in parts
        for name, yuan in part.amounts.items()
        if name not in shape.given
        or (yuan < 0 and not shape.may_return)
        or yuan != yuan.quantize(FEN)
    }


def posted_lines(lines: Sequence[RuleLine], parts: Iterable[Part]) -> Iterator[Posted]:
    """Yield what a rule makes of parts: yuan, zero makes no line, below zero changes the side."""
    for part in parts:
        dimensions = part.dimensions
        for line in lines:
            yuan = part.amounts.get(line.amount)
            if yuan:
                yield _posted(line.account, line.side, yuan, dimensions)


def _posted(account: str, side: str, yuan: Decimal, dimensions: tuple[str, ...]) -> Posted:
    is_debit = (side == Side.DEBIT) == (yuan > 0)
    if is_debit:
        return Posted(account, abs(yuan), Decimal(0), dimensions)
    return Posted(account, Decimal(0), abs(yuan), dimensions)


def natural(kind: str, *, debit: Decimal, credit: Decimal) -> Decimal:
    """Return a balance in yuan, positive on the side on which accounts of this kind stand."""
    return debit - credit if kind in DEBIT_NATURE else credit - debit


def unbalanced_by(lines: Iterable[Posted]) -> Decimal:
    """Return the sum of debit less credit in yuan."""
    return sum((line.debit - line.credit for line in lines), Decimal(0))


def rule_difference(
    before: Sequence[RuleLine], after: Sequence[RuleLine]
) -> tuple[list[RuleLine], list[RuleLine]]:
    """Return the lines that a later version drops and those that it adds."""
    gone, fresh = Counter(before), Counter(after)
    order = {line: number for number, line in enumerate([*before, *after])}
    return (
        sorted((gone - fresh).elements(), key=order.__getitem__),
        sorted((fresh - gone).elements(), key=order.__getitem__),
    )


def plain_lines(lines: Iterable[RuleLine]) -> list[dict[str, str]]:
    """Return lines in the form in which a rule is kept."""
    return [dict(zip(("side", "account", "amount"), astuple(line), strict=True)) for line in lines]
