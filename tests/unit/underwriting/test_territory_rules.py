"""PRE-24a: a branch issues in its territory, or where the head office authorised it."""

import pytest

from underwriting.rules.territory import territory_basis, units_serving

SERVED = {"BJ": ["11"], "LN": ["21"], "DL": ["2102"], "SH": ["31"]}


def basis(region, *units, authorised=None):
    return territory_basis(region, [*units, "HQ"], served=SERVED, authorised=authorised or {})


@pytest.mark.parametrize(
    ("region", "units", "authorised", "right"),
    [
        ("110105", ("BJ",), {}, "own"),
        ("11", ("BJ01", "BJ"), {}, "own"),  # the branch speaks for what is below it
        ("310000", ("BJ",), {}, "outside"),
        ("310000", ("BJ",), {"BJ": ["31"]}, "authorised"),
        ("310000", ("BJ01", "BJ"), {"BJ": ["31"]}, "authorised"),
        ("310000", ("BJ",), {"LN": ["31"]}, "outside"),
        ("210203", ("LN",), {}, "outside"),  # the city has a branch of its own
        ("210203", ("DL",), {}, "own"),
        ("21", ("DL",), {}, "outside"),  # somewhere in the province is not the city
        ("", ("BJ",), {}, "unknown"),
        ("120000", ("BJ",), {}, "outside"),  # that nobody serves it does not make it theirs
        ("110000", ("NEW",), {}, "unknown"),
        ("110000", ("NEW",), {"NEW": ["11"]}, "authorised"),
        ("310000", (), {}, "head_office"),
    ],
)
def test_PRE_24a_by_what_right_a_unit_issues(region, units, authorised, right):
    assert basis(region, *units, authorised=authorised) == right


def test_the_regions_of_the_units_below_are_a_branchs_own_too():
    words = {"served": SERVED, "authorised": {}}
    assert territory_basis("210203", ["LN", "HQ"], below={"DL"}, **words) == "own"
    assert territory_basis("210203", ["NEW", "HQ"], below={"DL"}, **words) == "own"


def test_the_unit_that_serves_a_region_is_named():
    assert units_serving("210203", SERVED) == ("DL",)
    assert units_serving("210300", SERVED) == ("LN",)
    assert units_serving("990000", SERVED) == ()
