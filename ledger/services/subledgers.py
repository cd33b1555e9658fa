"""Sub-ledgers of the apps above: what they say an account stands at, policy by policy. I8."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.months import month_end
from ledger.models import Account
from ledger.rules.posting import natural
from ledger.selectors.periods import balance_by_policy

Figures = Callable[[dt.date], Mapping[str, Decimal]]


@dataclass(frozen=True)
class SubLedger:
    """What an app knows of a control account: yuan by policy number as of a month's last day.

    Figures are positive on the side on which accounts of that kind stand (a receivable is debit).
    """

    account_code: str
    figures: Figures


@dataclass(frozen=True)
class SubLedgerGap:
    """One policy of which sub-ledger and general ledger say different things, in yuan."""

    account_code: str
    policy_no: str
    subledger: Decimal
    ledger: Decimal


_known: dict[str, SubLedger] = {}


def register_subledger(*, account_code: str, figures: Figures) -> None:
    """Have an account compared with what an app knows, at every closing; once per account."""
    _known[account_code] = SubLedger(account_code, figures)


def forget_subledger(*, account_code: str) -> None:
    """Compare an account no more."""
    _known.pop(account_code, None)


def subledgers() -> list[SubLedger]:
    """Return what was registered, by account."""
    return [_known[code] for code in sorted(_known)]


def subledger_gaps(*, month: dt.date) -> Iterator[SubLedgerGap]:
    """Go through the policies that differ at the end of a month. Source: I8."""
    for each in subledgers():
        kind = Account.objects.get(code=each.account_code).kind
        told = {no: yuan for no, yuan in each.figures(month_end(month)).items() if yuan}
        book = {
            policy_no: natural(kind, debit=net, credit=Decimal(0))
            for policy_no, net in balance_by_policy(
                account=each.account_code, through=month
            ).items()
        }
        for policy_no in sorted(told.keys() | book.keys()):
            mine, theirs = told.get(policy_no, Decimal(0)), book.get(policy_no, Decimal(0))
            if mine != theirs:
                yield SubLedgerGap(each.account_code, policy_no, mine, theirs)
