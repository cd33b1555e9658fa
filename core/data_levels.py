"""How secret each field of a table is: C3, C2, C1 of JR/T 0171, or none.

Every model of the house says so beside its fields:

    data_levels = levels(c2="sealed_name name_index", c1="amount", none="status created_at")

C3 is what proves who somebody is (passwords, seeds, biometrics); C2 what names or describes a
person (names, identity numbers, phones, cards, balances of one person); C1 what is for the house
alone; `none` is technical. The automatic `id` needs no mention.

Text of C2 and C3 stands sealed, in a `sealed_…` column, or is excused by field and reason
(`clear=`). A sealed column says which fields of its row are its associated data:

    sealed_by = sealed_by(sealed_key="path")

`core.checks` refuses to start where a field is missing or in clear. Source: safety.md; PRE-45a.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Ground:
    """For what personal data is kept, and on which basis of PIPL."""

    purpose: Any
    basis: Any


OBLIGORS = Ground(
    _("Watching and managing insured loans"),
    _("PIPL 13(1)(2) contract; 13(1)(3) statutory duty"),
)
STAFF = Ground(
    _("Employment, access control and responsibility"),
    _("PIPL 13(1)(2) human resources management"),
)
WORK = Ground(
    _("Operation of the system and proof of who did what"),
    _("PIPL 13(1)(3) statutory duty"),
)


@dataclass(frozen=True)
class DataLevels:
    """The fields of one table by level, each named once; why some stand in clear."""

    c3: frozenset[str]
    c2: frozenset[str]
    c1: frozenset[str]
    none: frozenset[str]
    clear: Mapping[str, Any] = field(default_factory=dict)
    ground: Ground | None = None

    def level_of(self, name: str) -> str:
        """Return C3, C2, C1 or an empty text."""
        return next((lv.upper() for lv in ("c3", "c2", "c1") if name in getattr(self, lv)), "")


def levels(
    *,
    c3: str = "",
    c2: str = "",
    c1: str = "",
    none: str = "",
    clear: Mapping[str, Any] | None = None,
    ground: Ground | None = None,
) -> DataLevels:
    """Read four lists of field names, separated by white space.

    `clear` gives the reason why a text of C2 or C3 is not sealed, by field; `ground` the purpose
    and basis where they are not those of the app.
    """
    words = (frozenset(each.split()) for each in (c3, c2, c1, none))
    return DataLevels(*words, clear=clear or {}, ground=ground)


def sealed_by(**places: str) -> dict[str, tuple[str, ...]]:
    """Say by which fields of its row each sealed column is tied to its place."""
    return {column: tuple(names.split()) for column, names in places.items()}


# Tables of others: only the fields that hold something are named, the rest is technical.
FOREIGN: dict[str, DataLevels] = {
    "sessions.Session": levels(
        c3="session_key session_data",
        clear={
            "session_key": _("signed by the framework; ends with the session"),
            "session_data": _("the number of the staff member and the language, no person's data"),
        },
    ),
    "contenttypes.ContentType": levels(),
    "auth.Permission": levels(),
    "auth.Group": levels(),
    "django_celery_beat.SolarSchedule": levels(),
    "django_celery_beat.IntervalSchedule": levels(),
    "django_celery_beat.ClockedSchedule": levels(),
    "django_celery_beat.CrontabSchedule": levels(),
    "django_celery_beat.PeriodicTasks": levels(),
    "django_celery_beat.PeriodicTask": levels(),
    "account.EmailAddress": levels(
        c2="email", clear={"email": _("the business address of a staff member")}, ground=STAFF
    ),
    "account.EmailConfirmation": levels(
        c3="key", clear={"key": _("a hash-like token of one use")}, ground=STAFF
    ),
    "mfa.Authenticator": levels(
        c3="data", clear={"data": _("the adapter of signing in seals what is secret")}, ground=STAFF
    ),
    "usersessions.UserSession": levels(
        c2="ip user_agent",
        c3="session_key",
        clear={
            "ip": _("the device of a staff member at work"),
            "user_agent": _("the device of a staff member at work"),
            "session_key": _("ends with the session"),
        },
        ground=STAFF,
    ),
    "axes.AccessAttempt": levels(
        c2="username ip_address user_agent get_data post_data",
        clear=dict.fromkeys(
            ("username", "ip_address", "user_agent", "get_data", "post_data"),
            _("failed signings in; passwords are masked before they are written"),
        ),
        ground=STAFF,
    ),
    "axes.AccessAttemptExpiration": levels(),
    "axes.AccessFailureLog": levels(
        c2="username ip_address user_agent",
        clear=dict.fromkeys(("username", "ip_address", "user_agent"), _("failed signings in")),
        ground=STAFF,
    ),
    "axes.AccessLog": levels(
        c2="username ip_address user_agent session_hash",
        clear=dict.fromkeys(
            ("username", "ip_address", "user_agent", "session_hash"), _("signings in of staff")
        ),
        ground=STAFF,
    ),
    "pghistory.Context": levels(
        c1="metadata", clear={"metadata": _("numbers of the person and the request")}
    ),
    "pghistory.Events": levels(),
    "pghistory.MiddlewareEvents": levels(),
}
