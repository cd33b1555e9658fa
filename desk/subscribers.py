"""What allauth, axes and Django announce about the door."""

from __future__ import annotations

from allauth.mfa.signals import authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from core import clock
from core.enums import JobStatus, MessageChannel, MessageStatus
from core.events import JobFinished, MessageInDoubt, job_finished, message_in_doubt
from core.models import Job
from core.services import tell
from core.visitor import visitor_of
from organization.enums import Permission
from organization.models import Staff
from organization.selectors.staff import people_with
from organization.services.sign_in import record_failure, record_lock
from organization.services.step_up import note_second_factor
from parties.services.exports import KIND as EXPORT

TOLD_BY_THEIR_APP = {EXPORT}


@receiver(job_finished, dispatch_uid="desk.tell_job_finished")
def tell_job_finished(event: JobFinished, **_words: object) -> None:
    """Tell whoever asked for a job how it ended."""
    job = Job.objects.select_related("created_by").get(pk=event.job_id)
    if job.created_by is None or (event.status == JobStatus.DONE and job.kind in TOLD_BY_THEIR_APP):
        return
    is_done, result = event.status == JobStatus.DONE, job.result or {}
    tell(
        notice="job_done" if is_done else "job_failed",
        people=[job.created_by],
        values={"title": job.title, "text": result.get("text", "") if is_done else job.message},
        at=event.at,
        subject=job,
        url=result.get("url") or reverse("desk:job", args=[job.pk]),
    )


@receiver(message_in_doubt, dispatch_uid="desk.tell_message_in_doubt")
def tell_message_in_doubt(event: MessageInDoubt, **_words: object) -> None:
    """Tell who keeps the system that a delivery waits for their decision."""
    tell(
        notice="delivery_in_doubt",
        people=people_with(permission=Permission.MANAGE_STAFF),
        values={
            "channel": MessageChannel(event.channel).label,
            "status": MessageStatus(event.status).label,
        },
        at=event.at,
        url=reverse("desk:delivery", args=[event.message_id]),
    )


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
    name = credentials.get("person") or credentials.get("username", "")[:255]
    step = credentials.get("step", "password")
    record_failure(username=name, visitor=visitor, step=step, at=at)


@receiver(user_locked_out)
def record_locked(request: HttpRequest, username: str | None, **_words: object) -> None:
    """Record that a name or an address is locked."""
    person = request.user.username if request.user.is_authenticated else username or ""
    record_lock(username=person, visitor=visitor_of(request), at=clock.now())
