"""The security log, the limits of roles, and that every page keeps the content policy."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.enums import ApprovalStatus
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from organization.models import Role, SignInPolicy
from organization.selectors.sign_in import policies_in_force
from organization.services import appoint_staff
from organization.services.sign_in_policies import approve_sign_in_policy, propose_sign_in_policy
from tests.integration.desk.test_doors import addresses

LIMITS = "/security/limits/"


def propose(by, role="risk_manager", **words):
    given = {"devices": ["pc"], "opens_at": None, "closes_at": None, "networks": []}
    given |= {"valid_from": clock.today(), "reason": "例行"} | words
    return propose_sign_in_policy(role=Role.objects.get(code=role), **given, by=by, at=clock.now())


# Limits, by two


def test_crm_37_limits_are_proposed_by_one_and_approved_by_another(
    security_shen, chief_zheng, client
):
    client.force_login(security_shen)
    role = Role.objects.get(code="branch_manager")
    words = {"role": role.pk, "devices": ["pc"], "opens_at": "08:00", "closes_at": "20:00"}
    words |= {"networks": "北京  10.1.0.0/16\n\n", "valid_from": clock.today(), "reason": "例行"}
    assert client.post(f"{LIMITS}proposal/", words).headers["Location"] == LIMITS
    policy = SignInPolicy.objects.get()
    assert policy.networks == ["北京 10.1.0.0/16"]
    assert not policies_in_force(as_of=clock.today()).exists()
    assert client.post(f"{LIMITS}{policy.pk}/approval/").status_code == 403
    client.force_login(chief_zheng)
    assert client.post(f"{LIMITS}{policy.pk}/approval/").headers["Location"] == LIMITS
    assert policies_in_force(as_of=clock.today()).get() == policy


def test_maker_and_checker_are_two_in_the_database_too(security_shen):
    policy = propose(security_shen)
    policy.status, policy.approved_by = ApprovalStatus.APPROVED, security_shen
    policy.approved_at = clock.now()
    with pytest.raises(IntegrityError, match="sign_in_policy_two_people"), transaction.atomic():
        policy.save()


def test_new_limits_end_those_before_and_are_approved_once(security_shen, chief_zheng):
    tomorrow = clock.today() + dt.timedelta(days=1)
    first, second = propose(security_shen), propose(security_shen, valid_from=tomorrow)
    approve_sign_in_policy(policy=first, by=chief_zheng, at=clock.now())
    approve_sign_in_policy(policy=second, by=chief_zheng, at=clock.now())
    first.refresh_from_db()
    assert first.valid_to == tomorrow
    with pytest.raises(WrongState):
        approve_sign_in_policy(policy=second, by=chief_zheng, at=clock.now())
    with pytest.raises(Conflict):
        approve_sign_in_policy(policy=propose(security_shen), by=chief_zheng, at=clock.now())


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"devices": []}, "devices"),
        ({"opens_at": "half"}, "opens_at"),
        ({"networks": ["10.1.0.0/16"]}, "networks"),
        ({"reason": " "}, "reason"),
        ({"valid_from": "past"}, "valid_from"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused(security_shen, words, field):
    half = {"opens_at": dt.time(8)} if words.get("opens_at") else {}
    past = {"valid_from": dt.date(2020, 1, 1)} if words.get("valid_from") else {}
    with pytest.raises(RuleBroken) as refusal:
        propose(security_shen, **(words | half | past))
    assert refusal.value.field == field


def test_nobody_else_proposes_or_approves_limits(manager_lin, security_shen, auditor_he):
    with pytest.raises(NotPermitted):
        propose(manager_lin)
    with pytest.raises(NotPermitted):
        approve_sign_in_policy(policy=propose(security_shen), by=auditor_he, at=clock.now())


# Who sees what


@pytest.fixture
def cast(request):
    names = ("manager_lin", "chief_chen", "security_shen", "system_han", "chief_zheng")
    people = [request.getfixturevalue(name) for name in (*names, "branch_wang")]
    return {staff.username: staff for staff in people}


SECURITY = {
    "desk:security_log": {"shen"},
    "desk:live_sessions": {"shen"},
    "desk:policies": {"shen", "zheng"},
    "desk:policy_proposal": {"shen"},
    "desk:sign_in_reset": {"shen"},
    "desk:activity": {"lin", "chen", "wang"},
}


@pytest.mark.parametrize("name", sorted(SECURITY))
def test_pages_of_the_door_open_to_whom_they_concern(client, name, cast):
    opened = set()
    for staff in cast.values():
        client.force_login(staff)
        answer = client.get(reverse(name))
        assert answer.status_code in {200, 403}
        if answer.status_code == 200:
            opened.add(staff.username)
    assert opened == SECURITY[name]


@pytest.mark.parametrize("path", ["/security/log/", "/security/sessions/", LIMITS])
def test_lists_cost_the_same_with_one_and_with_three(client, cast, path, django_assert_num_queries):
    security_shen, manager_lin, chief_chen = cast["shen"], cast["lin"], cast["chen"]

    def fill(staff):
        Client().post("/login/", {"username": staff.username, "password": "x"})
        other = type(client)()
        other.force_login(staff)
        propose(security_shen)

    fill(manager_lin)
    client.force_login(security_shen)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    cost = len(queries)
    fill(chief_chen)
    fill(manager_lin)
    with django_assert_num_queries(cost):
        client.get(path)


def test_the_log_is_filtered_and_counts_alerts_of_a_day(client, security_shen, manager_lin):
    Client().post("/login/", {"username": "lin", "password": "x"})
    Client().post("/login/", {"username": "nobody", "password": "x"})
    client.force_login(security_shen)
    page = client.get("/security/log/?action=sign_in.failed")
    assert [event.staff for event in page.context["events"]] == [None, manager_lin]
    assert [number for _word, _action, number in page.context["counts"]] == [2]
    assert "未知用户名" in page.content.decode()
    assert client.get("/security/log/?action=sign_in.locked").context["events"] == []


def test_alerts_at_the_door_stand_on_the_workbench_of_security_alone(
    client, security_shen, manager_lin
):
    client.force_login(security_shen)
    assert "登录告警" in client.get("/").content.decode()
    client.force_login(manager_lin)
    assert "登录告警" not in client.get("/").content.decode()


# The content policy, CSRF, framing


@pytest.fixture
def everybody(hq):
    roles = list(Role.objects.values_list("code", flat=True))
    return appoint_staff(username="all", name="全权", unit=hq, roles=roles, password="all-2026!")


def test_every_page_has_the_strict_content_policy(client, everybody):
    strict = {"default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"}
    client.force_login(everybody)
    seen, loose = {}, {}
    for name, path in sorted(addresses()):
        if name == "desk:logout":
            continue
        answer = client.get(path)
        seen[name] = answer.status_code
        policy = {each.strip() for each in answer.headers["Content-Security-Policy"].split(";")}
        scripts = next(each for each in policy if each.startswith("script-src"))
        is_strict = policy >= strict and "unsafe" not in scripts and "'self'" in scripts
        if not is_strict or answer.headers["X-Frame-Options"] != "DENY":
            loose[name] = sorted(policy)
    assert len(seen) > 60
    assert [name for name, status in seen.items() if status >= 500] == []
    assert set(seen.values()) >= {200, 404, 405}
    assert set(loose) <= {"reporting:file"}  # what the browser's own viewer of PDFs needs


@pytest.mark.parametrize(
    "path",
    ["/login/", "/sessions/others/ending/", "/password/", "/security/reset/", "/logout/"],
)
def test_a13_a_form_without_its_token_changes_nothing(everybody, client, path):
    client.force_login(everybody)
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {"x": "y"}).status_code == 403
    client.handler.enforce_csrf_checks = False
    assert client.get("/").status_code == 200


def test_pages_at_the_door_are_never_kept_by_a_cache(client, db):
    assert "no-store" in client.get("/login/").headers["Cache-Control"]
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
