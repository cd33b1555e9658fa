"""Controls on new business: one per slice, the stricter replaces, the loop lifts."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import RuleBroken, WrongState
from core.selectors import audit_of
from partners.models import Lender
from tests.factories.authority import let_lift
from underwriting.models import Control
from underwriting.rules import ControlOrder, WarningClosure
from underwriting.selectors import control_register, controls_on
from underwriting.services import (
    check_new_business,
    cut_line,
    freeze_loosening,
    lift_control,
    suspend_segment,
)

pytestmark = pytest.mark.django_db
HALF = Decimal("0.5")


@pytest.fixture
def lender(db):
    return Lender.objects.create(code="L1", name="测试银行")


def order(unit, *, dimension="channel", value="线上", warning_id=7, responsible=None, **words):
    return ControlOrder(
        kind="suspend",
        unit_id=unit.pk,
        responsible_unit_id=(responsible or unit).pk,
        lender_id=None,
        dimension=dimension,
        value=value,
        warning_id=warning_id,
        reason="overdue_rate red 2025-01",
        **words,
    )


def quote(unit, lender, **words):
    return check_new_business(
        **{
            "unit": unit,
            "lender": lender,
            "branch_name": "AK",
            "channel": "线上",
            "product": "消费贷",
            "grade": "A",
            "obligor_type": "个人",
            **words,
        }
    )


@pytest.fixture
def closure(manager_lin, chief_chen):
    """Return a function that proves a whole loop: lin disposed, chen reviewed and closed."""

    def proof(**words):
        return _closure(handled_by=manager_lin.pk, reviewed_by=chief_chen.pk, **words)

    return proof


def _closure(warning_id=7, handled_by=1, reviewed_by=2, at=None):
    return WarningClosure(
        warning_id=warning_id,
        handled_by_id=handled_by,
        reviewed_by_id=reviewed_by,
        closed_by_id=reviewed_by,
        closed_at=at or dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
    )


def test_a_suspended_slice_takes_no_new_business_and_the_rest_does(beijing, hq, lender, at):
    suspend_segment(order=order(hq), at=at)
    with pytest.raises(RuleBroken) as refusal:
        quote(beijing, lender)
    assert refusal.value.code == "new_business_blocked"
    assert "线上" in refusal.value.message
    assert "#7" in refusal.value.message  # whom to ask
    assert hq.name in refusal.value.message
    assert [each.verdict for each in refusal.value.context["findings"]] == ["blocked"]
    assert quote(beijing, lender, channel="门店") == ()


def test_red_on_the_total_of_head_office_suspends_everything(beijing, shanghai, hq, lender, at):
    suspend_segment(order=order(hq, dimension="total", value=""), at=at)
    for unit in (hq, beijing, shanghai):
        with pytest.raises(RuleBroken):
            quote(unit, lender, channel="门店", product="车贷")


def test_red_on_the_total_of_a_branch_suspends_that_branch(beijing, shanghai, lender, at):
    suspend_segment(order=order(beijing, dimension="total", value=""), at=at)
    with pytest.raises(RuleBroken):
        quote(beijing, lender)
    assert quote(shanghai, lender) == ()


def test_orange_leaves_part_of_the_line_and_yellow_freezes_loosening(beijing, hq, lender, at):
    cut_line(order=order(hq), factor=HALF, at=at)
    freeze_loosening(order=order(hq, dimension="grade", value="A"), at=at)
    found = quote(beijing, lender)
    assert [(each.verdict, each.factor) for each in found] == [("reduced", HALF), ("frozen", None)]
    with pytest.raises(RuleBroken):
        quote(beijing, lender, loosens=True)


def test_a_stricter_control_replaces_a_weaker_with_history(hq, at):
    weak = freeze_loosening(order=order(hq, warning_id=1), at=at)
    strict = suspend_segment(order=order(hq, warning_id=2), at=at + dt.timedelta(days=31))
    weak.refresh_from_db()
    assert (weak.replaced_by, weak.lifted_by) == (strict, None)
    assert list(controls_on(unit=hq, lender=None, dimension="channel", value="线上")) == [
        strict,
        weak,
    ]


def test_a_weaker_order_leaves_a_stricter_control_alone(hq, at):
    strict = suspend_segment(order=order(hq, warning_id=1), at=at)
    assert cut_line(order=order(hq, warning_id=2), factor=HALF, at=at) == strict
    assert Control.objects.count() == 1


def test_a_slice_has_one_live_control(hq, at):
    control = suspend_segment(order=order(hq), at=at)
    control.pk = None
    with pytest.raises(IntegrityError, match="one_live_per_slice"), transaction.atomic():
        control.save(force_insert=True)


@pytest.mark.parametrize(
    "proof",
    [None, _closure(warning_id=8), _closure(reviewed_by=None), _closure(reviewed_by=1)],
)
def test_a_control_is_not_lifted_outside_the_loop_of_its_warning(hq, chief_chen, at, proof):
    control = suspend_segment(order=order(hq), at=at)
    with pytest.raises(RuleBroken):
        lift_control(control=control, closure=proof, by=chief_chen, at=at, reason="please")
    assert Control.objects.live().count() == 1


def test_the_loop_lifts_a_control_once(hq, beijing, lender, chief_chen, closure, at):
    let_lift(chief_chen, at=at)
    control = suspend_segment(order=order(hq), at=at)
    lift_control(control=control, closure=closure(), by=chief_chen, at=at, reason="good again")
    control.refresh_from_db()
    assert (control.lifted_by, control.lifted_at, control.lift_reason) == (
        chief_chen,
        at,
        "good again",
    )
    assert quote(beijing, lender) == ()
    with pytest.raises(WrongState):
        lift_control(control=control, closure=closure(), by=chief_chen, at=at, reason="again")


def test_what_still_stands_on_the_slice_takes_the_place_of_what_is_lifted(
    hq, chief_chen, closure, at
):
    let_lift(chief_chen, at=at)
    control = suspend_segment(order=order(hq), at=at)
    rest = order(hq, warning_id=9)
    following = lift_control(
        control=control, closure=closure(), remaining=[rest], by=chief_chen, at=at, reason="one"
    )
    control.refresh_from_db()
    assert (following.set_by_warning, control.replaced_by) == (9, following)


def test_setting_and_lifting_leave_audit_records(hq, chief_chen, closure, at):
    let_lift(chief_chen, at=at)
    control = suspend_segment(order=order(hq), at=at)
    lift_control(control=control, closure=closure(), by=chief_chen, at=at, reason="good")
    records = audit_of(object_type="underwriting.control", object_id=control.pk)
    assert [each.action for each in records] == [
        "underwriting.control_set",
        "underwriting.control_lifted",
    ]


def test_a_branch_sees_its_own_controls_and_those_from_above_that_bind_it(
    hq, shanghai, branch_wang, manager_lin, at
):
    beijing = branch_wang.unit
    own = suspend_segment(order=order(beijing, dimension="total", value=""), at=at)
    mapped = suspend_segment(
        order=order(hq, dimension="branch", value="AK", responsible=beijing), at=at
    )
    above = suspend_segment(order=order(hq), at=at)
    suspend_segment(order=order(shanghai, dimension="total", value=""), at=at)
    suspend_segment(order=order(hq, dimension="branch", value="SH", responsible=shanghai), at=at)
    suspend_segment(order=order(hq, dimension="branch", value="unmapped"), at=at)
    assert set(control_register(staff=branch_wang)) == {own, mapped, above}
    assert control_register(staff=manager_lin).count() == 6


def test_the_question_of_quoting_costs_one_query(
    hq, beijing, lender, at, django_assert_num_queries
):
    for value in ("甲", "乙", "丙"):
        suspend_segment(order=order(hq, value=value), at=at)
    with django_assert_num_queries(1):
        assert quote(beijing, lender) == ()
