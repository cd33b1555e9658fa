"""Thresholds as dated data: starter, proposal, approval by another person."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from organization.services import appoint_staff
from postloss.enums import Dimension, Indicator
from postloss.models import RiskWarning, ThresholdSet
from postloss.rules.thresholds import ThresholdLine
from postloss.selectors.thresholds import lines_of, threshold_set_in_force
from postloss.services.thresholds import approve_thresholds, propose_thresholds
from tests.factories.warning_months import JANUARY, watched_month

pytestmark = pytest.mark.django_db
LINE = ThresholdLine(
    indicator=Indicator.OVERDUE_RATE,
    dimension=Dimension.TOTAL,
    test="absolute",
    limits=(Decimal("0.02"), Decimal("0.04"), Decimal("0.08")),
    min_sample=10,
    hysteresis=Decimal("0.1"),
)


def proposed(by, at, *, valid_from=JANUARY, lines=(LINE,), **words):
    return propose_thresholds(
        **{
            "title": "2025",
            "source": "risk committee 2025-01",
            "reason": "yearly review",
            "valid_from": valid_from,
            "lines": lines,
            "by": by,
            "at": at,
            **words,
        }
    )


def test_an_empty_home_has_an_unapproved_starter_set_with_an_honest_source(db):
    starter = threshold_set_in_force(as_of=JANUARY)
    assert (starter.is_starter, starter.status) == (True, "unapproved")
    assert starter.source == "company-set starter, not approved; no external source"


def test_the_starter_covers_every_indicator_on_every_dimension_that_is_watched(db):
    keys = {key[:2] for key in lines_of(threshold_set=ThresholdSet.objects.get())}
    watched = set(Dimension.values) - {"mob"}
    assert keys == {(each, dimension) for each in Indicator.values for dimension in watched}


def test_a_proposal_is_judged_by_nobody_before_another_person_approves_it(
    hq, manager_lin, chief_chen, at
):
    new = proposed(manager_lin, at)
    assert threshold_set_in_force(as_of=JANUARY).is_starter is True
    approve_thresholds(threshold_set=new, by=chief_chen, at=at)
    assert threshold_set_in_force(as_of=JANUARY) == new
    assert threshold_set_in_force(as_of=JANUARY - dt.timedelta(days=1)).is_starter is True


def test_a_month_is_judged_by_the_set_of_its_last_day(hq, manager_lin, chief_chen, at):
    new = proposed(manager_lin, at, valid_from=dt.date(2025, 1, 31))
    approve_thresholds(threshold_set=new, by=chief_chen, at=at)
    watched_month(month=dt.date(2024, 12, 1), overdue="0.09")
    assert RiskWarning.objects.count() == 0
    watched_month(month=JANUARY, overdue="0.09")
    assert RiskWarning.objects.get().level == "red"


def test_the_next_approved_set_ends_the_one_before(hq, manager_lin, chief_chen, at):
    first, third, second = (
        approve_thresholds(
            threshold_set=proposed(manager_lin, at, valid_from=day), by=chief_chen, at=at
        )
        for day in (JANUARY, dt.date(2025, 7, 1), dt.date(2025, 4, 1))
    )
    for each in (first, second, third):
        each.refresh_from_db()
    assert [each.valid_to for each in (first, second, third)] == [
        dt.date(2025, 4, 1),
        dt.date(2025, 7, 1),
        None,
    ]


def test_whoever_proposes_does_not_approve(hq, at):
    both = appoint_staff(
        username="both",
        name="兼",
        unit=hq,
        roles=["risk_manager", "chief_risk_officer"],
        password="both-cast-2026!",
    )
    with pytest.raises(NotPermitted) as refusal:
        approve_thresholds(threshold_set=proposed(both, at), by=both, at=at)
    assert refusal.value.code == "maker_is_checker"


def test_the_database_refuses_the_maker_as_checker(hq, manager_lin, at):
    new = proposed(manager_lin, at)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        ThresholdSet.objects.filter(pk=new.pk).update(
            status="approved", approved_by=manager_lin, approved_at=at
        )


def test_neither_the_starter_nor_an_approved_set_is_approved(hq, manager_lin, chief_chen, at):
    with pytest.raises(WrongState):
        approve_thresholds(threshold_set=ThresholdSet.objects.get(), by=chief_chen, at=at)
    new = approve_thresholds(threshold_set=proposed(manager_lin, at), by=chief_chen, at=at)
    with pytest.raises(WrongState):
        approve_thresholds(threshold_set=new, by=chief_chen, at=at)


def test_two_sets_do_not_begin_on_one_day(hq, manager_lin, chief_chen, at):
    approve_thresholds(threshold_set=proposed(manager_lin, at), by=chief_chen, at=at)
    with pytest.raises(Conflict):
        approve_thresholds(threshold_set=proposed(manager_lin, at), by=chief_chen, at=at)


def test_only_those_who_may_propose_and_approve(hq, chief_chen, branch_wang, manager_lin, at):
    for person in (chief_chen, branch_wang):
        with pytest.raises(NotPermitted):
            proposed(person, at)
    with pytest.raises(NotPermitted):
        approve_thresholds(threshold_set=proposed(manager_lin, at), by=branch_wang, at=at)


def test_a_set_that_makes_no_sense_is_refused_with_every_reason(hq, manager_lin, at):
    wrong = [
        dataclasses.replace(LINE, limits=(Decimal("0.08"), None, Decimal("0.02"))),
        dataclasses.replace(LINE, hysteresis=Decimal(1)),
    ]
    with pytest.raises(RuleBroken) as refusal:
        proposed(manager_lin, at, lines=wrong)
    assert [code for _, code in refusal.value.context["findings"]] == [
        "out_of_order",
        "repeated",
        "hysteresis",
    ]
    with pytest.raises(RuleBroken):
        proposed(manager_lin, at, lines=[])
    with pytest.raises(RuleBroken):
        proposed(manager_lin, at, source=" ")
    assert ThresholdSet.objects.count() == 1
