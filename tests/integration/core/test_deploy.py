"""Production: the checks of Django find nothing to warn of, and headers are what they should be."""

import base64
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

INHERITED = {
    "XINBAO_HOME",
    "DATABASE_URL",
    "REDIS_URL",
    "FILES_ROOT",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}


def key():
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def production(tmp_path):
    own = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return own | {
        "XINBAO_MODE": "production",
        "XINBAO_HOME": str(tmp_path),
        "DATABASE_URL": "postgres://xinbao:x@db.invalid:5432/xinbao",
        "REDIS_URL": "redis://redis.invalid:6379/0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEY_ID": "k1",
        "FIELD_KEY": key(),
        "BLIND_INDEX_KEY": key(),
        "ALLOWED_HOSTS": "xinbao.example.cn",
        "CSRF_TRUSTED_ORIGINS": "https://xinbao.example.cn",
    }


def manage(env, *words):
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:config", "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_has_no_warning(production):
    done = manage(production, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert "silenced" not in (done.stdout + done.stderr).replace("(0 silenced)", "")


def test_cookies_and_transport_of_production_are_for_https_alone(production):
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT",
        "SECURE_CONTENT_TYPE_NOSNIFF",
    )
    words = "from django.conf import settings as s; print([getattr(s, n) for n in {!r}], s.DEBUG)"
    done = manage(production, "shell", "--no-imports", "-c", words.format(names))
    assert done.stdout.strip().endswith(f"{[True] * len(names)} False"), done.stderr


def test_production_does_not_start_without_its_secrets(production):
    production.pop("FIELD_KEY")
    done = manage(production, "check")
    assert done.returncode != 0
    assert "FIELD_KEY" in done.stderr
