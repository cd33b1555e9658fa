"""What of reports, parameters, calendar and registers waits for somebody."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.enums import NoticeStatus, ParameterStatus
from core.models import CalendarNotice, RegulatoryParameter
from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting, end_of
from reporting.enums import ReportState, VersionStatus
from reporting.models import (
    Finding,
    Incident,
    IncidentClock,
    Inspection,
    PolicyVersion,
    QuarterlyReport,
    SelfCheck,
)

_NEWER = QuarterlyReport.objects.filter(quarter=OuterRef("quarter"), number__gt=OuterRef("number"))
_OVERTAKING = PolicyVersion.objects.filter(
    document=OuterRef("document"), number__gt=OuterRef("number"), published_at__isnull=False
)
_RUNNING = IncidentClock.objects.filter(incident=OuterRef("pk"), stopped_at__isnull=True)
_TO_HANDLE = Q(contained_at__isnull=True) | Exists(_RUNNING)


def _report_title(report: QuarterlyReport) -> str:
    return f"{report.quarter_text} #{report.number}"


def _report_url(report: QuarterlyReport) -> str:
    return reverse("reporting:report", args=[report.quarter_text, report.number])


def _check_title(check: SelfCheck) -> str:
    return f"{check.questionnaire.title} {check.questionnaire.period} · {check.unit.name}"


def _check_url(check: SelfCheck) -> str:
    return reverse("governance:self_check", args=[check.pk])


def _finding_title(finding: Finding) -> str:
    """Number, severity and unit: the title of a finding is what somebody wrote."""
    return f"#{finding.pk} {finding.get_severity_display()} · {finding.unit.name}"


def _finding_url(finding: Finding) -> str:
    return reverse("governance:finding", args=[finding.pk])


def _incident_title(incident: Incident) -> str:
    """Number, kind and grade: the title of an incident is what somebody wrote."""
    return f"#{incident.pk} {incident.get_kind_display()} · {incident.get_grade_display()}"


def _incident_url(incident: Incident) -> str:
    return reverse("governance:incident", args=[incident.pk])


def _next_clock(incident: Incident) -> dt.datetime | None:
    """Return when the next report of an incident is due; a clock that stands still is none."""
    return (
        incident.clocks.filter(stopped_at__isnull=True, paused_at__isnull=True)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


WAITING = (
    Awaiting(
        kind=WorkKind.REPORT_REVIEW,
        model=QuarterlyReport,
        waits=Q(state=ReportState.DRAFT) & ~Exists(_NEWER),
        title=_report_title,
        url=_report_url,
        permission=Permission.REVIEW_REPORT,
        initiator_id=lambda report: report.drafted_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.REPORT_RELEASE,
        model=QuarterlyReport,
        waits=Q(state=ReportState.REVIEWED),
        title=_report_title,
        url=_report_url,
        permission=Permission.RELEASE_REPORT,
        initiator_id=lambda report: report.reviewed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.PARAMETER_APPROVAL,
        model=RegulatoryParameter,
        waits=Q(status=ParameterStatus.PROPOSED),
        title=lambda row: f"{row.name} · {row.valid_from}",
        url=lambda row: reverse("governance:parameter", args=[row.name]),
        permission=Permission.APPROVE_PARAMETERS,
        initiator_id=lambda row: row.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.CALENDAR_APPROVAL,
        model=CalendarNotice,
        waits=Q(status=NoticeStatus.PROPOSED),
        title=lambda notice: notice.title,
        url=lambda notice: reverse("governance:calendar"),
        permission=Permission.APPROVE_PARAMETERS,
        initiator_id=lambda notice: notice.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.POLICY_PUBLICATION,
        model=PolicyVersion,
        waits=Q(status=VersionStatus.DRAFT) & ~Exists(_OVERTAKING),
        title=lambda version: f"{version.document.title} v{version.number}",
        url=lambda version: reverse("governance:policy", args=[version.document_id]),
        permission=Permission.APPROVE_REGISTERS,
        initiator_id=lambda version: version.drafted_by_id,
        is_by_another=True,
        related=("document",),
    ),
    Awaiting(
        kind=WorkKind.POLICY_REVIEW,
        model=PolicyVersion,
        waits=Q(status=VersionStatus.PUBLISHED, review_asked_at__isnull=False),
        title=lambda version: f"{version.document.title} v{version.number}",
        url=lambda version: reverse("governance:policy", args=[version.document_id]),
        permission=Permission.MAINTAIN_REGISTERS,
        due_at=lambda version: end_of(version.review_due_on),
        initiator_id=lambda version: None,
        related=("document",),
    ),
    Awaiting(
        kind=WorkKind.SELF_CHECK_ANSWER,
        model=SelfCheck,
        waits=Q(submitted_at__isnull=True),
        title=_check_title,
        url=_check_url,
        permission=Permission.SELF_CHECK,
        unit_id=lambda check: check.unit_id,
        due_at=lambda check: end_of(check.due_on),
        initiator_id=lambda check: check.questionnaire.opened_by_id,
        related=("questionnaire", "unit"),
    ),
    Awaiting(
        kind=WorkKind.SELF_CHECK_SIGN_OFF,
        model=SelfCheck,
        waits=Q(submitted_at__isnull=False, signed_at__isnull=True),
        title=_check_title,
        url=_check_url,
        permission=Permission.APPROVE_REGISTERS,
        unit_id=lambda check: check.unit_id,
        initiator_id=lambda check: check.submitted_by_id,
        is_by_another=True,
        related=("questionnaire", "unit"),
    ),
    Awaiting(
        kind=WorkKind.INSPECTION,
        model=Inspection,
        waits=Q(recorded_at__isnull=True),
        title=lambda inspection: f"#{inspection.pk} · {inspection.unit.name}",
        url=lambda inspection: reverse("governance:inspection", args=[inspection.pk]),
        permission=Permission.MAINTAIN_REGISTERS,
        unit_id=lambda inspection: inspection.unit_id,
        holder_id=lambda inspection: inspection.lead_id,
        due_at=lambda inspection: end_of(inspection.planned_on),
        initiator_id=lambda inspection: inspection.planned_by_id,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.FINDING_RECTIFICATION,
        model=Finding,
        waits=Q(rectified_at__isnull=True),
        title=_finding_title,
        url=_finding_url,
        permission=Permission.SELF_CHECK,
        unit_id=lambda finding: finding.unit_id,
        holder_id=lambda finding: finding.owner_id,
        due_at=lambda finding: end_of(finding.due_on),
        initiator_id=lambda finding: finding.raised_by_id,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.FINDING_VERIFICATION,
        model=Finding,
        waits=Q(rectified_at__isnull=False, verified_at__isnull=True),
        title=_finding_title,
        url=_finding_url,
        permission=Permission.APPROVE_REGISTERS,
        unit_id=lambda finding: finding.unit_id,
        initiator_id=lambda finding: finding.rectified_by_id,
        is_by_another=True,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.INCIDENT_HANDLING,
        model=Incident,
        waits=Q(closed_at__isnull=True) & _TO_HANDLE,
        title=_incident_title,
        url=_incident_url,
        permission=Permission.HANDLE_INCIDENTS,
        unit_id=lambda incident: incident.unit_id,
        due_at=_next_clock,
        initiator_id=lambda incident: incident.opened_by_id,
    ),
    Awaiting(
        kind=WorkKind.INCIDENT_CLOSING,
        model=Incident,
        waits=Q(closed_at__isnull=True) & ~_TO_HANDLE,
        title=_incident_title,
        url=_incident_url,
        permission=Permission.APPROVE_REGISTERS,
        unit_id=lambda incident: incident.unit_id,
        initiator_id=lambda incident: incident.contained_by_id,
        is_by_another=True,
    ),
)
