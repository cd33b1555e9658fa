"""The end of a year: income and expense are carried to the profit, and that to retained earnings.

Source: 企业会计准则——应用指南, 附录 (4103 本年利润).
"""

import datetime as dt
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from core.months import month_end
from core.selectors import parameter
from ledger.enums import AccountKind, LedgerEvent
from ledger.models import Entry, EntryLine
from ledger.rules.posting import Posted
from ledger.services.posting import content_digest, hold_month, write_entry
from organization.models import Staff

ACCOUNTS = "ledger.year_end_accounts"
DECEMBER = 12
RESULT = (AccountKind.INCOME, AccountKind.EXPENSE)


def carry_year_forward(*, month: dt.date, by: Staff, at: dt.datetime) -> list[Entry]:
    """Post what a December's closing carries forward: every income and expense stands at zero.

    Two entries, one to the profit of the year and one on to retained earnings; none in another
    month, and none of a year without a result.
    """
    if month.month != DECEMBER:
        return []
    found = (
        EntryLine.objects.filter(account__kind__in=RESULT, month__lte=month)
        .values_list("account_id")
        .annotate(net=Sum("debit") - Sum("credit"))
        .exclude(net=0)
        .order_by("account_id")
    )
    results = dict(found)
    if not results:
        return []
    hold_month(month=month)
    named = parameter(name=ACCOUNTS, as_of=month_end(month)).value
    loss = sum(results.values(), Decimal(0))
    steps = [
        ("result", {**{code: -net for code, net in results.items()}, named["profit"]: loss}),
        ("profit", {named["profit"]: -loss, named["retained"]: loss}),
    ]
    return [_carry(step, moves, month, by, at) for step, moves in steps if any(moves.values())]


def _carry(
    step: str, moves: dict[str, Decimal], month: dt.date, by: Staff, at: dt.datetime
) -> Entry:
    lines = [
        Posted(account, max(net, Decimal(0)), max(-net, Decimal(0)))
        for account, net in moves.items()
        if net
    ]
    return write_entry(
        entry=Entry(
            month=month,
            business_on=month_end(month),
            event=LedgerEvent.YEAR_CLOSED,
            key=f"year_closed:{month.year}:{step}",
            digest=content_digest([step, month, [[line.account, line.debit] for line in lines]]),
            summary=_("Closing of the year %(year)s") % {"year": month.year},
            posted_by=by,
            posted_at=at,
        ),
        lines=lines,
    )
