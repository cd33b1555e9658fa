"""What allauth, axes and Django announce about the door."""

from __future__ import annotations

from allauth.mfa.signals import authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from core import clock
from core.visitor import visitor_of
from organization.models import Staff
from organization.services.sign_in import record_failure, record_lock
from organization.services.step_up import note_second_factor


@receiver(authenticator_used)
def keep_second_factor(request: HttpRequest, user: Staff, **_words: object) -> None:
    """Remember in the session that the second factor was shown."""
    note_second_factor(request, staff=user, at=clock.now())


@receiver(user_login_failed)
def record_failed(
    credentials: dict[str, str], request: HttpRequest | None = None, **_words: object
) -> None:
    """Record a failed attempt, and the lock where it was one too many."""
    if request is None:
        return
    at, visitor = clock.now(), visitor_of(request)
    name = credentials.get("username", "")[:255]
    step = credentials.get("step", "password")
    record_failure(username=name, visitor=visitor, step=step, at=at)


@receiver(user_locked_out)
def record_locked(request: HttpRequest, username: str | None, **_words: object) -> None:
    """Record that a name or an address is locked."""
    record_lock(username=username or "", visitor=visitor_of(request), at=clock.now())
