"""Delinquency buckets and ratios. Pure.

Source: POST-35f-m; F5-F10c; HQ-01 (basis), HQ-02 (over 180 days), HQ-03.
"""

from __future__ import annotations

from decimal import Decimal

# Upper bounds of M0, M1, M2, M3 in days past due, as POST-35 defines the buckets: not tunable.
DAY_BOUNDS = (0, 30, 60, 180)
INSTALMENT_BOUNDS = (0, 1, 2)
M0, M1, M2, M3, TAIL = range(5)


def bucket_by_days(days: int) -> int:
    """Return the bucket 0-4 of `days` past due (M0 0, M1 1-30, M2 31-60, M3 61-180, tail)."""
    return sum(days > bound for bound in DAY_BOUNDS)


def bucket_by_instalments(instalments: int, days: int) -> int:
    """Return the bucket 0-4 of overdue instalments; over 180 days is the tail on either basis."""
    if days > DAY_BOUNDS[-1]:
        return TAIL
    return sum(instalments > bound for bound in INSTALMENT_BOUNDS)


def share(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """Return part ÷ whole as an unrounded fraction; `None` (undefined) without a whole."""
    return part / whole if whole else None


def retained_exposure(balance: Decimal, own_share: Decimal, ceded_share: Decimal) -> Decimal:
    """Return balance × own share × (1 − ceded share) in yuan, unrounded. Source: F13, PRE-02b."""
    return balance * own_share * (1 - ceded_share)
