"""The tree that opens and closes, and what a change would do before it is made."""

import datetime as dt

import pytest
from django.urls import reverse

from core import clock
from organization.enums import UnitKind
from organization.models import Staff, UnitChange
from organization.rules.tree import grow_tree
from organization.selectors.unit_preview import (
    effect_of_closing,
    effect_of_leaving,
    effect_of_move,
    effect_of_transfer,
)
from organization.selectors.units import grown_tree
from organization.services import appoint_staff, open_unit
from tests.factories.authority import LONG_AGO, granted

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def haidian(beijing):
    return open_unit(
        code="BJ01", name="海淀支公司", name_en="Haidian", kind=UnitKind.SUB_BRANCH, parent=beijing
    )


@pytest.fixture
def clerk_he(haidian):
    return appoint_staff(
        username="heli", name="何理", unit=haidian, roles=["branch_manager"], password="heli-2026!x"
    )


def rows_of(effect):
    return {(row.what, row.where): (row.before, row.after) for row in effect.rows}


def test_counts_of_a_unit_include_those_below_and_a_search_keeps_the_way():
    places = [
        ("/HQ/", "hq", {"people": 2}),
        ("/HQ/BJ/BJ01/", "haidian", {"people": 3}),
        ("/HQ/BJ/", "beijing", {"people": 5}),
        ("/HQ/SH/", "shanghai", {"people": 7}),
    ]
    (root,) = grow_tree(places)
    assert (root.own["people"], root.below["people"]) == (2, 17)
    assert [each.below["people"] for each in root.children] == [8, 7]
    (found,) = grow_tree(places, matches=frozenset({"/HQ/BJ/BJ01/"}))
    assert [each.place for each in found.children] == ["beijing"]
    assert (found.below["people"], found.is_open, found.is_match) == (17, True, False)
    assert found.children[0].children[0].is_match
    assert grow_tree(places, matches=frozenset()) == []


def test_the_tree_nests_counts_staff_and_finds_by_name_or_code(
    system_han, beijing, shanghai, haidian, clerk_he, branch_wang
):
    (root,) = grown_tree(staff=system_han, as_of=TODAY)
    north, _east = root.children
    assert (north.place.name, north.own["people"], north.below["people"]) == ("北京分公司", 1, 2)
    for text in ("海淀", "bj01", "haidian"):
        (found,) = grown_tree(staff=system_han, as_of=TODAY, text=text)
        assert [each.place.unit.code for each in found.children] == ["BJ"]
    assert grown_tree(staff=system_han, as_of=TODAY, text="火星") == []


def test_a_move_takes_the_sight_and_the_authority_of_the_old_line_and_gives_the_new(
    hq, beijing, shanghai, haidian, clerk_he, branch_wang, stranger_gu, chief_bai, chief_chen, at
):
    old = granted(beijing, by=chief_bai, checker=chief_chen, at=at, role="branch_manager")
    found = rows_of(effect_of_move(unit=haidian, parent=shanghai, as_of=TODAY))
    assert found == {
        ("王京 (wang)", "北京分公司"): ("可见海淀支公司及其下级", "不可见"),
        ("顾沪 (gu)", "上海分公司"): ("不可见", "可见海淀支公司及其下级"),
        (f"分公司经理的授权 #{old.pk}", "北京分公司"): ("可为其签批", "不覆盖"),
    }


def test_a_closing_names_who_must_be_moved_and_the_grants_that_reach_nothing(
    beijing, branch_wang, chief_bai, chief_chen, at
):
    grant = granted(beijing, by=chief_bai, checker=chief_chen, at=at, role="underwriter")
    found = rows_of(effect_of_closing(unit=beijing, as_of=TODAY))
    assert found == {
        ("王京 (wang)", "北京分公司"): ("在该机构任职", "须在撤销前调离"),
        (f"核保员的授权 #{grant.pk}", "北京分公司"): ("对该机构有授权", "不再覆盖任何在营机构"),
    }


def test_a_transfer_says_which_units_roles_and_grants_follow(
    hq, beijing, shanghai, branch_wang, chief_bai, chief_chen, at
):
    granted(hq, by=chief_bai, checker=chief_chen, at=at, role="branch_manager", valid_from=LONG_AGO)
    words = {"person": branch_wang, "unit": shanghai, "as_of": TODAY}
    kept = rows_of(effect_of_transfer(**words, keeps_roles=True))
    assert kept["可见机构", ""] == ("北京分公司（共 1 个机构）", "上海分公司（共 1 个机构）")
    assert kept["分公司经理", "角色"] == ("持有", "保留")
    assert ("北京分公司", "上海分公司") in kept.values()
    lost = rows_of(effect_of_transfer(**words, keeps_roles=False))
    assert lost["分公司经理", "角色"][1] == "终止，需重新申请"
    assert ("北京分公司", "无") in lost.values()
    left = rows_of(effect_of_leaving(person=branch_wang, as_of=TODAY))
    assert left["可见机构", ""][1] == "—"


def test_the_page_previews_and_writes_nothing(client, system_han, haidian, shanghai, branch_wang):
    client.force_login(system_han)
    words = {"parent": shanghai.pk, "effective_on": clock.today().isoformat(), "reason": "重组"}
    address = reverse("organization:unit_move", args=[haidian.pk])
    shown = client.post(address, {**words, "preview": "1"})
    assert (shown.status_code, UnitChange.objects.count()) == (200, 0)
    assert branch_wang.name in shown.text
    assert "尚未记录任何变更" in shown.text
    assert client.post(address, words).status_code == 302
    assert UnitChange.objects.get().applied_at is not None


def test_an_order_previews_what_follows(client, system_han, branch_wang, shanghai):
    client.force_login(system_han)
    words = {
        "kind": "transfer", "unit": shanghai.pk, "effective_on": clock.today().isoformat(),
        "reason": "轮岗", "preview": "1",
    }  # fmt: skip
    shown = client.post(reverse("organization:order", args=[branch_wang.pk]), words)
    assert shown.status_code == 200
    assert "上海分公司（共 1 个机构）" in shown.text
    assert Staff.objects.get(pk=branch_wang.pk).unit == branch_wang.unit


def test_the_tree_costs_the_same_for_three_units_and_for_six(
    client, system_han, hq, beijing, django_assert_num_queries
):
    client.force_login(system_han)
    address = reverse("organization:units")
    client.get(address)
    for count in (2, 3):
        for place in range(count):
            code = f"U{count}{place}"
            open_unit(code=code, name=code, name_en=code, kind=UnitKind.BRANCH, parent=hq)
        with django_assert_num_queries(8):
            assert "<details open>" in client.get(address).text


def test_the_tree_is_not_there_for_the_business(client, branch_wang):
    client.force_login(branch_wang)
    assert client.get(reverse("organization:units")).status_code == 404
