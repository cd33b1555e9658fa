"""Months of the books: which are open, and what an account stood at."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import QuerySet, Sum

from core.months import add_months
from ledger.enums import PeriodStatus
from ledger.models import EntryLine, LedgerPeriod, TrialBalanceLine

ZERO = Decimal(0)


def is_closed(*, month: dt.date) -> bool:
    """Tell whether the month of the books is closed."""
    return LedgerPeriod.objects.filter(month=month, status=PeriodStatus.CLOSED).exists()


def posting_month(*, on: dt.date) -> dt.date:
    """Return the first day of the month into which business of a day is posted.

    It is the month of the day while that is open, else the month after the last closed one.
    """
    own = on.replace(day=1)
    closed = (
        LedgerPeriod.objects.filter(status=PeriodStatus.CLOSED, month__gte=own)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return add_months(closed, 1) if closed else own


def periods() -> QuerySet[LedgerPeriod]:
    """Return the months that the books know, latest first, with the people on them."""
    return LedgerPeriod.objects.select_related("prepared_by", "closed_by").order_by("-month")


def balance_by_policy(
    *, account: str, through: dt.date, policies: Collection[str] | None = None
) -> dict[str, Decimal]:
    """Return debit less credit of an account in yuan by policy, all months up to `through`.

    Policies that stand at zero are left out. Source: I8.
    """
    lines = EntryLine.objects.filter(account=account, month__lte=through)
    if policies is not None:
        lines = lines.filter(policy_no__in=policies)
    found = lines.values("policy_no").annotate(net=Sum("debit") - Sum("credit"))
    return {row["policy_no"]: row["net"] for row in found if row["net"]}


def trial_balance(*, month: dt.date) -> list[TrialBalanceLine]:
    """Return every account of the chart that moved by the month: as frozen, or as it stands now.

    Yuan; opening and closing are debit less credit. Accounts without any movement are left out.
    """
    period = LedgerPeriod.objects.filter(month=month).first() or LedgerPeriod(month=month)
    if period.status == PeriodStatus.CLOSED:
        return list(period.trial_balance.select_related("account").order_by("account_id"))
    return computed_trial_balance(period=period)


def computed_trial_balance(*, period: LedgerPeriod) -> list[TrialBalanceLine]:
    """Compute the trial balance of a month from entries; the rows are not saved."""
    before = _frozen_before(period.month)
    since = max(before, default=None)
    opening = _sums(month__lt=period.month, **({"month__gt": since} if since else {}))
    moved = _sums(month=period.month)
    start = {
        code: before[since].get(code, ZERO) if since else ZERO
        for code in {*opening, *moved, *(before[since] if since else ())}
    }
    lines = []
    for code in sorted(start):
        debit, credit = opening.get(code, (ZERO, ZERO))
        first = start[code] + debit - credit
        debit, credit = moved.get(code, (ZERO, ZERO))
        lines.append(
            TrialBalanceLine(
                period=period,
                account_id=code,
                opening=first,
                debit=debit,
                credit=credit,
                closing=first + debit - credit,
            )
        )
    return lines


def _frozen_before(month: dt.date) -> Mapping[dt.date, dict[str, Decimal]]:
    """Return the closing balances of the last closed month before, by that month."""
    last = (
        LedgerPeriod.objects.filter(status=PeriodStatus.CLOSED, month__lt=month)
        .order_by("-month")
        .first()
    )
    if last is None:
        return {}
    return {last.month: dict(last.trial_balance.values_list("account_id", "closing"))}


def _sums(**kept: object) -> dict[str, tuple[Decimal, Decimal]]:
    found = (
        EntryLine.objects.filter(**kept)
        .values_list("account_id")
        .annotate(debit=Sum("debit"), credit=Sum("credit"))
    )
    return {code: (debit, credit) for code, debit, credit in found}
