"""Who may open what without signing in, and how one signs in."""

import re

import pytest
from django.urls import URLResolver, get_resolver, reverse

PUBLIC = {
    "account_login",
    "desk:healthz",
    "desk:login",
    "desk:public_evidence_check",
    "metrics",
    "set_language",
}
SAMPLES = {
    "token": "a:b:c",
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}


def addresses(patterns=None, namespace="", prefix="/"):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, route)
        else:
            yield f"{namespace}{pattern.name}", re.sub(r"<(?:(\w+):)?\w+>", sample, route)


def sample(match):
    return SAMPLES.get(match[1] or "str", "2025-06")


def test_every_address_but_the_public_ones_asks_who_you_are(client, db):
    opened = {
        name
        for name, path in addresses()
        if not client.get(path).headers.get("Location", "").startswith(reverse("desk:login"))
    }
    assert opened == PUBLIC


def test_the_public_pages_answer_without_a_database_row(client, db):
    assert client.get(reverse("desk:login")).status_code == 200
    assert client.get(reverse("metrics")).status_code == 200


def test_signing_in_leads_to_the_page_that_was_asked_for(client, manager_lin):
    words = {"username": "lin", "password": "lin-cast-2026!", "next": reverse("desk:jobs")}
    answer = client.post(reverse("desk:login"), words)
    assert answer.headers["Location"] == reverse("desk:jobs")


@pytest.mark.parametrize("who", ["lin", "nobody"])
def test_a_wrong_password_and_a_wrong_name_sound_the_same(client, manager_lin, who):
    answer = client.post(reverse("desk:login"), {"username": who, "password": "wrong"})
    assert "用户名或密码错误。" in answer.content.decode()


def test_somebody_who_left_cannot_sign_in(client, manager_lin):
    manager_lin.is_active = False
    manager_lin.save()
    words = {"username": "lin", "password": "lin-cast-2026!"}
    assert "用户名或密码错误。" in client.post(reverse("desk:login"), words).content.decode()


def test_a_fragment_asked_after_the_session_ended_reloads_its_page(client, db):
    answer = client.get(reverse("desk:jobs"), headers={"HX-Request": "true"}, follow=True)
    assert answer.headers["HX-Refresh"] == "true"


def test_signing_out_needs_a_post(client, manager_lin):
    client.force_login(manager_lin)
    assert client.get(reverse("desk:logout")).status_code == 405
    assert client.post(reverse("desk:logout")).headers["Location"] == reverse("desk:login")
    assert client.get(reverse("desk:home")).status_code == 302


def test_the_language_is_chinese_until_the_person_switches(client, manager_lin):
    client.force_login(manager_lin)
    assert '<html lang="zh-Hans"' in client.get(reverse("desk:home")).content.decode()
    words = {"language": "en", "next": reverse("desk:jobs")}
    assert client.post(reverse("set_language"), words).headers["Location"] == reverse("desk:jobs")
    page = client.get(reverse("desk:jobs")).content.decode()
    assert '<html lang="en"' in page
    assert "My jobs" in page


def test_the_language_switch_leads_to_no_other_host(client, db):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.test/"})
    assert "evil" not in answer.headers["Location"]
