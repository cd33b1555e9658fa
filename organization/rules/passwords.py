"""Two profiles of passwords, which contradict each other: GB rotates and mixes, ASVS blocks."""

from __future__ import annotations

import datetime as dt

GB, ASVS = "GB", "ASVS"


def classes_of(password: str) -> int:
    """Count the kinds of characters used: lower case, upper case, digits, others (0 to 4)."""
    named = (str.islower, str.isupper, str.isdigit)
    has_others = any(not any(kind(each) for kind in named) for each in password)
    return sum(any(kind(each) for each in password) for kind in named) + has_others


def names_in(password: str, *, words: tuple[str, ...]) -> list[str]:
    """Return which words of the person or the house the password holds, case apart.

    Words of less than three characters are left out, as they stand in anything.
    """
    small = password.lower()
    return [word for word in words if len(word) > 2 and word.lower() in small]


def must_change(
    *, profile: str, is_temporary: bool, set_at: dt.datetime | None, at: dt.datetime, max_days: int
) -> bool:
    """Tell whether the password must be changed before anything else.

    A password that somebody else set is temporary, and so is one of which nothing is known. GB asks
    for a new one after `max_days` days; ASVS does not, as forced changes make passwords worse.
    Source: safety.md, password profiles.
    """
    if is_temporary or set_at is None:
        return True
    return profile == GB and at - set_at >= dt.timedelta(days=max_days)
