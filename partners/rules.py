"""Which funders qualify: licensed and active on a day, lending their own money. Pure.

Source: PRE-02j, PRE-02k, PRE-02l, COMMENT-03.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from partners.enums import FunderType, FundsSource, LicenceStanding

LOCALLY_SUPERVISED = frozenset(
    {FunderType.MICRO_LOAN, FunderType.FINANCE_LEASING, FunderType.FACTORING}
)


@dataclass(frozen=True, kw_only=True)
class LicenceFacts:
    """What is known of a funder's licence on a day; `valid_to` is the first day without it."""

    standing: str
    funds_source: str
    valid_to: dt.date | None


@dataclass(frozen=True, kw_only=True)
class FunderFinding:
    """Why a lender does not qualify as a funder."""

    code: str
    article: str


def is_non_bank(funder_type: str) -> bool:
    """Tell whether a kind of funder is no bank; by its licence, never by a word typed.

    Source: PRE-02j.
    """
    return funder_type != FunderType.BANK


def is_locally_supervised(funder_type: str) -> bool:
    """Tell whether a local financial authority licenses this kind, not the national regulator."""
    return funder_type in LOCALLY_SUPERVISED


def funder_findings(licence: LicenceFacts | None, *, day: dt.date) -> tuple[FunderFinding, ...]:
    """Return every reason why a lender is no funder on a day; none where it is.

    `None` is a lender of which no licence was approved for the day. Source: PRE-02k, PRE-02l.
    """
    if licence is None:
        return (FunderFinding(code="not_licensed", article="PRE-02k"),)
    found = []
    if licence.standing != LicenceStanding.ACTIVE:
        found.append(FunderFinding(code="not_active", article="PRE-02k"))
    if licence.valid_to is not None and licence.valid_to <= day:
        found.append(FunderFinding(code="licence_ended", article="PRE-02k"))
    if licence.funds_source == FundsSource.ENTRUSTED:
        found.append(FunderFinding(code="funds_entrusted", article="PRE-02l"))
    return tuple(found)
