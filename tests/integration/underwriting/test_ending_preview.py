"""Whoever ends a policy sees before what exactly will happen: PRE-41c, PRE-34a."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import Conflict, RuleBroken
from underwriting.selectors.endings import ending_preview
from underwriting.services.endings import end_policy, refund_owed
from underwriting.services.premiums import move_premiums

pytestmark = pytest.mark.django_db
D = Decimal
ON = dt.date(2026, 9, 2)


@pytest.fixture
def paid(counter):
    policy = counter.issue(terms=counter.terms(mode="single"))
    counter.pay(policy, policy.premium, on=dt.date(2026, 3, 2))
    return policy


@pytest.fixture
def address(paid):
    return reverse("underwriting:policy_end", args=[paid.pk])


def words(**more):
    return {"action": "surrender", "on": ON.isoformat(), "reason": "客户退保"} | more


def test_PRE_41c_what_was_shown_is_what_happens_to_the_fen(counter, paid):
    preview = ending_preview(policy=paid, action="surrender", on=ON)
    left, whole = (paid.cover_to - ON).days, (paid.cover_to - paid.cover_from).days
    assert preview.refund == round(paid.premium * left / whole, 2)
    assert preview.refund + preview.kept == paid.premium
    assert preview.steps[0].working == f"{paid.premium} × {left}/{whole} = {preview.refund}"
    assert preview.status == "surrendered"
    ended = end_policy(
        action="surrender", policy=paid, on=ON, by=counter.issuer, at=counter.at, reason="退保",
        seen=preview.mark,
    )  # fmt: skip
    assert refund_owed(policy=ended) == preview.refund
    assert ended.status == preview.status
    assert paid.instalments.get().refunded == preview.refund


def test_instalments_that_have_not_begun_fall_away_and_what_began_stays_owed(counter):
    policy = counter.issue()
    first, second = policy.instalments.order_by("n")[:2]
    on = second.covers_from + dt.timedelta(days=5)
    preview = ending_preview(policy=policy, action="settle", on=on)
    assert preview.refund == 0
    assert preview.owed == first.amount + second.amount
    assert preview.cancelled == policy.premium - preview.owed
    assert [step.ending.basis for step in preview.steps[:3]] == ["over", "running", "not_begun"]


def test_looking_writes_nothing(counter, paid, client, address):
    client.force_login(counter.issuer)
    answer = client.post(address, words(preview="1", reason=""))
    page = answer.content.decode()
    assert answer.status_code == 200
    preview = answer.context["preview"]
    assert f"{preview.refund:,.2f}" in page
    assert preview.steps[0].working in page
    assert f'value="{preview.mark}"' in page
    paid.refresh_from_db()
    assert paid.status == "in_force"


def test_nobody_ends_what_was_not_shown(counter, paid, client, address):
    client.force_login(counter.issuer)
    answer = client.post(address, words())
    assert answer.status_code == 200
    assert "客户退保" in answer.content.decode()
    paid.refresh_from_db()
    assert paid.status == "in_force"


def test_figures_that_moved_are_shown_anew_and_nothing_typed_is_lost(counter, client):
    policy = counter.issue()
    address = reverse("underwriting:policy_end", args=[policy.pk])
    client.force_login(counter.issuer)
    seen = client.post(address, words(preview="1")).context["preview"]
    counter.pay(policy, "100.00", on=dt.date(2026, 3, 5))  # meanwhile
    answer = client.post(address, words(seen=seen.mark))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "数据已有变动" in page
    assert "客户退保" in page
    fresh = answer.context["preview"]
    assert fresh.mark != seen.mark
    assert f'value="{fresh.mark}"' in page
    policy.refresh_from_db()
    assert policy.status == "in_force"
    assert client.post(address, words(seen=fresh.mark)).status_code == 302
    policy.refresh_from_db()
    assert policy.status == "surrendered"


def test_another_day_than_the_one_shown_is_refused(counter, paid):
    preview = ending_preview(policy=paid, action="surrender", on=ON)
    with pytest.raises(Conflict):
        end_policy(
            action="surrender", policy=paid, on=ON + dt.timedelta(days=1), by=counter.issuer,
            at=counter.at, reason="x", seen=preview.mark,
        )  # fmt: skip


def test_a_lapse_without_overdue_premium_is_refused_before_and_in_the_act(counter, client):
    policy = counter.issue()
    address = reverse("underwriting:policy_end", args=[policy.pk])
    client.force_login(counter.issuer)
    answer = client.post(address, words(action="lapse", preview="1"))
    assert answer.status_code == 422
    assert "终止保单</button>" not in answer.content.decode()
    with pytest.raises(RuleBroken):
        end_policy(
            action="lapse", policy=policy, on=ON, by=counter.issuer, at=counter.at, reason="x"
        )
    move_premiums(through=dt.date(2026, 6, 30), by=None, at=counter.at)
    assert client.post(address, words(action="lapse", preview="1")).status_code == 200


def test_a_short_rate_table_is_shown_with_the_step_that_holds(counter, paid):
    version = paid.product_version
    version.refund_rule = {
        "kind": "short_rate",
        "table": [{"until": "0.25", "kept": "0.5"}, {"until": "0.75", "kept": "0.8"}],
    }  # of the object alone: what was sold is frozen
    preview = ending_preview(policy=paid, action="surrender", on=ON)
    assert preview.refund == round(paid.premium * D("0.2"), 2)
    assert preview.steps[0].working.endswith(f"{paid.premium} × (1 − 80%) = {preview.refund}")
    assert "75%" in preview.rule


def test_an_ended_policy_says_so(counter, paid, client, address):
    client.force_login(counter.issuer)
    seen = client.post(address, words(preview="1")).context["preview"].mark
    client.post(address, words(seen=seen))
    answer = client.post(address, words(seen=seen))
    assert answer.status_code == 409
    assert "不再有效" in answer.content.decode() or "已终止" in answer.content.decode()
