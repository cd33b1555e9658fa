"""Entries of the beat."""

from celery import shared_task

from core import clock
from organization.adapters.sessions import SessionStore
from organization.services.authority import escalate_unreviewed_emergencies


@shared_task(name="organization.clear_sessions")
def clear_sessions(**_: object) -> None:
    """Delete the rows of sessions that have run out."""
    SessionStore.clear_expired()


@shared_task(name="organization.check_emergencies")
def check_emergencies(**_: object) -> None:
    """Escalate emergency grants that head office did not review in time."""
    escalate_unreviewed_emergencies(at=clock.now())
