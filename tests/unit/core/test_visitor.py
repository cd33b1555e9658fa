"""From where and with what a request comes."""

import pytest
from django.test import RequestFactory

from core.visitor import NO_ADDRESS, address_of, network_of, visitor_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) Chrome/131.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.1", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.9"),
        (1, "nonsense", NO_ADDRESS),
        (1, "", NO_ADDRESS),
    ],
)
def test_a_client_cannot_write_its_own_address(settings, hops, forwarded, expected):
    settings.PROXY_HOPS = hops
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == expected


def test_a_phone_is_an_app_and_a_browser_on_a_desk_a_computer():
    desk = visitor_of(RequestFactory().get("/", HTTP_USER_AGENT=CHROME))
    phone = visitor_of(RequestFactory().get("/", HTTP_USER_AGENT=PHONE))
    assert (desk.device, desk.device_name) == ("pc", "Chrome · Windows")
    assert (phone.device, phone.device_name) == ("app", "Chrome · Android")
    assert desk.fingerprint != phone.fingerprint


@pytest.mark.parametrize(
    ("address", "expected"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64")],
)
def test_a_network_is_the_neighbourhood_of_an_address(address, expected):
    assert network_of(address) == expected
