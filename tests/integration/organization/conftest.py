"""Signing in as people do it: password, code, and what a browser says of itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from organization.models import Staff
from organization.services.passwords import keep_password
from organization.services.second_factor import enrol_app
from tests.totp import code_now

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Journey-2026-long"
DESK = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) Chrome/131.0 Mobile Safari/537.36"


@pytest.fixture
def enrolled():
    """Return a function that gives a person a password of theirs and an authenticator app."""

    def enrol(staff: Staff) -> Staff:
        keep_password(staff=staff, password=PASSWORD, by=None, at=clock.now())
        enrol_app(staff=staff, secret=SECRET, by=None, at=clock.now())
        return staff

    return enrol


@pytest.fixture
def lin(manager_lin, enrolled):
    return enrolled(manager_lin)


@pytest.fixture
def browser():
    """Return a function that opens another browser."""

    def opened(agent: str = DESK, address: str = "127.0.0.1") -> Client:
        return Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)

    return opened


@pytest.fixture
def sign_in(browser):
    """Return a function that signs a person in with password and code, and gives the browser."""

    def entered(staff: Staff, client: Client | None = None, code: str = "") -> Client:
        client = client or browser()
        words = {"username": staff.username, "password": PASSWORD}
        client.post(reverse("desk:login"), words)
        forget_codes(staff)
        client.post(reverse("mfa_authenticate"), {"code": code or code_now(SECRET)})
        return client

    return entered


def forget_codes(staff: Staff) -> None:
    """Let the code of this half minute be used again: tests do not wait."""
    for row in staff.authenticator_set.filter(type="totp"):
        row.data.pop("last_counter", None)
        row.save(update_fields=["data"])
