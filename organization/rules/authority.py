"""Does this authority cover this case, and if not, why not? Every reason, not the first.

Amounts are yuan, prices a fraction per year, loan-to-value a fraction, terms months. Dates are
half-open: `valid_from` counts, `valid_to` does not. A fact that a grant limits and the case does
not give is *unknown*: the grant does not cover. Source: PRE-11c, COMMENT-07.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ANY = "*"
LIFTS = ("control_lift",)  # a matter of its own: no amount, and no other exception with it
SETS = {  # fact of the case → set of the grant
    "product": "products",
    "obligor_type": "obligor_types",
    "channel": "channels",
    "grade": "grades",
}
CAPS = (("max_amount", "amount"), ("max_ltv", "ltv"), ("max_term", "term"))
ARTICLE = {
    "unit": "PRE-11c",
    "product": "COMMENT-07",
    "obligor_type": "COMMENT-07",
    "channel": "PRE-11c",
    "grade": "PRE-11c",
    "amount": "COMMENT-07",
    "rate": "COMMENT-07",
    "ltv": "PRE-11c",
    "term": "PRE-11c",
    "exceptions": "COMMENT-07",
}


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What authority asks of a case. `None` and the empty text are not known."""

    unit_path: str
    amount: Decimal | None = None
    product: str | None = None
    obligor_type: str | None = None
    channel: str | None = None
    grade: str | None = None
    rate: Decimal | None = None
    ltv: Decimal | None = None
    term: int | None = None
    exceptions: tuple[str, ...] = ()
    is_internet: bool = False


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How far an authority reaches. `*` is any; no cap and no floor is `None`.

    An authority to lift controls on new business has no amount and covers nothing else.
    """

    unit_path: str
    max_amount: Decimal | None
    products: tuple[str, ...] = (ANY,)
    obligor_types: tuple[str, ...] = (ANY,)
    channels: tuple[str, ...] = (ANY,)
    grades: tuple[str, ...] = (ANY,)
    exceptions: tuple[str, ...] = ()
    min_rate: Decimal | None = None
    max_ltv: Decimal | None = None
    max_term: int | None = None

    @property
    def is_for_lifts(self) -> bool:
        """Whether it lets lift controls on new business, which is no matter of amounts."""
        return self.exceptions == LIFTS


@dataclass(frozen=True, kw_only=True)
class Standing:
    """From when to when an authority stands, and whether it was approved or taken back."""

    is_approved: bool
    valid_from: dt.date
    valid_to: dt.date | None = None
    ends_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why not: a code, the fact it speaks of, what was asked, what is allowed, and the article."""

    code: str
    fact: str = ""
    asked: Any = None
    allowed: Any = None
    article: str = "PRE-11c"


def why_not_covered(case: CaseFacts, extent: Extent) -> tuple[Reason, ...]:
    """Return every reason why the authority does not reach the case; none when it covers."""
    found = []
    if not case.unit_path.startswith(extent.unit_path):
        found.append(_reason("outside", "unit", case.unit_path, extent.unit_path))
    if (case.exceptions == LIFTS) != extent.is_for_lifts:
        asked, allowed = case.exceptions, extent.exceptions
        return (*found, _reason("other_matter", "exceptions", asked, allowed))
    found += _sets(case, extent)
    for limit, fact in CAPS:
        found += _bound(fact, getattr(case, fact), getattr(extent, limit), is_floor=False)
    found += _bound("rate", case.rate, extent.min_rate, is_floor=True)
    missing = tuple(each for each in case.exceptions if each not in extent.exceptions)
    if missing and ANY not in extent.exceptions:
        found.append(_reason("exception", "exceptions", missing, extent.exceptions))
    return tuple(found)


def _sets(case: CaseFacts, extent: Extent) -> list[Reason]:
    found = []
    for fact, name in SETS.items():
        allowed, asked = getattr(extent, name), getattr(case, fact)
        if ANY in allowed:
            continue
        if not asked:
            found.append(_reason("unknown", fact, None, allowed))
        elif asked not in allowed:
            found.append(_reason("outside", fact, asked, allowed))
    return found


