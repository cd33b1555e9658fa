"""The people's loop: every state with every action, maker and checker, clocks, and controls."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from core.errors import NotPermitted, RuleBroken, WrongState
from core.selectors import audit_of
from organization.models import RecusalEntry, SignedDecision
from organization.services import appoint_staff
from organization.services.authority import revoke_grant
from organization.services.recusal import declare_relation
from partners.models import Lender
from postloss.enums import Dimension, Measure, WarningState
from postloss.models import RiskWarning
from postloss.services.warnings import (
    acknowledge_warning,
    close_warning,
    dispose_warning,
    escalate_overdue_warnings,
    review_warning,
)
from tests.factories.authority import let_lift
from tests.factories.warning_months import (
    AT,
    JANUARY,
    evidence,
    good_months,
    red_month,
    through_the_loop,
    watched_month,
)
from underwriting.models import Control
from underwriting.services import check_new_business

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

ACTIONS = {
    "acknowledge": lambda warning, handler, _: acknowledge_warning(
        warning=warning, by=handler, at=AT
    ),
    "dispose": lambda warning, handler, _: dispose_warning(
        warning=warning, measure=Measure.WATCH, remark="Watched", by=handler, at=AT
    ),
    "review": lambda warning, _, reviewer: review_warning(
        warning=warning, is_accepted=True, remark="Seen", by=reviewer, at=AT
    ),
    "return": lambda warning, _, reviewer: review_warning(
        warning=warning, is_accepted=False, remark="More", by=reviewer, at=AT
    ),
    "close": lambda warning, _, reviewer: close_warning(
        warning=warning, remark="Good", by=reviewer, at=AT
    ),
}
FOLLOWS = {
    ("open", "acknowledge"): "acknowledged",
    ("acknowledged", "dispose"): "disposed",
    ("disposed", "review"): "reviewed",
    ("disposed", "return"): "acknowledged",
    ("reviewed", "close"): "closed",
}


@pytest.fixture
def red(hq) -> RiskWarning:
    warning = red_month()
    good_months(after=JANUARY)
    return warning


def quote(unit, **words):
    return check_new_business(
        **{
            "unit": unit,
            "lender": None,
            "branch_name": "AK",
            "channel": "线上",
            "product": "p",
            "grade": "A",
            "obligor_type": "个人",
            **words,
        }
    )


@pytest.mark.parametrize("state", WarningState.values)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_in_every_state(red, manager_lin, chief_chen, state, action):
    through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until=state)
    following = FOLLOWS.get((state, action))
    if following is None:
        with pytest.raises(WrongState):
            ACTIONS[action](red, manager_lin, chief_chen)
    else:
        ACTIONS[action](red, manager_lin, chief_chen)
    red.refresh_from_db()
    assert red.state == (following or state)


def test_every_step_is_kept_with_author_time_remark_and_evidence(red, manager_lin, chief_chen):
    through_the_loop(red, handler=manager_lin, reviewer=chief_chen)
    story = [
        (each.action, each.by, each.remark, each.evidence is not None)
        for each in red.steps.order_by("pk")
    ]
    assert story == [
        ("raise", None, "2025-01", False),
        ("acknowledge", manager_lin, "", False),
        ("dispose", manager_lin, "Called every obligor", True),
        ("review", chief_chen, "Seen", False),
        ("close", chief_chen, "Good", False),
    ]
    records = audit_of(object_type="postloss.riskwarning", object_id=red.pk)
    assert [each.action.rpartition("_")[2] for each in records] == [
        "acknowledge",
        "dispose",
        "review",
        "close",
    ]


def test_steps_cannot_be_changed(red):
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        red.steps.update(remark="something else")


@pytest.fixture
def both_hats(hq):
    """A person who may handle and review."""
    return appoint_staff(
        username="both",
        name="兼",
        unit=hq,
        roles=["risk_manager", "chief_risk_officer"],
        password="both-cast-2026!",
    )


def test_whoever_disposed_does_not_review(red, both_hats):
    through_the_loop(red, handler=both_hats, reviewer=both_hats, until="disposed")
    with pytest.raises(NotPermitted) as refusal:
        review_warning(warning=red, is_accepted=True, remark="Fine", by=both_hats, at=AT)
    assert refusal.value.code == "handler_is_reviewer"


def test_whoever_disposed_does_not_close(red, both_hats, chief_chen):
    through_the_loop(red, handler=both_hats, reviewer=chief_chen, until="reviewed")
    with pytest.raises(NotPermitted):
        close_warning(warning=red, remark="Fine", by=both_hats, at=AT)


def test_the_database_refuses_a_handler_as_reviewer(red, manager_lin):
    with pytest.raises(IntegrityError, match="handler_is_not_reviewer"), transaction.atomic():
        RiskWarning.objects.filter(pk=red.pk).update(
            handled_by=manager_lin, reviewed_by=manager_lin
        )


@pytest.mark.parametrize("action", ["acknowledge", "dispose"])
def test_a_reviewer_does_not_handle(red, manager_lin, chief_chen, action):
    if action == "dispose":
        through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until="acknowledged")
    with pytest.raises(NotPermitted):
        ACTIONS[action](red, chief_chen, chief_chen)


def test_a_branch_does_not_handle_head_offices_or_another_branchs(hq, beijing, stranger_gu):
    watched_month(month=JANUARY, overdue="0.30", slices=[{"unit": beijing, "overdue": "0.30"}])
    for warning in RiskWarning.objects.all():
        with pytest.raises(NotPermitted):
            acknowledge_warning(warning=warning, by=stranger_gu, at=AT)


def test_a_returned_disposal_goes_back_to_its_handler(red, manager_lin, chief_chen):
    through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until="disposed")
    ACTIONS["return"](red, manager_lin, chief_chen)
    ACTIONS["dispose"](red, manager_lin, chief_chen)
    red.refresh_from_db()
    assert (red.state, red.reviewed_by) == ("disposed", None)


def test_a_step_needs_words(red, manager_lin, chief_chen):
    through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until="acknowledged")
    with pytest.raises(RuleBroken) as refusal:
        dispose_warning(warning=red, measure=Measure.WATCH, remark="  ", by=manager_lin, at=AT)
    assert refusal.value.field == "remark"
    red.refresh_from_db()
    assert red.state == "acknowledged"


# closing


def test_closing_needs_good_month_ends_and_evidence_and_names_both(hq, manager_lin, chief_chen):
    red = red_month()
    for action in ("acknowledge", "dispose", "review"):
        ACTIONS[action](red, manager_lin, chief_chen)
    with pytest.raises(RuleBroken) as refusal:
        ACTIONS["close"](red, manager_lin, chief_chen)
    assert len(refusal.value.context["findings"]) == 2
    good_months(after=JANUARY)
    with pytest.raises(RuleBroken) as refusal:
        ACTIONS["close"](red, manager_lin, chief_chen)
    assert len(refusal.value.context["findings"]) == 1
    let_lift(chief_chen, at=AT)
    close_warning(
        warning=red,
        remark="Good",
        evidence=evidence(),
        evidence_name="proof.txt",
        by=chief_chen,
        at=AT,
    )
    red.refresh_from_db()
    assert red.state == "closed"


def test_evidence_of_another_size_than_allowed_is_refused(red, manager_lin, chief_chen):
    class Endless:
        def read(self, size):
            return b"x" * size

    through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until="acknowledged")
    with pytest.raises(RuleBroken, match="20 MiB"):
        dispose_warning(
            warning=red,
            measure=Measure.WATCH,
            remark="big",
            evidence=Endless(),
            evidence_name="big.bin",
            by=manager_lin,
            at=AT,
        )


# controls


def test_red_suspends_exactly_its_slice_until_its_loop_is_closed(
    hq, beijing, manager_lin, chief_chen
):
    slices = [{"dimension": Dimension.CHANNEL, "value": "线上", "overdue": "0.30"}]
    watched_month(month=JANUARY, overdue="0.14", slices=slices)
    warning = RiskWarning.objects.get()
    with pytest.raises(RuleBroken):
        quote(beijing)
    assert quote(beijing, channel="门店") == ()
    good_months(after=JANUARY)
    with pytest.raises(RuleBroken):
        quote(beijing)
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen, until="reviewed")
    with pytest.raises(RuleBroken):
        quote(beijing)
    close_warning(warning=warning, remark="Good again", by=chief_chen, at=AT)
    assert quote(beijing) == ()
    control = Control.objects.get()
    assert (control.set_by_warning, control.lifted_by) == (warning.pk, chief_chen)


def test_PRE_11c_whoever_holds_no_grant_does_not_lift_what_a_warning_set(
    hq, beijing, manager_lin, chief_chen, director_zhao
):
    slices = [{"dimension": Dimension.PRODUCT, "value": "车贷", "overdue": "0.30"}]
    watched_month(month=JANUARY, overdue="0.14", slices=slices)
    warning = RiskWarning.objects.get()
    good_months(after=JANUARY)
    acknowledge_warning(warning=warning, by=manager_lin, at=AT)
    ACTIONS["dispose"](warning, manager_lin, chief_chen)
    ACTIONS["review"](warning, manager_lin, chief_chen)
    let_lift(director_zhao, at=AT, products=("车贷",))
    let_lift(chief_chen, at=AT, products=("房贷",))
    close = {"warning": warning, "remark": "Good", "evidence_name": "e.txt", "at": AT}
    with pytest.raises(NotPermitted) as refusal:
        close_warning(**close, evidence=evidence(), by=chief_chen)
    assert refusal.value.code == "no_authority"
    assert [each for each in refusal.value.context["findings"] if "房贷" in each]
    assert director_zhao.name in refusal.value.message
    warning.refresh_from_db()
    assert (warning.state, Control.objects.live().count()) == ("reviewed", 1)
    close_warning(**close, evidence=evidence(), by=director_zhao)
    decision = SignedDecision.objects.get()
    assert (decision.subject_type, decision.maker, decision.signer) == (
        "underwriting.control",
        manager_lin,
        director_zhao,
    )
    assert decision.authority["grant"]["products"] == ["车贷"]


def test_a_grant_that_was_revoked_one_second_earlier_lifts_nothing(
    red, manager_lin, chief_chen, director_zhao
):
    through_the_loop(red, handler=manager_lin, reviewer=chief_chen, until="reviewed")
    grant = chief_chen.grants.get()
    revoke_grant(grant=grant, by=director_zhao, at=AT - dt.timedelta(seconds=1), reason="over")
    with pytest.raises(NotPermitted):
        close_warning(warning=red, remark="Good", by=chief_chen, at=AT)
    assert Control.objects.live().exists()


def test_PRE_12e_who_names_the_lender_as_employer_takes_no_step_with_its_warning(
    hq, manager_lin, chief_chen
):
    lender = Lender.objects.create(code="L1", name="测试银行")
    slices = [{"dimension": Dimension.LENDER, "value": lender.code, "overdue": "0.30"}]
    watched_month(month=JANUARY, overdue="0.14", slices=slices)
    warning = RiskWarning.objects.get()
    declare_relation(
        kind="employment", colleague=None, name="", identity_kind="employer", value="测试银行",
        valid_from=JANUARY, by=manager_lin, at=AT,
    )  # fmt: skip
    with pytest.raises(NotPermitted) as refusal:
        acknowledge_warning(warning=warning, by=manager_lin, at=AT)
    assert refusal.value.code == "recused"
    entry = RecusalEntry.objects.get()
    assert (entry.subject_type, entry.subject_id, entry.case) == (
        "postloss.riskwarning",
        str(warning.pk),
        None,
    )
    assert (entry.person, entry.stage, entry.unit) == (manager_lin, "assignment", warning.unit)


@pytest.mark.parametrize(
    ("overdue", "kind", "factor"),
    [
        ("0.16", "freeze_loosening", None),
        ("0.21", "cut_line", Decimal("0.5")),
        ("0.26", "suspend", None),
    ],
)
def test_each_level_sets_its_control(hq, overdue, kind, factor):
    watched_month(month=JANUARY, overdue=overdue)
    control = Control.objects.get()
    assert (control.kind, control.factor) == (kind, factor)


def test_a_falling_level_leaves_the_control_as_strict_as_it_was(hq):
    red_month()
    for number in (2, 3):
        watched_month(month=JANUARY.replace(month=number), overdue="0.16")
    assert Control.objects.live().get().kind == "suspend"


def test_an_old_book_sets_no_control_on_new_business(hq):
    slices = [{"dimension": Dimension.VINTAGE, "value": "2017Q1", "overdue": "0.50"}]
    _, counts = watched_month(month=JANUARY, slices=slices)
    assert counts["red"] == 1
    assert not Control.objects.exists()


def test_the_next_warning_on_the_slice_keeps_it_controlled(hq, manager_lin, chief_chen):
    watched_month(month=JANUARY, overdue="0.30", tail="0.05")
    rate, tail = (
        RiskWarning.objects.get(indicator=name) for name in ("overdue_rate", "tail_share")
    )
    good_months(after=JANUARY)
    through_the_loop(rate, handler=manager_lin, reviewer=chief_chen)
    live = Control.objects.live().get()
    assert (live.kind, live.set_by_warning) == ("cut_line", tail.pk)
    through_the_loop(tail, handler=manager_lin, reviewer=chief_chen)
    assert not Control.objects.live().exists()


def test_a_restated_old_month_does_not_suspend_today(hq):
    watched_month(month=JANUARY)
    good_months(after=JANUARY)
    watched_month(month=JANUARY, version=2, overdue="0.30")
    assert RiskWarning.objects.get().level == "red"
    assert not Control.objects.exists()


# clocks


@pytest.mark.parametrize(("overdue", "hours"), [("0.26", 24), ("0.21", 48), ("0.16", 72)])
def test_the_first_clock_depends_on_the_level(hq, overdue, hours):
    watched_month(month=JANUARY, overdue=overdue)
    assert RiskWarning.objects.get().due_at == AT + hours * HOUR


def test_each_state_has_its_clock(red, manager_lin, chief_chen):
    let_lift(chief_chen, at=AT)
    due = {"acknowledged": 5 * DAY, "disposed": 5 * DAY, "reviewed": 90 * DAY, "closed": None}
    for state, action in zip(due, ("acknowledge", "dispose", "review", "close"), strict=True):
        if action == "close":
            close_warning(
                warning=red,
                remark="Good",
                evidence=evidence(),
                evidence_name="e",
                by=chief_chen,
                at=AT,
            )
        else:
            ACTIONS[action](red, manager_lin, chief_chen)
        red.refresh_from_db()
        assert red.due_at == (None if due[state] is None else AT + due[state])


def test_a_clock_that_ran_out_escalates_once(red, manager_lin):
    assert escalate_overdue_warnings(at=AT + 24 * HOUR) == 0
    late = AT + 25 * HOUR
    assert escalate_overdue_warnings(at=late) == 1
    assert escalate_overdue_warnings(at=late + HOUR) == 0
    red.refresh_from_db()
    assert (red.escalated_at, red.state) == (late, "open")
    step = red.steps.get(action="escalate")
    assert (step.by, step.due_at, step.is_late) == (None, AT + 24 * HOUR, True)


def test_the_next_step_starts_a_new_clock(red, manager_lin):
    escalate_overdue_warnings(at=AT + 25 * HOUR)
    acknowledge_warning(warning=red, by=manager_lin, at=AT + 26 * HOUR)
    red.refresh_from_db()
    assert red.escalated_at is None
    assert red.steps.get(action="acknowledge").is_late is True
    assert escalate_overdue_warnings(at=AT + 26 * HOUR + 6 * DAY) == 1
