"""Special agreements beside filed terms: from the library, and altering nothing. Pure.

Source: PRE-34b, PRE-34c.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from products.rules.tariffs import PriceFinding

SIDE_TERMS, CLAIMANTS = "PRE-34b", "PRE-34c"
INSURED = "insured"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause of the library: what filed terms it speaks of, to whom it gives a right to claim."""

    code: str
    is_approved: bool
    touches: frozenset[str]
    claimants: frozenset[str]


def agreement_findings(
    codes: Sequence[str], library: Mapping[str, Clause], open_terms: Collection[str]
) -> tuple[PriceFinding, ...]:
    """Return all that forbids these special agreements; none where they may stand.

    A clause must be in the library and approved, touch no filed term but those that the filing
    itself leaves to agreement, and give a right to claim to nobody but the insured.
    """
    found = []
    for code in dict.fromkeys(codes):
        clause = library.get(code)
        if clause is None or not clause.is_approved:
            found.append(_finding("clause_not_in_library", SIDE_TERMS, code))
            continue
        found += clause_findings(clause, open_terms)
    return tuple(found)


def clause_findings(clause: Clause, open_terms: Collection[str]) -> tuple[PriceFinding, ...]:
    """Return what a clause alters, and to whom else it gives a right to claim."""
    altered = sorted(clause.touches - set(open_terms))
    others = sorted(clause.claimants - {INSURED})
    return (
        *(_finding("clause_alters_terms", SIDE_TERMS, clause.code, term=each) for each in altered),
        *(_finding("clause_gives_claim", CLAIMANTS, clause.code, party=each) for each in others),
    )


def _finding(code: str, article: str, clause: str, **values: str) -> PriceFinding:
    return PriceFinding(code=code, article=article, values={"clause": clause, **values})