def _bound(fact: str, asked: Any, limit: Any, *, is_floor: bool) -> list[Reason]:
    if limit is None:
        return []
    if asked is None:
        return [_reason("unknown", fact, None, limit)]
    if asked < limit if is_floor else asked > limit:
        return [_reason("below" if is_floor else "above", fact, asked, limit)]
    return []


def _reason(code: str, fact: str, asked: Any, allowed: Any) -> Reason:
    return Reason(code=code, fact=fact, asked=asked, allowed=allowed, article=ARTICLE[fact])


def why_not_in_force(standing: Standing, *, at: dt.datetime, as_of: dt.date) -> tuple[Reason, ...]:
    """Return every reason why the authority does not stand at the instant, on the business day."""
    found = []
    if standing.revoked_at is not None:
        found.append(Reason(code="revoked", asked=standing.revoked_at))
    elif not standing.is_approved:
        found.append(Reason(code="not_approved"))
    if as_of < standing.valid_from:
        found.append(Reason(code="not_yet", allowed=standing.valid_from))
    over_by_day = standing.valid_to is not None and as_of >= standing.valid_to
    over_by_hour = standing.ends_at is not None and at >= standing.ends_at
    if over_by_day or over_by_hour:
        found.append(Reason(code="expired", allowed=standing.ends_at or standing.valid_to))
    return tuple(found)


def why_wider(part: Extent, whole: Extent) -> tuple[str, ...]:
    """Return the facts on which `part` reaches further than `whole`; none when it is a part."""
    found = [] if part.unit_path.startswith(whole.unit_path) else ["unit"]
    for fact, name in SETS.items():
        if not _is_subset(getattr(part, name), getattr(whole, name)):
            found.append(fact)
    for limit, fact in CAPS:
        mine, theirs = getattr(part, limit), getattr(whole, limit)
        if theirs is not None and (mine is None or mine > theirs):
            found.append(fact)
    if whole.min_rate is not None and (part.min_rate is None or part.min_rate < whole.min_rate):
        found.append("rate")
    if not _is_subset(part.exceptions, whole.exceptions):
        found.append("exceptions")
    return tuple(found)


def _is_subset(part: Iterable[str], whole: Iterable[str]) -> bool:
    return ANY in whole or (ANY not in part and set(part) <= set(whole))


def do_meet(one: Extent, other: Extent) -> bool:
    """Tell whether some case could fall into both: same branch line and common codes."""
    near = one.unit_path.startswith(other.unit_path) or other.unit_path.startswith(one.unit_path)
    return (
        near
        and one.is_for_lifts == other.is_for_lifts
        and all(
            ANY in getattr(one, name)
            or ANY in getattr(other, name)
            or set(getattr(one, name)) & set(getattr(other, name))
            for name in SETS.values()
        )
    )


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One grant on the ladder of escalation."""

    pk: int
    level: int
    holder: str
    extent: Extent


@dataclass(frozen=True, kw_only=True)
class LadderFinding:
    """What the approver should know: `overlap`, `inversion`, or `gap` (nobody above)."""

    code: str
    rung: Rung | None = None


def ladder_findings(new: Rung, standing: Iterable[Rung]) -> tuple[LadderFinding, ...]:
    """Return where a proposed grant overlaps one of its holder, turns the ladder round, or tops it.

    `overlap`: the same holder has authority over common cases. `inversion`: a lower level would
    reach a higher amount (yuan) than a higher one. `gap`: no higher level reaches further, so that
    all beyond goes to a committee. Authority to lift controls has no amounts, so it overlaps alone.
    """
    near = [each for each in standing if each.pk != new.pk and do_meet(new.extent, each.extent)]
    found = [LadderFinding(code="overlap", rung=each) for each in near if each.holder == new.holder]
    if new.extent.is_for_lifts:
        return tuple(found)
    for each in near:
        more = new.extent.max_amount - each.extent.max_amount
        if (new.level < each.level and more > 0) or (new.level > each.level and more < 0):
            found.append(LadderFinding(code="inversion", rung=each))
    higher = [each for each in near if each.level > new.level]
    if not any(each.extent.max_amount > new.extent.max_amount for each in higher):
        found.append(LadderFinding(code="gap"))
    return tuple(found)


def route_level(levels: Iterable[int]) -> int | None:
    """Return the lowest level that covers: who signs first. None: beyond all, to a committee."""
    return min(levels, default=None)
