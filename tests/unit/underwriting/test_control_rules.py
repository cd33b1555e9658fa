"""Which controls bind a piece of new business, without a database."""

import datetime as dt
from decimal import Decimal

import pytest

from underwriting.rules import (
    NewBusiness,
    SetControl,
    WarningClosure,
    is_stricter,
    judge_new_business,
    line_factor,
    why_not_lifted,
)


def control(dimension="channel", value="线上", kind="suspend", **words):
    return SetControl(
        **{
            "pk": 1,
            "kind": kind,
            "unit_path": "/HQ/",
            "responsible_path": "/HQ/",
            "lender_id": None,
            "dimension": dimension,
            "value": value,
            "factor": Decimal("0.5") if kind == "cut_line" else None,
            **words,
        }
    )


def case(**words):
    return NewBusiness(
        **{
            "unit_path": "/HQ/BJ/BJ01/",
            "lender_id": 1,
            "lender": "L1",
            "branch": "AK",
            "channel": "线上",
            "product": "消费贷",
            "grade": "A",
            "obligor_type": "个人",
            **words,
        }
    )


def verdicts(new, *controls):
    return [finding.verdict for finding in judge_new_business(new, controls)]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("total", ""),
        ("branch", "AK"),
        ("lender", "L1"),
        ("channel", "线上"),
        ("product", "消费贷"),
        ("grade", "A"),
        ("obligor_type", "个人"),
    ],
)
def test_a_suspended_slice_blocks_its_own_and_nothing_beside_it(dimension, value):
    other = "" if dimension == "total" else "another"
    assert verdicts(case(), control(dimension, value)) == ["blocked"]
    if other:
        assert verdicts(case(), control(dimension, other)) == []


@pytest.mark.parametrize(
    ("kind", "loosens", "verdict"),
    [
        ("suspend", False, "blocked"),
        ("cut_line", False, "reduced"),
        ("freeze_loosening", False, "frozen"),
        ("cut_line", True, "blocked"),
        ("freeze_loosening", True, "blocked"),
    ],
)
def test_each_kind_says_its_word(kind, loosens, verdict):
    assert verdicts(case(loosens=loosens), control(kind=kind)) == [verdict]


def test_a_control_binds_the_units_below_its_own_and_no_other():
    beijing = control("total", "", unit_path="/HQ/BJ/")
    assert verdicts(case(), beijing) == ["blocked"]
    assert verdicts(case(unit_path="/HQ/SH/"), beijing) == []


def test_a_control_of_one_lender_binds_that_lender():
    assert verdicts(case(lender_id=2), control(lender_id=1)) == []
    assert verdicts(case(lender_id=None), control(lender_id=1)) == ["unknown"]


@pytest.mark.parametrize("name", ["channel", "product", "grade", "obligor_type", "branch"])
def test_what_is_not_known_goes_to_a_person(name):
    assert verdicts(case(**{name: None}), control(name, "x")) == ["unknown"]


def test_an_unknown_branch_name_cannot_be_one_of_another_unit():
    shanghai = control("branch", "SH-1", responsible_path="/HQ/SH/")
    beijing = control("branch", "AK", responsible_path="/HQ/BJ/")
    assert verdicts(case(branch=None), shanghai, beijing) == ["unknown"]


def test_all_findings_are_returned_and_the_smallest_line_counts():
    found = judge_new_business(
        case(),
        [control(kind="cut_line"), control("grade", "A", kind="cut_line", factor=Decimal(0))],
    )
    assert (len(found), line_factor(found)) == (2, Decimal(0))
    assert line_factor([]) == 1
    assert line_factor(judge_new_business(case(), [control()])) == 0


def test_red_is_stricter_than_orange_and_orange_than_yellow():
    assert is_stricter("suspend", "cut_line")
    assert is_stricter("cut_line", "freeze_loosening")
    assert not is_stricter("suspend", "suspend")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({}, None),
        ({"warning_id": 8}, "control_lifted_by_its_loop_only"),
        ({"reviewed_by_id": None}, "control_warning_not_reviewed"),
        ({"handled_by_id": None}, "control_warning_not_reviewed"),
        ({"reviewed_by_id": 1}, "control_handler_is_reviewer"),
        ({"closed_by_id": 1}, "control_handler_is_reviewer"),
    ],
)
def test_a_control_is_lifted_by_its_own_whole_loop_only(words, code):
    closure = WarningClosure(
        **{
            "warning_id": 7,
            "handled_by_id": 1,
            "reviewed_by_id": 2,
            "closed_by_id": 2,
            "closed_at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
            **words,
        }
    )
    assert why_not_lifted(set_by_warning=7, closure=closure) == code


def test_nobody_lifts_a_control_without_a_closed_warning():
    assert why_not_lifted(set_by_warning=7, closure=None) == "control_lifted_by_its_loop_only"
