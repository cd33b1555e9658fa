"""Bodies of the jobs about personal data, and entries of the beat."""

import datetime as dt

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs
from core.jobs import Heartbeat
from core.models import Job
from parties.models import Export
from parties.services.behaviour import look_for_unusual_use
from parties.services.exports import make_approved_export
from parties.services.retention import compute_retention

RETENTION_KIND = "compute_retention"


def make_export(job: Job, heartbeat: Heartbeat) -> dict:
    """Make the file of one approved export."""
    export = Export.objects.select_related("asked_by__unit", "unit").get(
        pk=job.payload["export_id"]
    )
    export = make_approved_export(export=export, at=clock.now(), heartbeat=heartbeat)
    return {
        "text": _("%(number)s is ready: fetch it from its page.") % {"number": export.number},
        "url": reverse("parties:export", args=[export.pk]),
    }


def compute_days_of_deletion(job: Job, heartbeat: Heartbeat) -> dict:
    """Compute from which day on every ended original may be deleted."""
    return compute_retention(as_of=clock.today(), at=clock.now(), heartbeat=heartbeat)


@shared_task(name="parties.keep_records")
def keep_records(**_: object) -> None:
    """Start the nightly computation of retention."""
    day = clock.today()
    jobs.enqueue(
        kind=RETENTION_KIND,
        key=day.isoformat(),
        title=f"{RETENTION_KIND} {day}",
        payload={},
        by=None,
        at=clock.now(),
    )


@shared_task(name="parties.watch_use")
def watch_use(**_: object) -> None:
    """Judge yesterday's use of personal data."""
    look_for_unusual_use(day=clock.today() - dt.timedelta(days=1), at=clock.now())
