"""Signing in: two factors, forced for all, one sentence for all failures, locks, limits."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import AuditRecord, RegulatoryParameter
from organization.models import StaffSession
from organization.selectors.sign_in import security_log
from organization.services.second_factor import accept_code
from organization.services.sign_in_policies import approve_sign_in_policy, propose_sign_in_policy
from tests.integration.organization.conftest import DESK, PASSWORD, PHONE, SECRET, forget_codes
from tests.totp import code_at, code_now

LOGIN, CODE, HOME = "/login/", "/login/code/", "/"
ENROLMENT = "/second-factor/app/"


def actions(**which):
    return list(security_log(**which).values_list("action", flat=True))


def test_password_and_code_let_one_in(lin, browser):
    client = browser()
    answer = client.post(LOGIN, {"username": "lin", "password": PASSWORD})
    assert answer.headers["Location"] == CODE
    assert client.get(HOME).status_code == 302, "the password alone opens nothing"
    answer = client.post(CODE, {"code": code_now(SECRET)})
    assert answer.headers["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert actions(staff=lin)[0] == "sign_in.succeeded"


def test_a_wrong_code_lets_nobody_in(lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": PASSWORD})
    right = code_now(SECRET)
    answer = client.post(CODE, {"code": f"{(int(right) + 1) % 1_000_000:06}"})
    assert "验证码错误或已使用。" in answer.content.decode()
    assert client.get(HOME).status_code == 302
    assert "sign_in.failed" in actions(staff=lin)


def test_a_code_works_once_and_none_before_it(lin):
    at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    now = int(at.timestamp()) // 30
    for counter, is_taken in ((now, True), (now, False), (now - 1, False), (now + 1, True)):
        row = accept_code(staff=lin, code=code_at(SECRET, counter), at=at)
        assert (row is not None) is is_taken, counter - now
    assert accept_code(staff=lin, code=code_at(SECRET, now + 9), at=at) is None


def test_a_recovery_code_lets_one_in_once(lin, sign_in):
    row = Authenticator.objects.get(user=lin, type="recovery_codes")
    code = row.wrap().get_unused_codes()[0]
    assert sign_in(lin, code=code).get(HOME).status_code == 200
    assert sign_in(lin, code=code).get(HOME).status_code == 302


def test_secrets_of_second_factors_stand_sealed(lin):
    kept = str(list(Authenticator.objects.filter(user=lin).values_list("data", flat=True)))
    codes = Authenticator.objects.get(user=lin, type="recovery_codes").wrap().generate_codes()
    assert SECRET not in kept
    assert [code for code in codes if code in kept] == []


@pytest.mark.parametrize(
    "path", [HOME, "/warnings/", "/sessions/", "/password/", "/second-factor/"]
)
def test_without_a_second_factor_nothing_is_reached_but_its_enrolment(manager_lin, browser, path):
    client = browser()
    answer = client.post(LOGIN, {"username": "lin", "password": "lin-cast-2026!"})
    assert answer.headers["Location"] == HOME
    assert client.get(path).headers["Location"] == ENROLMENT
    assert client.post("/sessions/others/ending/").headers["Location"] == ENROLMENT
    assert client.get(ENROLMENT).status_code == 200
    assert client.get("/second-factor/app/secret.svg").headers["Content-Type"] == "image/svg+xml"


def test_a_fragment_without_a_second_factor_is_led_to_the_page(manager_lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": "lin-cast-2026!"})
    answer = client.get("/jobs/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == ENROLMENT


def test_enrolling_leads_on_to_codes_shown_once_and_to_an_own_password(manager_lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": "lin-cast-2026!"})
    secret = client.get(ENROLMENT).context["form"].secret
    sealed = StaffSession.objects.get(staff=manager_lin)
    assert secret.encode() not in bytes(sealed.sealed_data)
    assert client.post(ENROLMENT, {"code": "000"}).status_code == 200
    answer = client.post(ENROLMENT, {"code": code_now(secret)})
    assert answer.headers["Location"] == "/second-factor/codes/"
    first, second = client.get("/second-factor/codes/"), client.get("/second-factor/codes/")
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert code in first.content.decode()
    assert code not in second.content.decode()
    assert client.get(HOME).headers["Location"] == "/password/", "somebody else set the password"
    words = {"old": "lin-cast-2026!", "new": PASSWORD, "again": PASSWORD}
    assert client.post("/password/", words).headers["Location"] == "/sessions/"
    assert client.get(HOME).status_code == 200
    assert {"sign_in.factor_added", "sign_in.password_changed"} <= set(actions(staff=manager_lin))


def test_the_only_second_factor_stays(lin, sign_in):
    client = sign_in(lin)
    client.post("/second-factor/app/removal/")
    assert Authenticator.objects.filter(user=lin, type="totp").exists()


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_host(lin, browser, wanted):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": PASSWORD, "next": wanted})
    assert client.post(CODE, {"code": code_now(SECRET)}).headers["Location"] == HOME


def test_the_page_asked_for_survives_the_second_factor(lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": PASSWORD, "next": "/jobs/"})
    assert client.post(CODE, {"code": code_now(SECRET)}).headers["Location"] == "/jobs/"


def test_signing_in_takes_a_new_session_key(lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": PASSWORD})
    before = client.cookies["sessionid"].value
    client.post(CODE, {"code": code_now(SECRET)})
    after = client.cookies["sessionid"].value
    assert before != after
    thief = browser()
    thief.cookies["sessionid"] = before
    assert thief.get(HOME).headers["Location"].startswith(LOGIN)


def test_a_foreign_host_is_refused(browser):
    assert browser().get(LOGIN, HTTP_HOST="evil.test").status_code == 400


# Nobody is found out


def test_a15_known_unknown_and_left_names_cost_the_same_and_read_the_same(
    lin, chief_chen, browser, monkeypatch
):
    chief_chen.is_active = False
    chief_chen.save()
    hashed = []
    make = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args: hashed.append(1) or make(self, *args),
    )
    seen = set()
    attempts = (
        ("lin", "wrong"),
        ("nobody", "wrong"),
        ("chen", "wrong"),
        ("chen", "chen-cast-2026!"),
    )
    for number, (name, password) in enumerate(attempts):
        hashed.clear()
        client = browser(address=f"10.0.{number}.1")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(LOGIN, {"username": name, "password": password})
        page = _without_tokens(answer.content.decode()).replace(f'"{name}"', '"NAME"')
        seen.add((answer.status_code, page, len(queries), len(hashed)))
    assert len(seen) == 1, [(each[0], each[2], each[3]) for each in seen]


def _without_tokens(page):
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


# Trying is stopped


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_a14_too_many_wrong_passwords_lock_a_name_known_or_not(lin, browser, name):
    answers = [browser().post(LOGIN, {"username": name, "password": "wrong"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert "用户名或密码错误。" in answers[-1].content.decode()
    assert actions().count("sign_in.failed") == 6
    assert "sign_in.locked" in actions()


def test_a14_a_locked_name_stays_out_with_the_right_password_until_the_time_is_over(lin, browser):
    for _ in range(5):
        browser().post(LOGIN, {"username": "lin", "password": "wrong"})
    right = {"username": "lin", "password": PASSWORD}
    assert browser().post(LOGIN, right).status_code == 429
    RegulatoryParameter.objects.filter(name="security.lockout_minutes").update(value=0)
    assert browser().post(LOGIN, right).headers["Location"] == CODE


def test_a14_wrong_codes_lock_as_wrong_passwords_do(lin, browser):
    client = browser()
    client.post(LOGIN, {"username": "lin", "password": PASSWORD})
    answers = [client.post(CODE, {"code": "x"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(CODE, {"code": code_now(SECRET)}).headers["Location"] == LOGIN
    assert browser().post(LOGIN, {"username": "lin", "password": PASSWORD}).status_code == 429


def test_a14_one_address_is_locked_after_many_names_and_other_addresses_are_not(lin, browser):
    RegulatoryParameter.objects.filter(name="security.attempts_per_address").update(value=10)
    for number in range(10):
        browser().post(LOGIN, {"username": f"n{number}", "password": "wrong"})
    right = {"username": "lin", "password": PASSWORD}
    assert browser().post(LOGIN, right).status_code == 429
    assert browser(address="10.9.9.9").post(LOGIN, right).headers["Location"] == CODE


def test_a_success_forgets_the_failures_of_the_name(lin, browser, sign_in):
    for _ in range(4):
        browser().post(LOGIN, {"username": "lin", "password": "wrong"})
    sign_in(lin)
    for _ in range(4):
        answer = browser().post(LOGIN, {"username": "lin", "password": "wrong"})
    assert answer.status_code == 200


def test_a_typed_name_that_is_nobodys_is_not_kept_in_clear(browser, db):
    browser().post(LOGIN, {"username": "my-secret-password", "password": "x"})
    assert "my-secret" not in str(list(AuditRecord.objects.values()))


# CRM-36, CRM-37: new places and limits


def test_crm_36_a_new_device_and_a_new_network_are_noted_and_shown(lin, browser, sign_in):
    sign_in(lin)
    assert {"sign_in.new_device", "sign_in.new_network"} & set(actions()) == set()
    client = sign_in(lin, browser(PHONE))
    assert "sign_in.new_device" in actions()
    assert "您此前未从此处登录过" in client.get(HOME).content.decode()
    sign_in(lin, browser(address="10.7.7.7"))
    assert "sign_in.new_network" in actions()


@pytest.fixture
def limited(manager_lin, security_shen, chief_zheng):
    """Return a function that puts limits on the role of lin, in force today."""

    def limit(**words):
        given = {"devices": ["pc", "app"], "opens_at": None, "closes_at": None, "networks": []}
        policy = propose_sign_in_policy(
            role=manager_lin.roles.get(),
            **(given | words),
            valid_from=clock.today(),
            by=security_shen,
            at=clock.now(),
            reason="例行",
        )
        return approve_sign_in_policy(policy=policy, by=chief_zheng, at=clock.now())

    return limit


def test_crm_37_a_device_that_the_role_may_not_use_is_refused_and_recorded(
    lin, limited, browser, sign_in
):
    limited(devices=["pc"])
    client = sign_in(lin, browser(PHONE))
    assert "您的角色不得使用此类设备登录。" in client.get(LOGIN).content.decode()
    assert client.get(HOME).status_code == 302
    record = security_log(action="sign_in.denied").get()
    assert record.detail["why"] == "device"
    assert sign_in(lin, browser(DESK)).get(HOME).status_code == 200


def test_crm_37_a_network_outside_the_limits_is_refused(lin, limited, browser, sign_in):
    limited(networks=["北京 10.1.0.0/16"])
    assert sign_in(lin, browser(address="10.2.0.1")).get(HOME).status_code == 302
    assert sign_in(lin, browser(address="10.1.0.1")).get(HOME).status_code == 200


def test_crm_37_limits_bind_a_session_that_began_before_them(lin, limited, sign_in):
    client = sign_in(lin)
    limited(networks=["北京 10.1.0.0/16"])
    StaffSession.objects.update(seen_at=clock.now() - dt.timedelta(minutes=2))
    client.get(HOME)  # the minute is over: limits are taken on
    assert client.get(HOME).headers["Location"] == LOGIN
    assert security_log(action="sign_in.denied").get().detail["why"] == "network"


def test_a_limit_that_refuses_leaves_no_second_factor_behind(lin, limited, browser, sign_in):
    limited(devices=["pc"])
    client = sign_in(lin, browser(PHONE))
    assert "second_factor" not in client.session
    forget_codes(lin)
    assert client.post(CODE, {"code": code_now(SECRET)}).headers["Location"] == reverse(
        "account_login"
    )
