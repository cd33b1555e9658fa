"""The jobs that draft a quarter and make the files of a released one."""

from celery import shared_task
from django.urls import reverse

from core import clock
from core.jobs import Heartbeat
from core.models import Job
from core.months import parse_quarter
from reporting import services
from reporting.models import QuarterlyReport
from reporting.selectors import versions_of
from reporting.services.findings import escalate_late_findings
from reporting.services.incident_news import remind_of_incident_clocks
from reporting.services.incidents import escalate_late_incidents
from reporting.services.policies import ask_for_policy_reviews
from reporting.services.self_checks import escalate_late_self_checks


def draft_quarterly_report(job: Job, heartbeat: Heartbeat) -> dict[str, object]:
    """Draft the quarter of the payload once, and make its files; driven again, go on."""
    quarter = parse_quarter(job.payload["quarter"])[0]
    heartbeat(done=0, total=2)
    report = services.draft_report(quarter=quarter, by=job.created_by, at=clock.now(), job=job)
    heartbeat(done=1, total=2)
    services.keep_pack(report=report, by=job.created_by, at=clock.now())
    heartbeat(done=2, total=2)
    return {
        "draft": report.number,
        "versions": versions_of(report),
        "url": _address(report),
    }


def keep_released_files(job: Job, heartbeat: Heartbeat) -> dict[str, object]:
    """Make and store the files of a released report once."""
    heartbeat(done=0, total=1)
    report = QuarterlyReport.objects.get(pk=job.payload["report"])
    services.keep_pack(report=report, by=job.created_by, at=clock.now())
    heartbeat(done=1, total=1)
    return {"url": _address(report)}


@shared_task(name="reporting.draft_last_quarter")
def draft_quarter_that_ended(**_: object) -> None:
    """Start the draft of the quarter that has just ended, once its months are closed."""
    services.request_last_quarter(today=clock.today(), at=clock.now())


def _address(report: QuarterlyReport) -> str:
    return reverse("reporting:report", args=[report.quarter_text, report.number])


@shared_task(name="reporting.check_governance_clocks")
def check_governance_clocks(**_: object) -> None:
    """Escalate what ran out, say what soon will, and ask for reviews of policies."""
    at = clock.now()
    remind_of_incident_clocks(at=at)
    escalate_late_incidents(at=at)
    escalate_late_self_checks(at=at)
    escalate_late_findings(at=at)
    ask_for_policy_reviews(at=at)
