"""Passwords in both profiles, changed by their owner, reset by whoever manages signing in."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.urls import reverse

from core import clock
from core.errors import NotPermitted, RuleBroken
from organization.models import PasswordRecord
from organization.selectors.sign_in import security_log
from organization.services.passwords import change_password, keep_password, reset_sign_in
from tests.integration.organization.conftest import PASSWORD

VALIDATORS = "organization.adapters.password_validators."


@pytest.fixture
def profile(settings):
    """Return a function that switches the profile as the environment does."""

    def switch(name):
        length = {
            "NAME": f"{VALIDATORS}LengthValidator",
            "OPTIONS": {"parameter": f"password_length_{name.lower()}"},
        }
        own = {
            "GB": f"{VALIDATORS}MixtureValidator",
            "ASVS": "django.contrib.auth.password_validation.CommonPasswordValidator",
        }[name]
        settings.PASSWORD_PROFILE = name
        settings.AUTH_PASSWORD_VALIDATORS = [
            length,
            {"NAME": own},
            {"NAME": f"{VALIDATORS}BlockedWordsValidator"},
        ]

    return switch


def test_the_profile_of_the_environment_is_what_django_asks(settings):
    names = [each["NAME"].rpartition(".")[2] for each in settings.AUTH_PASSWORD_VALIDATORS]
    assert settings.PASSWORD_PROFILE == "GB"
    assert names == ["LengthValidator", "MixtureValidator", "BlockedWordsValidator"]


@pytest.mark.parametrize(
    ("name", "password", "is_taken"),
    [
        ("GB", "Ab1-Ab1-Ab", True),
        ("GB", "Ab1-Ab1-A", False),
        ("GB", "abcdefghijklmnopqr", False),
        ("GB", "abcdefghij-1", True),
        ("GB", "Password-2026-a", False),
        ("ASVS", "abcdefghijklmnopqr", True),
        ("ASVS", "Ab1-Ab1-Ab1-Ab", False),
        ("ASVS", "correct horse battery", True),
        ("ASVS", "1q2w3e4r5t6y7u8i9o", False),
        ("ASVS", "my-xinbao-is-so-long", False),
        ("ASVS", "lin-has-a-long-password", False),
    ],
)
def test_a_password_keeps_to_its_profile(manager_lin, profile, name, password, is_taken):
    profile(name)
    if is_taken:
        keep_password(staff=manager_lin, password=password, by=None, at=clock.now())
        assert manager_lin.check_password(password)
    else:
        with pytest.raises(RuleBroken) as refusal:
            keep_password(staff=manager_lin, password=password, by=None, at=clock.now())
        assert refusal.value.field == "new"


def test_gb_refuses_the_last_five_and_asvs_does_not_remember(lin, profile):
    used = [PASSWORD]
    for number in range(5):
        used.append(f"Another-2026-{number}")
        change_password(staff=lin, old=used[-2], new=used[-1], at=clock.now())
    for each in used[1:]:
        with pytest.raises(RuleBroken):
            change_password(staff=lin, old=used[-1], new=each, at=clock.now())
    change_password(staff=lin, old=used[-1], new=PASSWORD, at=clock.now())
    profile("ASVS")
    change_password(staff=lin, old=PASSWORD, new="Another-2026-4-x", at=clock.now())
    change_password(staff=lin, old="Another-2026-4-x", new=PASSWORD, at=clock.now())


def test_hashes_alone_are_remembered(lin):
    digest = PasswordRecord.objects.get(staff=lin).digest
    assert PASSWORD not in digest
    assert digest == lin.password


def test_a_password_that_has_run_out_is_changed_before_anything_else(lin, sign_in):
    PasswordRecord.objects.update(set_at=clock.now() - dt.timedelta(days=90))
    client = sign_in(lin)
    assert client.get("/jobs/").headers["Location"] == "/password/"
    assert client.get("/password/").status_code == 200
    words = {"old": PASSWORD, "new": "Another-2026-long", "again": "Another-2026-long"}
    client.post("/password/", words)
    assert client.get("/jobs/").status_code == 200


def test_asvs_forces_no_change(lin, sign_in, profile):
    profile("ASVS")
    PasswordRecord.objects.update(set_at=clock.now() - dt.timedelta(days=900))
    assert sign_in(lin).get("/jobs/").status_code == 200


def test_guessing_the_present_password_in_a_found_session_ends_it(lin, sign_in):
    client = sign_in(lin)
    words = {"old": "wrong", "new": "Another-2026-x", "again": "Another-2026-x"}
    answers = [client.post("/password/", words).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"old": "wrong", "new": "Another-2026-x", "again": "Another-2026-x"}, "当前密码错误。"),
        ({"old": PASSWORD, "new": "Another-2026-x", "again": "y"}, "两次输入的新密码不一致。"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "密码至少 10 个字符。"),
    ],
)
def test_a_password_that_cannot_be_taken_says_why(lin, sign_in, words, sentence):
    answer = sign_in(lin).post("/password/", words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    lin.refresh_from_db()
    assert lin.check_password(PASSWORD)


def test_a18_more_words_than_the_form_has_change_nothing(lin, sign_in):
    words = {"old": PASSWORD, "new": "Another-2026-x", "again": "Another-2026-x"}
    more = {"is_active": "", "unit": "2", "roles": ["1", "2"], "username": "root", "staff": "1"}
    roles = set(lin.roles.values_list("pk", flat=True))
    sign_in(lin).post("/password/", words | more)
    lin.refresh_from_db()
    assert (lin.username, lin.is_active) == ("lin", True)
    assert set(lin.roles.values_list("pk", flat=True)) == roles


# Reset


def test_a_reset_gives_a_password_for_one_way_in_and_forgets_the_factors(
    lin, security_shen, client, sign_in, browser
):
    before = sign_in(lin)
    for _ in range(5):
        browser().post("/login/", {"username": "lin", "password": "wrong"})
    client.force_login(security_shen)
    answer = client.post("/security/reset/", {"username": "lin", "reason": "手机遗失"})
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert password not in client.get("/security/reset/").content.decode()
    assert before.get("/").status_code == 302
    assert not Authenticator.objects.filter(user=lin).exists()
    record = security_log(action="sign_in.password_reset").get()
    assert (record.by, record.reason) == (security_shen, "手机遗失")
    assert password not in str(record.detail)
    answer = before.post("/login/", {"username": "lin", "password": password})
    assert before.get("/").headers["Location"] == "/second-factor/app/"
    assert before.session["must_change_password"]


def test_a_reset_is_for_the_security_administrator_and_for_others(
    lin, security_shen, system_han, client
):
    with pytest.raises(NotPermitted):
        reset_sign_in(staff=lin, by=system_han, at=clock.now(), reason="x")
    with pytest.raises(NotPermitted):
        reset_sign_in(staff=security_shen, by=security_shen, at=clock.now(), reason="x")
    with pytest.raises(RuleBroken):
        reset_sign_in(staff=lin, by=security_shen, at=clock.now(), reason=" ")
    client.force_login(system_han)
    assert client.post("/security/reset/", {"username": "lin", "reason": "x"}).status_code == 403
    assert lin.check_password(PASSWORD)


def test_the_checks_of_the_project_say_nothing():
    assert run_checks() == []


def test_what_a_page_asks_for_by_itself_leads_nobody_away_from_it(client, manager_lin):
    """The codes that are shown once, before the own password is set, stay on the screen."""
    client.force_login(manager_lin)
    session = client.session
    session["must_change_password"] = True
    session.save()
    asked = {"HTTP_HX_REQUEST": "true"}
    for name in ("message_bell", "job_badge"):
        answer = client.get(reverse(f"desk:{name}"), **asked)
        assert (answer.status_code, "HX-Redirect" in answer.headers) == (204, False)
    led = client.get(reverse("desk:jobs"), **asked)
    assert led.headers["HX-Redirect"] == reverse("desk:password")
