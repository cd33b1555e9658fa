"""Whoever changes a role or ends a post, by whatever service: the sessions end with it."""

from __future__ import annotations

from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver

from core import clock
from organization.models import Role, Staff
from organization.services.sessions import end_sessions_of


@receiver(m2m_changed, sender=Staff.roles.through)
def end_sessions_with_roles(
    instance: Staff | Role, action: str, pk_set: set[int] | None, *, reverse: bool, **_words: object
) -> None:
    """Sign a person out everywhere whose roles were changed. Source: safety.md A6."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    people = Staff.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    for staff in people:
        end_sessions_of(staff=staff, by=None, at=clock.now(), reason="roles changed")


@receiver(post_save, sender=Staff)
def end_sessions_with_post(instance: Staff, *, created: bool, **_words: object) -> None:
    """Sign a person out everywhere who has left. Source: CRM-30."""
    if not created and not instance.is_active:
        end_sessions_of(staff=instance, by=None, at=clock.now(), reason="not active")
