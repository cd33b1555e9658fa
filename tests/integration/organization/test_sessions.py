"""Sessions: both ends, kill, a stolen key, what ends them at once (A6), and what they cost."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.urls import reverse

from core import clock
from core.errors import Missing, NotPermitted
from core.models import RegulatoryParameter
from organization.adapters.sessions import SessionStore, digest_of
from organization.models import Role, StaffSession
from organization.selectors.sign_in import security_log, session_of
from organization.services.passwords import change_password
from organization.services.sessions import end_session, end_sessions_of
from organization.tasks import clear_sessions
from tests.integration.organization.conftest import PASSWORD, PHONE, SECRET, forget_codes
from tests.totp import code_now

HOME, LOGIN = "/", "/login/"


def is_in(client):
    return client.get(HOME).status_code == 200


def row_of(client):
    return StaffSession.objects.get(key_digest=digest_of(client.cookies["sessionid"].value))


def age(client, *, seen=0, created=0):
    """Let a session be older by minutes, as the clock would."""
    row = row_of(client)
    back, ago = dt.timedelta(minutes=created), dt.timedelta(minutes=seen)
    idle = row.expires_at - row.seen_at
    row.created_at -= back
    row.ends_at -= back
    row.seen_at -= ago
    row.expires_at = min(row.seen_at + idle, row.ends_at)
    row.save()


def test_crm_38_an_idle_session_ends_after_the_parameter_and_not_before(lin, sign_in):
    client = sign_in(lin)
    age(client, seen=14)
    assert is_in(client)
    assert clock.now() - row_of(client).seen_at < dt.timedelta(minutes=1)
    age(client, seen=15)
    assert not is_in(client)


def test_crm_38_activity_does_not_put_off_the_absolute_end(lin, sign_in):
    client = sign_in(lin)
    age(client, seen=2, created=12 * 60 - 5)
    assert is_in(client)
    age(client, created=5)
    assert not is_in(client)


def test_crm_38_a_changed_idle_time_binds_running_sessions(lin, sign_in):
    client = sign_in(lin)
    RegulatoryParameter.objects.filter(name="security.idle_minutes").update(value=5)
    age(client, seen=2)
    assert is_in(client)
    age(client, seen=5)
    assert not is_in(client)


def test_last_seen_is_written_at_most_once_a_minute(lin, sign_in, django_assert_num_queries):
    client = sign_in(lin)
    first = row_of(client).seen_at
    client.get("/jobs/badge/")
    assert row_of(client).seen_at == first
    with django_assert_num_queries(5):  # session, person, roles, unit, jobs: as without any of this
        client.get("/jobs/badge/")


def test_the_key_of_a_session_does_not_stand_in_the_database(lin, sign_in):
    key = sign_in(lin).cookies["sessionid"].value
    assert not StaffSession.objects.filter(key_digest=key).exists()
    sealed = bytes(StaffSession.objects.get(staff=lin).sealed_data)
    assert b"_auth_user" not in sealed


def test_a_session_altered_in_the_database_is_nobodys(lin, sign_in):
    client = sign_in(lin)
    row = row_of(client)
    row.sealed_data = bytes(row.sealed_data)[:-1] + b"x"
    row.save()
    assert not is_in(client)


def test_the_cookie_lives_with_the_browser_and_is_for_the_server_alone(lin, sign_in):
    cookie = sign_in(lin).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == cookie["expires"] == ""


# A6: a stolen or an ended session


def test_a6_a_key_on_another_device_ends_the_session_for_both(lin, sign_in, browser):
    client, thief = sign_in(lin), browser(PHONE)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert not is_in(thief)
    assert not is_in(client)
    assert security_log(action="sign_in.stolen").get().object_id == str(lin.pk)


def test_a6_a_key_on_another_network_asks_for_the_second_factor(lin, sign_in, browser):
    client, other = sign_in(lin), browser(address="10.8.8.8")
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    assert other.get("/jobs/").headers["Location"] == "/second-factor/confirmation/?next=%2Fjobs%2F"
    assert other.post("/sessions/others/ending/").status_code == 302
    assert StaffSession.objects.filter(staff=lin).count() == 1
    forget_codes(lin)
    answer = other.post(
        "/second-factor/confirmation/", {"code": code_now(SECRET), "next": "/jobs/"}
    )
    assert answer.headers["Location"] == "/jobs/"
    assert is_in(other)


def test_a6_a_key_after_signing_out_opens_nothing(lin, sign_in, browser):
    client, thief = sign_in(lin), browser()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post(reverse("desk:logout"))
    assert not is_in(thief)
    assert security_log(action="sign_in.signed_out").get().by == lin


def test_a6_a_changed_password_signs_out_everywhere_but_here(lin, sign_in):
    here, there = sign_in(lin), sign_in(lin)
    words = {"old": PASSWORD, "new": "Another-2026-long", "again": "Another-2026-long"}
    assert here.post("/password/", words).headers["Location"] == "/sessions/"
    assert is_in(here)
    assert not is_in(there)


def test_a6_a_password_changed_by_a_service_signs_out_everywhere(lin, sign_in):
    client = sign_in(lin)
    change_password(staff=lin, old=PASSWORD, new="Another-2026-long", at=clock.now())
    assert not is_in(client)


def test_a6_a_disabled_person_is_out_at_once(lin, sign_in):
    client = sign_in(lin)
    lin.is_active = False
    lin.save()
    assert not is_in(client)
    assert not StaffSession.objects.filter(staff=lin).exists()


@pytest.mark.parametrize("change", ["add", "remove", "clear", "reverse"])
def test_a6_a_changed_role_signs_out_everywhere(lin, sign_in, change):
    client, role = sign_in(lin), Role.objects.get(code="auditor")
    if change == "add":
        lin.roles.add(role)
    elif change == "remove":
        lin.roles.remove(lin.roles.get())
    elif change == "clear":
        lin.roles.clear()
    else:
        role.staff.add(lin)
    assert not is_in(client)


def test_a_request_under_way_does_not_bring_an_ended_session_back(lin, sign_in):
    client = sign_in(lin)
    store = SessionStore(client.cookies["sessionid"].value)
    store["x"] = 1
    end_sessions_of(staff=lin, by=None, at=clock.now(), reason="test")
    with pytest.raises(UpdateError):
        store.save()
    assert not is_in(client)


# The list of sessions, and ending them


def test_one_sees_the_own_sessions_and_ends_one(lin, sign_in):
    here, there = sign_in(lin), sign_in(lin)
    page = here.get("/sessions/").content.decode()
    assert page.count("/ending/") == 2  # the other one, and all others
    assert here.post(f"/sessions/{row_of(there).pk}/ending/").headers["Location"] == "/sessions/"
    assert not is_in(there)
    assert is_in(here)
    assert security_log(action="sign_in.session_ended").first().by == lin


def test_ending_all_others_leaves_this_one(lin, sign_in):
    here, there, elsewhere = sign_in(lin), sign_in(lin), sign_in(lin)
    here.post("/sessions/others/ending/")
    assert [is_in(each) for each in (here, there, elsewhere)] == [True, False, False]


def test_somebody_elses_session_is_404_and_stays(lin, chief_chen, enrolled, sign_in):
    client, other = sign_in(enrolled(chief_chen)), sign_in(lin)
    assert client.post(f"/sessions/{row_of(other).pk}/ending/").status_code == 404
    assert is_in(other)
    with pytest.raises(Missing):
        session_of(pk=row_of(other).pk, at=clock.now(), staff=chief_chen)
    with pytest.raises(NotPermitted):
        end_session(session=row_of(other), by=chief_chen, at=clock.now())


def test_the_security_administrator_ends_any_session_and_others_do_not(
    lin, security_shen, sign_in, client
):
    other = sign_in(lin)
    client.force_login(security_shen)
    assert "林风" in client.get("/security/sessions/").content.decode()
    assert "林风" not in client.get("/security/sessions/?name=shen").content.decode()
    client.post(f"/security/sessions/{row_of(other).pk}/ending/")
    assert not is_in(other)


def test_my_sessions_cost_the_same_with_one_and_with_three(lin, sign_in, django_assert_num_queries):
    client = sign_in(lin)
    client.get("/sessions/")
    with django_assert_num_queries(9):
        client.get("/sessions/")
    sign_in(lin), sign_in(lin)
    with django_assert_num_queries(9):
        client.get("/sessions/")


def test_sessions_that_have_run_out_are_cleared(lin, sign_in):
    client = sign_in(lin)
    age(client, seen=20)
    clear_sessions()
    assert not StaffSession.objects.exists()
    call_command("clearsessions")


# CRM-54


def test_crm_54_a_manager_sees_who_of_the_own_unit_is_at_work(
    branch_wang, stranger_gu, lin, underwriter_xu, client
):
    client.force_login(branch_wang)
    page = client.get("/activity/").content.decode()
    assert "徐核" in page
    assert "林风" not in page
    assert "顾沪" not in page
    assert "127.0.0.1" not in page, "no location tracking"
    client.force_login(underwriter_xu)
    assert client.get("/activity/").status_code == 403
