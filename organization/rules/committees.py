"""What a committee's votes come to: quorum, majority, and the chair's veto where it has one.

Quorum and majority are fractions of the members who are not recused. Source: PRE-12a, PRE-12d.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from organization.enums import ResolutionOutcome, VoteChoice


@dataclass(frozen=True, kw_only=True)
class CommitteeTerms:
    """Quorum share, majority share, of what the majority counts, and whether the chair may veto."""

    quorum_share: Decimal
    majority_share: Decimal
    is_majority_of_members: bool
    has_chair_veto: bool


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Votes counted, the number of members who could vote, and what it comes to."""

    members: int
    voted: int
    votes_for: int
    votes_against: int
    abstained: int
    outcome: str
    is_vetoed: bool = False


def tally(
    *, terms: CommitteeTerms, members: int, votes: Sequence[str], chair_vote: str | None
) -> Tally:
    """Count votes of the members who are not recused.

    Quorum: voted ÷ members ≥ the quorum share, and somebody voted. Passed: for ÷ base > one half
    where the majority share is one half, else ≥ the share; the base is those who voted, or all
    members where the terms say so. An abstention is a vote that is not for. A chair who votes
    against vetoes where the committee has that. Fractions are compared unrounded.
    """
    votes_for = sum(vote == VoteChoice.FOR for vote in votes)
    votes_against = sum(vote == VoteChoice.AGAINST for vote in votes)
    voted = len(votes)
    is_vetoed = terms.has_chair_veto and chair_vote == VoteChoice.AGAINST
    if not voted or voted < terms.quorum_share * members:
        outcome = ResolutionOutcome.INQUORATE
    elif is_vetoed or not _has_majority(terms, votes_for, voted, members):
        outcome = ResolutionOutcome.REJECTED
    else:
        outcome = ResolutionOutcome.PASSED
    return Tally(
        members=members,
        voted=voted,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=voted - votes_for - votes_against,
        outcome=outcome.value,
        is_vetoed=is_vetoed,
    )


def _has_majority(terms: CommitteeTerms, votes_for: int, voted: int, members: int) -> bool:
    wanted = terms.majority_share * (members if terms.is_majority_of_members else voted)
    return votes_for > wanted if terms.majority_share * 2 == 1 else votes_for >= wanted
