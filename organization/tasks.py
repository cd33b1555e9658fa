"""Entries of the beat."""

from celery import shared_task

from organization.adapters.sessions import SessionStore


@shared_task(name="organization.clear_sessions")
def clear_sessions(**_: object) -> None:
    """Delete the rows of sessions that have run out."""
    SessionStore.clear_expired()
