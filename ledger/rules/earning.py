"""How much of a premium is not yet earned on a day. Cover is half-open: [from, to)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.money import from_fen, to_fen


def unearned_by_days(
    *, premium: Decimal, cover_from: dt.date, cover_to: dt.date, as_of: dt.date
) -> Decimal:
    """Return the unearned part of a premium at the end of `as_of` by days left: the 1/365 method.

    premium × days of cover after `as_of` / days of cover; yuan, rounded HALF_UP to the fen. The
    whole premium before cover begins, exactly zero from its last day on, never rising.

    Raises:
        ValueError: cover ends before it begins, or the premium is negative or splits a fen.

    Source: PRE-41b; F1a (unearned premium reserve).
    """
    whole = (cover_to - cover_from).days
    if whole <= 0 or premium < 0:
        raise ValueError("cover has at least one day and a premium is not negative")
    return _part(premium, Fraction(_days_left(cover_from, cover_to, as_of), whole))


def unearned_by_exposure(
    *,
    premium: Decimal,
    cover_from: dt.date,
    cover_to: dt.date,
    schedule: Sequence[tuple[dt.date, Decimal]],
    as_of: dt.date,
) -> Decimal:
    """Return the unearned part of a premium at the end of `as_of` by the exposure still to run.

    `schedule` says what is outstanding in yuan from which day on, in order of days; what stands
    before its first day is nothing. premium × Σ outstanding × days left / Σ outstanding × days;
    yuan, rounded HALF_UP to the fen. Exactly zero from the last day of cover on, never rising; a
    schedule without any exposure in the cover falls back to days.

    Raises:
        ValueError: cover ends before it begins, the premium or an outstanding amount is negative or
            splits a fen, or the days are not in order.

    Source: PRE-41b; F1a (unearned premium reserve).
    """
    whole = (cover_to - cover_from).days
    days = [day for day, _outstanding in schedule]
    if whole <= 0 or premium < 0 or any(yuan < 0 for _day, yuan in schedule):
        raise ValueError("cover has at least one day, amounts are not negative")
    if days != sorted(set(days)):
        raise ValueError("the days of a schedule are in order, each once")
    ends = [*days[1:], cover_to] if days else []
    exposure = left = 0
    for (begin, outstanding), end in zip(schedule, ends, strict=True):
        first, last = max(begin, cover_from), min(end, cover_to)
        fen = to_fen(outstanding)
        exposure += fen * max((last - first).days, 0)
        left += fen * _days_left(first, last, as_of)
    if not exposure:
        return _part(premium, Fraction(_days_left(cover_from, cover_to, as_of), whole))
    return _part(premium, Fraction(left, exposure))


def _days_left(first: dt.date, last: dt.date, as_of: dt.date) -> int:
    """Count the days of [first, last) that come after `as_of`."""
    return max((last - max(first, as_of + dt.timedelta(days=1))).days, 0)


def _part(premium: Decimal, share: Fraction) -> Decimal:
    """Take a share of yuan, HALF_UP to the fen, exactly."""
    fen = to_fen(premium) * share
    return from_fen(int((2 * fen.numerator + fen.denominator) // (2 * fen.denominator)))
