"""Bodies of the jobs of watching; the interface that has no screen."""

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext

from core import clock
from core.jobs import Heartbeat
from core.models import Job
from core.months import parse_month
from partners.models import LenderFile
from postloss.services.ageing import age_book
from postloss.services.importing import load_file
from postloss.services.month_end import close_month as close
from postloss.services.schedule import close_last_month, collect_inbox
from postloss.services.warnings import escalate_overdue_warnings


def load_lender_file(job: Job, heartbeat: Heartbeat) -> dict:
    """Load one received file to its end."""
    file = load_file(file=LenderFile.objects.get(pk=job.payload["file_id"]), heartbeat=heartbeat)
    counts = ("rows", "accepted", "rejected", "unchanged", "flagged")
    return {name: getattr(file, name) for name in counts} | {
        "text": file.refusal
        or gettext("%(accepted)s accepted, %(rejected)s rejected, %(unchanged)s unchanged")
        % {name: getattr(file, name) for name in counts},
        "url": reverse("postloss:file", args=[file.pk]),
    }


def close_month(job: Job, heartbeat: Heartbeat) -> dict:
    """Close or restate one month."""
    closing = close(
        month=parse_month(job.payload["month"]),
        by=job.created_by,
        at=clock.now(),
        heartbeat=heartbeat,
        reason=job.payload.get("reason", ""),
        asked_at=job.created_at,
    )
    row = closing.month_end
    return {
        "month_end_id": row.pk,
        "month": job.payload["month"],
        "version": row.version,
        "loans": row.loans,
        "not_reported": row.not_reported,
        "warnings": closing.warnings,
        "text": gettext("%(month)s closed as version %(version)s")
        % {"month": job.payload["month"], "version": row.version},
    }


@shared_task(name="postloss.collect_inbox")
def collect_lender_inbox(**_: object) -> None:
    """Take in what lenders dropped since the last look."""
    collect_inbox(at=clock.now())


@shared_task(name="postloss.close_last_month")
def close_month_that_ended(**_: object) -> None:
    """Close the month that has just ended, once all its files are there."""
    close_last_month(today=clock.today(), at=clock.now())


@shared_task(name="postloss.check_clocks")
def check_clocks(**_: object) -> None:
    """Escalate the warnings whose clock ran out."""
    escalate_overdue_warnings(at=clock.now())


@shared_task(name="postloss.age_book")
def age_book_today(**_: object) -> None:
    """Count today's book by bucket."""
    age_book(day=clock.today())
