"""Does an authority cover a case, and why not? (PRE-11c, COMMENT-07)"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from organization.rules.authority import (
    CaseFacts,
    Extent,
    Rung,
    Standing,
    do_meet,
    ladder_findings,
    route_level,
    why_not_covered,
    why_not_in_force,
    why_wider,
)

DAY, AT = dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
CASE = CaseFacts(
    unit_path="/HQ/BJ/",
    amount=Decimal(500),
    product="P1",
    obligor_type="个人",
    channel="线上",
    grade="A",
    rate=Decimal("0.08"),
    ltv=Decimal("0.6"),
    term=12,
    exceptions=("documents",),
)
EXTENT = Extent(
    unit_path="/HQ/BJ/",
    max_amount=Decimal(500),
    products=("P1", "P2"),
    obligor_types=("个人",),
    channels=("线上",),
    grades=("A",),
    exceptions=("documents",),
    min_rate=Decimal("0.08"),
    max_ltv=Decimal("0.6"),
    max_term=12,
)


def codes(case: CaseFacts = CASE, extent: Extent = EXTENT) -> list[tuple[str, str]]:
    return [(each.code, each.fact) for each in why_not_covered(case, extent)]


def test_a_case_exactly_at_every_limit_is_covered():
    assert codes() == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"unit_path": "/HQ/SH/"}, ("outside", "unit")),
        ({"unit_path": "/HQ/"}, ("outside", "unit")),
        ({"product": "P3"}, ("outside", "product")),
        ({"obligor_type": "企业"}, ("outside", "obligor_type")),
        ({"channel": "门店"}, ("outside", "channel")),
        ({"grade": "B"}, ("outside", "grade")),
        ({"amount": Decimal("500.01")}, ("above", "amount")),
        ({"rate": Decimal("0.079999")}, ("below", "rate")),
        ({"ltv": Decimal("0.600001")}, ("above", "ltv")),
        ({"term": 13}, ("above", "term")),
        ({"exceptions": ("documents", "admission")}, ("exception", "exceptions")),
    ],
)
def test_one_step_beyond_a_limit_is_not_covered_and_says_which(words, reason):
    assert codes(replace(CASE, **words)) == [reason]


@pytest.mark.parametrize(
    "fact", ["amount", "product", "obligor_type", "channel", "grade", "rate", "ltv", "term"]
)
def test_a_fact_that_is_limited_and_not_known_is_not_covered(fact):
    assert codes(replace(CASE, **{fact: None})) == [("unknown", fact)]


def test_a_fact_that_nothing_limits_need_not_be_known():
    bare = CaseFacts(unit_path="/HQ/BJ/BJ01/", amount=Decimal(500))
    assert codes(bare, Extent(unit_path="/HQ/", max_amount=Decimal(500))) == []


def test_every_reason_is_named_not_the_first():
    far = replace(CASE, amount=Decimal(501), term=99, grade=None)
    assert codes(far) == [("unknown", "grade"), ("above", "amount"), ("above", "term")]
    assert {each.article for each in why_not_covered(far, EXTENT)} == {"PRE-11c", "COMMENT-07"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, []),
        ({"is_approved": False}, ["not_approved"]),
        ({"valid_from": dt.date(2026, 3, 3)}, ["not_yet"]),
        ({"valid_to": DAY}, ["expired"]),
        ({"valid_to": dt.date(2026, 3, 3)}, []),
        ({"ends_at": AT}, ["expired"]),
        ({"ends_at": AT + dt.timedelta(seconds=1)}, []),
        ({"is_approved": False, "revoked_at": AT - dt.timedelta(seconds=1)}, ["revoked"]),
    ],
)
def test_a_grant_stands_from_its_first_day_until_before_its_end(words, expected):
    standing = replace(Standing(is_approved=True, valid_from=DAY), **words)
    assert [each.code for each in why_not_in_force(standing, at=AT, as_of=DAY)] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, ()),
        ({"unit_path": "/HQ/"}, ("unit",)),
        ({"products": ("P1", "P9")}, ("product",)),
        ({"products": ("*",)}, ("product",)),
        ({"max_amount": Decimal(501)}, ("amount",)),
        ({"min_rate": None}, ("rate",)),
        ({"min_rate": Decimal("0.07")}, ("rate",)),
        ({"max_ltv": None}, ("ltv",)),
        ({"max_term": 13}, ("term",)),
        ({"exceptions": ("documents", "admission")}, ("exceptions",)),
        ({"max_amount": Decimal(1), "products": ("P2",), "unit_path": "/HQ/BJ/BJ01/"}, ()),
    ],
)
def test_a_part_is_never_wider_than_the_whole(words, expected):
    assert why_wider(replace(EXTENT, **words), EXTENT) == expected


def test_two_authorities_meet_when_a_case_could_fall_into_both():
    assert do_meet(EXTENT, replace(EXTENT, unit_path="/HQ/", products=("P2",)))
    assert not do_meet(EXTENT, replace(EXTENT, products=("P3",)))
    assert not do_meet(EXTENT, replace(EXTENT, unit_path="/HQ/SH/"))


def rung(pk: int, level: int, most: int, holder: str = "role 1") -> Rung:
    return Rung(pk=pk, level=level, holder=holder, extent=replace(EXTENT, max_amount=Decimal(most)))


def test_the_ladder_names_overlap_inversion_and_the_gap_at_its_top():
    new = rung(9, 2, 500)
    sound = [rung(1, 1, 100, "role 2"), rung(2, 3, 900, "role 3")]
    assert ladder_findings(new, sound) == ()
    found = ladder_findings(new, [rung(1, 1, 600, "role 2"), rung(2, 2, 400), new])
    assert [(each.code, each.rung and each.rung.pk) for each in found] == [
        ("overlap", 2),
        ("inversion", 1),
        ("gap", None),
    ]


def test_the_lowest_level_that_covers_signs_and_beyond_all_is_nobody():
    assert route_level([3, 1, 2]) == 1
    assert route_level([]) is None
