"""What votes come to: worked by hand (PRE-12a)."""

from decimal import Decimal

import pytest

from organization.rules.committees import CommitteeTerms, tally

HALF, TWO_THIRDS = Decimal("0.5"), Decimal("0.666666")


def outcome(votes, *, members=7, chair=None, **words):
    terms = CommitteeTerms(
        **{
            "quorum_share": TWO_THIRDS,
            "majority_share": HALF,
            "is_majority_of_members": False,
            "has_chair_veto": False,
            **words,
        }
    )
    spoken = [{"F": "for", "A": "against", "O": "abstain"}[each] for each in votes]
    return tally(terms=terms, members=members, votes=spoken, chair_vote=chair).outcome


@pytest.mark.parametrize(
    ("votes", "words", "expected"),
    [
        ("FFFFF", {}, "passed"),  # 5 of 7 ≥ 4.67
        ("FFFF", {}, "inquorate"),  # 4 of 7 < 4.67
        ("", {"members": 0}, "inquorate"),
        ("FFFAA", {}, "passed"),
        ("FFFAAA", {}, "rejected"),  # a tie is no majority
        ("FFFOOO", {}, "rejected"),  # 3 of 6 is no more than half: an abstention is not for
        ("FFFFOO", {"majority_share": TWO_THIRDS}, "passed"),  # 4 ≥ 3.999996
        ("FFFAAO", {"majority_share": TWO_THIRDS}, "rejected"),
        ("FFFAA", {"is_majority_of_members": True}, "rejected"),  # 3 of 7
        ("FFFFA", {"is_majority_of_members": True}, "passed"),  # 4 of 7
        ("FFFFFA", {"has_chair_veto": True, "chair": "against"}, "rejected"),
        ("FFFFFA", {"chair": "against"}, "passed"),
        ("FFFFFO", {"has_chair_veto": True, "chair": "abstain"}, "passed"),
    ],
)
def test_quorum_majority_and_veto(votes, words, expected):
    assert outcome(votes, **words) == expected


def test_the_count_is_kept():
    terms = CommitteeTerms(
        quorum_share=HALF,
        majority_share=HALF,
        is_majority_of_members=False,
        has_chair_veto=True,
    )
    result = tally(
        terms=terms, members=5, votes=["for", "for", "abstain", "against"], chair_vote="against"
    )
    assert (result.voted, result.votes_for, result.votes_against, result.abstained) == (4, 2, 1, 1)
    assert (result.outcome, result.is_vetoed) == ("rejected", True)
