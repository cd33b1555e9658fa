"""Step-up: what moves money or releases a report asks for a fresh second factor."""

import datetime as dt

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from core import clock
from core.enums import ApprovalStatus
from core.models import RegulatoryParameter
from organization.services.step_up import FACT
from postloss.models import ThresholdSet
from postloss.selectors.thresholds import lines_of, threshold_set_in_force
from postloss.services.thresholds import propose_thresholds
from tests.integration.organization.conftest import SECRET, forget_codes
from tests.totp import code_now

GUARDED = {
    "desk:policy_approval",
    "desk:sign_in_reset",
    "ledger:sign_off",
    "postloss:threshold_approval",
    "reporting:release",
}


def addresses(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


def test_these_steps_and_no_fewer_ask_for_a_fresh_second_factor():
    found = {name for name, view in addresses() if _is_guarded(view)}
    assert found >= GUARDED


def _is_guarded(view):
    while view is not None:
        if getattr(view, "needs_fresh_second_factor", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@pytest.fixture
def proposal(manager_lin) -> ThresholdSet:
    in_force = threshold_set_in_force(as_of=clock.today())
    lines = list(lines_of(threshold_set=in_force).values())
    return propose_thresholds(
        valid_from=clock.today() + dt.timedelta(days=1),
        title="例行",
        reason="例行",
        source="会议纪要",
        lines=lines,
        by=manager_lin,
        at=clock.now(),
    )


@pytest.fixture
def chen(chief_chen, enrolled):
    return enrolled(chief_chen)


def grow_stale(client, minutes=10):
    session = client.session
    session[FACT] = session[FACT] | {"at": session[FACT]["at"] - 60 * minutes}
    session.save()


def approve(client, proposal):
    return client.post(reverse("postloss:threshold_approval", args=[proposal.pk]))


def test_a_fresh_second_factor_lets_the_step_pass(chen, sign_in, proposal):
    client = sign_in(chen)
    assert approve(client, proposal).headers["Location"].endswith(f"/{proposal.pk}/")
    proposal.refresh_from_db()
    assert proposal.status == ApprovalStatus.APPROVED


def test_a_stale_one_asks_and_then_carries_the_step_out(chen, sign_in, proposal):
    client = sign_in(chen)
    grow_stale(client)
    asked = approve(client, proposal).headers["Location"]
    proposal.refresh_from_db()
    assert asked.startswith("/second-factor/confirmation/?next=")
    assert proposal.status == ApprovalStatus.UNAPPROVED
    page = client.get(asked)
    forget_codes(chen)
    words = {"code": code_now(SECRET), "next": page.context["redirect_field_value"]}
    answer = client.post(reverse("mfa_reauthenticate"), words)
    assert answer.headers["Location"].endswith(f"/{proposal.pk}/")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.approved_by) == (ApprovalStatus.APPROVED, chen)


def test_a_wrong_code_carries_nothing_out(chen, sign_in, proposal):
    client = sign_in(chen)
    grow_stale(client)
    asked = approve(client, proposal).headers["Location"]
    client.get(asked)
    assert client.post(asked, {"code": "000"}).status_code == 200
    proposal.refresh_from_db()
    assert proposal.status == ApprovalStatus.UNAPPROVED


def test_wrong_codes_at_a_step_end_the_session(chen, sign_in, proposal):
    client = sign_in(chen)
    grow_stale(client)
    asked = approve(client, proposal).headers["Location"]
    answers = [client.post(asked, {"code": "000"}).status_code for _ in range(5)]
    assert answers[-1] == 429
    assert client.get("/").status_code == 302


def test_how_fresh_is_a_parameter(chen, sign_in, proposal):
    client = sign_in(chen)
    grow_stale(client, minutes=10)
    RegulatoryParameter.objects.filter(name="security.step_up_minutes").update(value=11)
    approve(client, proposal)
    proposal.refresh_from_db()
    assert proposal.status == ApprovalStatus.APPROVED


def test_a_confirmation_leads_to_no_other_host(chen, sign_in):
    client = sign_in(chen)
    forget_codes(chen)
    words = {"code": code_now(SECRET), "next": "https://evil.test/"}
    assert client.post(reverse("mfa_reauthenticate"), words).headers["Location"] == "/"


def test_a_fragment_is_led_to_the_page_that_asks(chen, sign_in, proposal):
    client = sign_in(chen)
    grow_stale(client)
    here = f"http://testserver/thresholds/{proposal.pk}/"
    answer = client.post(
        reverse("postloss:threshold_approval", args=[proposal.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": here},
    )
    assert answer.headers["HX-Redirect"].startswith("/second-factor/confirmation/?next=%2Fthresh")
