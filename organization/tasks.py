"""What the beat wakes: the days of changes, roles, visits and campaigns."""

from celery import shared_task

from core import clock
from organization.adapters.sessions import SessionStore
from organization.services.assignments import apply_due_assignments
from organization.services.personnel import apply_due_orders, end_visits
from organization.services.recertification import (
    open_recertification_of_quarter,
    suspend_uncertified,
)
from organization.services.units import apply_due_unit_changes


@shared_task(name="organization.apply_dated_changes")
def apply_dated_changes(**_: object) -> None:
    """Do what was ordered for a day that has come; end visits that are over."""
    at = clock.now()
    end_visits(at=at)
    apply_due_unit_changes(at=at)
    apply_due_orders(at=at)
    apply_due_assignments(at=at)


@shared_task(name="organization.recertify")
def recertify(**_: object) -> None:
    """Open the quarter's recertification; suspend what the last one left uncertified."""
    at = clock.now()
    suspend_uncertified(at=at)
    open_recertification_of_quarter(at=at)


@shared_task(name="organization.clear_sessions")
def clear_sessions(**_: object) -> None:
    """Delete the rows of sessions that have run out."""
    SessionStore.clear_expired()
