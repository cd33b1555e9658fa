"""Everybody of the demo gets in with what `make demo` prints."""

import pytest
from django.test import Client

from desk.services.demo import appoint_demo_staff
from tests.totp import code_now


@pytest.fixture
def home(settings, tmp_path, db):
    (tmp_path / "secrets").mkdir()
    settings.XINBAO_HOME = tmp_path
    return tmp_path


def test_the_staff_of_the_demo_sign_in_with_password_and_code(home):
    keys = appoint_demo_staff()
    assert len(keys) > 10
    for username, own in keys.items():
        client = Client()
        client.post("/login/", {"username": username, "password": own.password})
        client.post("/login/code/", {"code": code_now(own.totp_secret)})
        assert client.get("/").status_code == 200, username


def test_the_keys_of_the_demo_stay_the_same_and_are_the_owners_alone(home):
    keys = appoint_demo_staff()
    assert appoint_demo_staff() == keys
    modes = {oct(path.stat().st_mode & 0o777) for path in (home / "secrets").iterdir()}
    assert modes == {"0o600"}
