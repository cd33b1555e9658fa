"""Limits of signing in and passwords, as rules: no database."""

import datetime as dt

import pytest

from organization.rules.passwords import ASVS, GB, classes_of, must_change, names_in
from organization.rules.sign_in import (
    Limit,
    is_open,
    packed,
    refusal_of,
    unpacked,
    unreadable_networks,
)

OFFICE = Limit(devices=("pc",), opens_at=dt.time(8), closes_at=dt.time(20))
NIGHT = Limit(devices=("pc", "app"), opens_at=dt.time(22), closes_at=dt.time(6))
BRANCH = Limit(devices=("pc", "app"), networks=("北京分公司 10.1.0.0/16", "v6 2001:db8::/32"))
NOON = dt.time(12)


@pytest.mark.parametrize(
    ("limits", "device", "address", "at", "expected"),
    [
        ([], "app", "8.8.8.8", NOON, ""),
        ([OFFICE], "pc", "8.8.8.8", NOON, ""),
        ([OFFICE], "app", "8.8.8.8", NOON, "device"),
        ([OFFICE], "pc", "8.8.8.8", dt.time(7, 59), "hours"),
        ([OFFICE], "pc", "8.8.8.8", dt.time(8), ""),
        ([OFFICE], "pc", "8.8.8.8", dt.time(20), "hours"),
        ([BRANCH], "pc", "10.1.255.1", NOON, ""),
        ([BRANCH], "pc", "10.2.0.1", NOON, "network"),
        ([BRANCH], "pc", "2001:db8::1", NOON, ""),
        ([BRANCH], "pc", "2001:db9::1", NOON, "network"),
        ([OFFICE, BRANCH], "pc", "10.1.0.1", NOON, ""),
        ([BRANCH, OFFICE], "app", "10.1.0.1", NOON, "device"),
        ([OFFICE, BRANCH], "pc", "10.2.0.1", NOON, "network"),
        ([OFFICE, NIGHT], "pc", "10.1.0.1", NOON, "hours"),
    ],
)
def test_crm_37_the_strictest_of_all_roles_counts(limits, device, address, at, expected):
    assert refusal_of(limits, device=device, address=address, local_time=at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (dt.time(21, 59), False),
        (dt.time(22), True),
        (dt.time(0), True),
        (dt.time(5, 59), True),
        (dt.time(6), False),
        (NOON, False),
    ],
)
def test_crm_37_hours_may_run_over_midnight(at, expected):
    assert is_open(dt.time(22), dt.time(6), at) is expected


@pytest.mark.parametrize("limit", [OFFICE, NIGHT, BRANCH])
def test_a_limit_comes_back_from_the_session_as_it_went_in(limit):
    assert unpacked(packed(limit)) == limit


def test_a_network_has_a_name_and_a_range():
    lines = ["北京 10.1.0.0/16", "10.1.0.0/16", "北京 10.1.0.1/16", "北京", "北京 10.1.0.0/99"]
    assert unreadable_networks(lines) == lines[1:]


@pytest.mark.parametrize(
    ("password", "expected"),
    [("", 0), ("abc", 1), ("abC", 2), ("abC1", 3), ("abC1-", 4), ("密码", 1)],
)
def test_kinds_of_characters_are_counted(password, expected):
    assert classes_of(password) == expected


def test_names_in_a_password_are_found_whatever_their_case():
    assert names_in("My-XinBao-2026", words=("xinbao", "lin", "my")) == ["xinbao"]


AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("profile", "is_temporary", "days", "expected"),
    [
        (GB, False, 89, False),
        (GB, False, 90, True),
        (ASVS, False, 900, False),
        (ASVS, True, 0, True),
        (GB, True, 0, True),
        (ASVS, False, None, True),
    ],
)
def test_gb_rotates_asvs_does_not_and_a_given_password_never_stays(
    profile, is_temporary, days, expected
):
    set_at = None if days is None else AT - dt.timedelta(days=days)
    changed = must_change(
        profile=profile, is_temporary=is_temporary, set_at=set_at, at=AT, max_days=90
    )
    assert changed is expected
