"""Words with places, cleaned values, quiet hours, and whom the house calls. Source: A10-A12."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from core.outbound import Forbidden, Outbound, is_public
from core.quiet import after_quiet
from core.wording import clean, fill, stray_braces, undeclared

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = {"begins": dt.time(21), "ends": dt.time(8)}


def local(hour, minute=0, day=2):
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_a_value_with_braces_or_template_marks_stays_what_it_is():
    values = {"name": "{secret} {{ 7*7 }} {% now 'Y' %} $secret %(secret)s", "secret": "x"}
    assert fill("Dear {name}", values) == f"Dear {values['name']}"


def test_a_place_without_a_value_shows_a_dash():
    assert fill("{name} / {other}", {"name": "a"}) == "a / —"


@pytest.mark.parametrize(
    "words", ["{{name}}", "{name.__class__}", "{name!r}", "{0}", "{}", "{% if %}", "a } b"]
)
def test_a_brace_that_is_no_place_is_seen(words):
    assert stray_braces(words)


def test_only_declared_places_pass():
    assert undeclared("{name} {amount}", ["name"]) == ["amount"]
    assert not stray_braces("{name} {amount}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\r\nBcc: evil@example.com", "a Bcc: evil@example.com"),
        ("a\u2028b\u2029c\x00d\x1b[31m", "a b c d [31m"),
        ("合同\u202egpj.exe", "合同gpj.exe"),
        ("㐂𠮷", "㐂𠮷"),
        ("\udcff", ""),
    ],
)
def test_a_value_is_one_line_of_what_prints(value, shown):
    assert clean(value) == shown


def test_a_long_value_is_cut_with_a_mark():
    assert clean("长" * 300) == "长" * 199 + "…"


def test_the_night_is_over_at_its_end_and_the_day_is_not_quiet():
    assert after_quiet(local=local(20, 59), **NIGHT) == local(20, 59)
    assert after_quiet(local=local(21), **NIGHT) == local(8, day=3)
    assert after_quiet(local=local(3), **NIGHT) == local(8)
    assert after_quiet(local=local(8), **NIGHT) == local(8)


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = {"begins": dt.time(12), "ends": dt.time(14)}
    assert after_quiet(local=local(13), **noon) == local(14)
    assert after_quiet(local=local(15), **noon) == local(15)
    assert after_quiet(local=local(13), begins=dt.time(9), ends=dt.time(9)) == local(13)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1", "0.0.0.0"],  # noqa: S104
)
def test_no_private_address_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.com/",
        "file:///etc/passwd",
        "https://evil.example.com/",
        "https://sms.example.com@evil.example.com/",
        "https://sms.example.com.evil.example.com/",
        "https://user:pass@sms.example.com/",
        "https://sms.example.com:99999/",
        "https://127.0.0.1/",
        "gopher://sms.example.com/",
    ],
)
def test_what_is_not_on_the_list_is_not_called(url):
    with pytest.raises(Forbidden):
        Outbound(hosts=["sms.example.com"]).post(url=url, payload={}, headers={})
