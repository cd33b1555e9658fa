"""Buckets by days and by instalments, and shares. Source: F5-F10c, F13, HQ-01, HQ-02."""

from decimal import Decimal

import pytest

from postloss.rules.buckets import (
    M0,
    M1,
    M2,
    M3,
    TAIL,
    bucket_by_days,
    bucket_by_instalments,
    retained_exposure,
    share,
)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, M0), (1, M1), (30, M1), (31, M2), (60, M2), (61, M3), (90, M3), (180, M3), (181, TAIL)],
)
def test_days_past_due_name_the_bucket(days, bucket):
    assert bucket_by_days(days) == bucket


@pytest.mark.parametrize(
    ("instalments", "days", "bucket"),
    [(0, 0, M0), (1, 1, M1), (1, 100, M1), (2, 29, M2), (3, 61, M3), (9, 180, M3), (1, 181, TAIL)],
)
def test_instalments_name_the_bucket_up_to_180_days(instalments, days, bucket):
    assert bucket_by_instalments(instalments, days) == bucket


def test_a_share_without_a_whole_is_undefined():
    assert share(Decimal(1), None) is None
    assert share(Decimal(1), Decimal(0)) is None
    assert share(Decimal(0), Decimal(5)) == 0
    assert share(Decimal("18.8"), Decimal(940)) == Decimal("0.02")


def test_f13_retained_exposure_is_balance_by_own_share_less_what_is_ceded():
    exposure = retained_exposure(Decimal(10000000), Decimal("0.60"), Decimal("0.25"))
    assert exposure == Decimal("4500000.00")
