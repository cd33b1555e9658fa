"""Addresses and wake-up calls."""

import inspect
import re

import pytest
from celery import current_app
from django.conf import settings
from django.urls import URLResolver, get_resolver

from tests.architecture.house import PACKAGES

PUBLIC = {
    "desk:login",
    "account_login",
    "mfa_authenticate",
    "desk:healthz",
    "set_language",
    "metrics",
}


def addresses(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def test_only_the_public_addresses_are_open_to_strangers():
    """The login middleware guards a view unless the view says otherwise."""
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    named = dict(addresses())
    opened = {
        name
        for name, pattern in named.items()
        if not getattr(pattern.callback, "login_required", True)
        and not str(pattern.pattern).startswith("public/")
    }
    assert len(named) > len(PUBLIC)
    assert opened == PUBLIC


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _ in addresses()]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if name.endswith("None")] == []


def test_every_id_in_an_address_says_its_type():
    """So that a wrong one is a 404 before it is a query."""
    loose = [
        name
        for name, pattern in addresses()
        if re.search(r"<(?!int:|str:|slug:|uuid:|\w+:)", str(pattern.pattern))
    ]
    assert loose == []


@pytest.fixture(scope="module")
def tasks():
    current_app.loader.import_default_modules()
    return {
        name: task
        for name, task in current_app.tasks.items()
        if task.run.__module__.split(".")[0] in PACKAGES
    }


def test_every_entry_of_the_beat_names_a_task(tasks):
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked
    assert asked - set(tasks) == set()


def test_every_task_takes_ids_by_keyword_and_forgives_what_it_does_not_know(tasks):
    """A message outlives a release: a new or a dropped word must not break it."""
    wrong = []
    for name, task in tasks.items():
        words = inspect.signature(task.run).parameters.values()
        ids = [word for word in words if word.kind is not inspect.Parameter.VAR_KEYWORD]
        if len(ids) == len(words) or not all(
            word.kind is inspect.Parameter.KEYWORD_ONLY and word.name.endswith(("_id", "_ids"))
            for word in ids
        ):
            wrong.append(f"{name}{inspect.signature(task.run)}")
    assert tasks
    assert wrong == []


def test_every_scheduled_entry_passes_only_what_its_task_takes(tasks):
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        signature = inspect.signature(tasks[entry["task"]].run)
        signature.bind(*entry.get("args", ()), **entry.get("kwargs", {}))
