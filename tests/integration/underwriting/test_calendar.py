"""What the calendar brings to policies: days, cessions, reserves before a month is closed."""

import datetime as dt
from decimal import Decimal

import pytest

from core.money import round_fen
from core.months import month_end
from ledger.models import Entry
from ledger.services import close_period, prepare_closing
from tests.factories import cessions
from tests.integration.underwriting.test_policy_money import book, check_ties, first
from underwriting.models import Bordereau, BordereauPremium, CessionLine
from underwriting.rules.premiums import unearned
from underwriting.services.calendar import prepare_month, run_day
from underwriting.services.cessions import cede_premiums
from underwriting.services.endings import end_policy
from underwriting.services.instalments import held_instalments

pytestmark = pytest.mark.django_db
D = Decimal
QUARTER = D("0.25")
LATER = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
APRIL, MAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)


@pytest.fixture
def ceding(counter):
    """A counter whose policies cede a quarter, with a commission of 30 %."""
    cessions.treaty(cessions.draft(), by=counter.drafter, checker=counter.reviewer, at=counter.at)
    return counter


def net_due(policy, through):
    found = policy.instalments.filter(due_on__lte=through)
    return sum((each.amount - each.vat for each in found), D(0))


def end(counter, policy, on):
    words = {"by": counter.issuer, "at": counter.at, "reason": "客户申请"}
    return end_policy(action="surrender", policy=policy, on=on, **words)


def test_PRE_41c_a_day_lets_premiums_fall_due_and_cover_run_out(counter):
    policy = counter.issue()
    run_day(today=first(policy).due_on, at=counter.at)
    assert first(policy).stage == "due"
    entries = Entry.objects.count()
    run_day(today=first(policy).due_on, at=counter.at)
    assert Entry.objects.count() == entries
    run_day(today=policy.cover_to, at=counter.at)
    policy.refresh_from_db()
    assert policy.status == "expired"
    check_ties()


def test_a_policy_has_its_lines_from_its_issue_on(ceding):
    policy = ceding.issue()
    line = CessionLine.objects.get(policy_no=policy.policy_no)
    assert (line.share, line.valid_from, line.valid_to) == (
        QUARTER, policy.cover_from, policy.cover_to,
    )  # fmt: skip
    assert book("6541") == {}  # no premium is due yet


def test_what_no_treaty_takes_leaves_no_bordereau(counter):
    counter.issue()
    assert not Bordereau.objects.exists()


def test_PRE_02b_what_fell_due_is_ceded_once(ceding):
    policy = ceding.issue()
    last = month_end(MAY)
    cede_premiums(through=last, by=None, at=ceding.at)
    due = net_due(policy, last)
    assert book("6541") == {policy.policy_no: round_fen(due * QUARTER)}
    assert BordereauPremium.objects.get().premium == due
    assert cede_premiums(through=last, by=None, at=ceding.at) is None
    cede_premiums(through=month_end(dt.date(2026, 6, 1)), by=None, at=ceding.at)
    told = sum(each.premium for each in BordereauPremium.objects.all())
    assert told == net_due(policy, dt.date(2026, 6, 30))


def test_premium_that_goes_back_is_ceded_back_in_its_own_month(ceding):
    policy = ceding.issue()
    last = month_end(APRIL)
    ceding.pay(policy, policy.premium, on=last)
    end(ceding, policy, MAY + dt.timedelta(days=9))
    cede_premiums(through=last, by=None, at=ceding.at)
    april = net_due(policy, last)
    assert BordereauPremium.objects.get().premium == april  # the end is dated in May
    cede_premiums(through=month_end(MAY), by=None, at=ceding.at)
    kept = sum(
        (
            round_fen((each.amount - each.vat) * (each.amount - each.cancelled - each.refunded)
                      / each.amount)
            for each in policy.instalments.filter(due_on__lte=month_end(MAY))
        ),
        D(0),
    )  # fmt: skip
    assert sum(each.premium for each in BordereauPremium.objects.all()) == kept


def test_F1a_reinsurers_share_what_is_unearned_of_what_was_ceded(ceding):
    policy = ceding.issue(terms=ceding.terms(mode="single"))
    arrears = ceding.issue()
    prepare_month(month=APRIL, by=None, at=LATER)
    lines = held_instalments(policy_ids=[policy.pk])[policy.pk]
    own = unearned(lines, as_of=month_end(APRIL))
    assert own > 0
    assert book("121201") == {policy.policy_no: round_fen(own * QUARTER)}
    assert -book("2601")[arrears.policy_no] > 0  # none of it is due yet, so none is ceded
    entries = Entry.objects.count()
    prepare_month(month=APRIL, by=None, at=LATER)
    assert Entry.objects.count() == entries
    for each in (policy, arrears):
        end(ceding, each, MAY)
    prepare_month(month=MAY, by=None, at=LATER)
    assert book("121201") == {}
    assert book("2601") == {}


def test_a_month_is_closed_with_what_its_policies_bring(ceding, cashier_sun, chief_chen):
    policy = ceding.issue()
    issued = policy.cover_from.replace(day=1)
    prepare_closing(month=issued, by=cashier_sun, at=ceding.at)
    reserve = -book("2601")[policy.policy_no]
    assert reserve > 0
    assert first(policy).stage in {"due", "not_due"}
    close_period(month=issued, by=chief_chen, at=ceding.at)
    assert -book("2601")[policy.policy_no] == reserve
    check_ties()


def test_in_a_month_that_still_runs_nothing_falls_due_early(counter):
    policy = counter.issue()
    one = first(policy)
    day_before = dt.datetime.combine(one.due_on - dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    prepare_month(month=one.due_on.replace(day=1), by=None, at=day_before)
    assert first(policy).stage == "not_due"
    prepare_month(month=one.due_on.replace(day=1), by=None, at=day_before + dt.timedelta(days=1))
    assert first(policy).stage == "due"
