"""Incidents: open, grade, contain, notify, report against clocks, close with lessons."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AnchorKind, ContentKind
from core.errors import NotPermitted, RuleBroken, WrongState
from core.selectors import parameter
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import check
from organization.selectors import head_office
from organization.services.awaiting import align_work
from reporting.enums import IncidentAction, IncidentClockKind, IncidentGrade, IncidentKind
from reporting.models import Incident, IncidentClock, IncidentStep
from reporting.services.incident_news import tell_incident_opened
from reporting.services.words import check_words

HOURS = "data.incident_report_hours"
DOCUMENT = Purpose(name="incident_evidence", limit="evidence_bytes")


@dataclass(frozen=True)
class Paper:
    """A file that shows what a step says."""

    stream: BinaryIO
    name: str


@transaction.atomic
def open_incident(
    *,
    kind: str,
    grade: str,
    title: str,
    account: str,
    unit: Unit,
    found_at: dt.datetime,
    by: Staff | None,
    at: dt.datetime,
    same_cause: str = "",
) -> Incident:
    """Open an incident and start its clocks from the moment it was found.

    What the system finds twice (`same_cause`) is one incident while it is open.

    Raises:
        NotPermitted: the person does not handle incidents of this unit.
        RuleBroken: title or account is missing, or it was found in the future.
    Source: PRE-45b, POST-05b-e, EVID-04.
    """
    check(by, Permission.HANDLE_INCIDENTS, unit=unit)
    check_words(_("Say what happened."), title=title, account=account)
    if found_at > at:
        raise RuleBroken("found_in_future", _("It cannot be found later than now."), "found_at")
    if same_cause:
        Unit.objects.select_for_update().get(pk=unit.pk)  # two finders, one incident
        standing = Incident.objects.filter(same_cause=same_cause, closed_at__isnull=True).first()
        if standing:
            return standing
    incident = Incident.objects.create(
        kind=kind,
        grade=grade,
        title=title,
        account=account,
        unit=unit,
        found_at=found_at,
        same_cause=same_cause,
        opened_by=by,
        opened_at=at,
    )
    hours = parameter(name=HOURS, as_of=timezone.localdate(at)).value
    IncidentClock.objects.bulk_create(
        IncidentClock(
            incident=incident, kind=each, due_at=found_at + dt.timedelta(hours=hours[each])
        )
        for each in IncidentClockKind
    )
    _record(incident, IncidentAction.OPEN, by, at)
    tell_incident_opened(incident=incident, at=at)
    return incident


@transaction.atomic
def regrade_incident(
    *, incident: Incident, grade: str, text: str, by: Staff, at: dt.datetime
) -> Incident:
    """Give an open incident another grade, saying why.

    Raises:
        NotPermitted, WrongState, RuleBroken: no right, closed already, or nothing said.
    """
    locked = _open(incident, by)
    check_words(_("Say why."), text=text)
    words = f"{locked.get_grade_display()} → {IncidentGrade(grade).label}: {text}"
    locked.grade = grade
    locked.save(update_fields=["grade"])
    _record(locked, IncidentAction.REGRADE, by, at, words)
    return locked


@transaction.atomic
def contain_incident(
    *,
    incident: Incident,
    text: str,
    by: Staff,
    at: dt.datetime,
    evidence: Paper | None = None,
) -> Incident:
    """Say how it was contained, with a file that shows it where there is one.

    Raises:
        NotPermitted, RuleBroken: no right, or nothing said.
        WrongState: it is closed or contained already.
    """
    locked = _open(incident, by)
    check_words(_("Say what was done."), text=text)
    if locked.contained_at is not None:
        raise WrongState("incident_contained", _("This incident is contained already."))
    locked.contained_by, locked.contained_at = by, at
    locked.save(update_fields=["contained_by", "contained_at"])
    _record(locked, IncidentAction.CONTAIN, by, at, text, evidence=evidence)
    return locked


@transaction.atomic
def note_notification(
    *,
    incident: Incident,
    text: str,
    by: Staff,
    at: dt.datetime,
    evidence: Paper | None = None,
) -> Incident:
    """Note who was told (persons concerned, partners), how and when, with what was sent.

    Raises:
        NotPermitted, WrongState, RuleBroken: no right, closed already, or nothing said.
    Source: PIPL 57.
    """
    locked = _open(incident, by)
    check_words(_("Say who was told, and how."), text=text)
    _record(locked, IncidentAction.NOTIFY, by, at, text, evidence=evidence)
    return locked


@transaction.atomic
def stop_clock(
    *,
    clock: IncidentClock,
    text: str,
    by: Staff,
    at: dt.datetime,
    evidence: Paper | None = None,
) -> IncidentClock:
    """Note that the report was made, with the report itself where it is a file; its clock stops.

    Raises:
        NotPermitted, RuleBroken: no right, or nothing said.
        WrongState: the incident is closed, or the clock stopped or stands still.
    """
    locked = _open(clock.incident, by)
    check_words(_("Say to whom it was reported, and under which number."), text=text)
    ticking = _ticking(clock)
    if ticking.paused_at is not None:
        raise WrongState("clock_paused", _("The clock stands still; let it go on first."))
    ticking.stopped_by, ticking.stopped_at = by, at
    ticking.save(update_fields=["stopped_by", "stopped_at"])
    words = f"{ticking.get_kind_display()}: {text}"
    _record(locked, IncidentAction.REPORT, by, at, words, evidence=evidence)
    return ticking


@transaction.atomic
def pause_clock(*, clock: IncidentClock, text: str, by: Staff, at: dt.datetime) -> IncidentClock:
    """Let a clock stand still for a reason (say, the authority's own inquiry).

    Raises:
        NotPermitted, RuleBroken: no right, or nothing said.
        WrongState: the clock stopped, stands still, or has run out.
    """
    locked = _open(clock.incident, by)
    check_words(_("Say why."), text=text)
    ticking = _ticking(clock)
    if ticking.paused_at is not None or ticking.due_at <= at:
        raise WrongState("clock_not_ticking", _("The clock stands still or has run out."))
    ticking.paused_at = at
    ticking.save(update_fields=["paused_at"])
    _record(locked, IncidentAction.PAUSE, by, at, f"{ticking.get_kind_display()}: {text}")
    return ticking


@transaction.atomic
def resume_clock(*, clock: IncidentClock, text: str, by: Staff, at: dt.datetime) -> IncidentClock:
    """Let a clock go on; it is due later by as long as it stood still.

    Raises:
        NotPermitted: no right.
        WrongState: it does not stand still.
    """
    locked = _open(clock.incident, by)
    ticking = _ticking(clock)
    if ticking.paused_at is None:
        raise WrongState("clock_not_paused", _("The clock does not stand still."))
    ticking.due_at += at - ticking.paused_at
    ticking.paused_at = None
    ticking.save(update_fields=["due_at", "paused_at"])
    _record(locked, IncidentAction.RESUME, by, at, f"{ticking.get_kind_display()}: {text}")
    return ticking


@transaction.atomic
def close_incident(
    *,
    incident: Incident,
    lessons: str,
    by: Staff,
    at: dt.datetime,
    evidence: Paper | None = None,
) -> Incident:
    """Close a contained and reported incident with what was learnt from it.

    Raises:
        NotPermitted: the person does not approve registers, or contained it.
        WrongState: it is closed already.
        RuleBroken: it is not contained, a clock still runs, or there are no lessons (`findings`).
    """
    locked = _locked(incident)
    check(by, Permission.APPROVE_REGISTERS, unit=locked.unit)
    if locked.closed_at is not None:
        raise WrongState("incident_closed", _("This incident is closed."))
    if locked.contained_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever contained an incident does not close it.")
        )
    findings = []
    if locked.contained_at is None:
        findings.append(_("It is not contained."))
    findings += [
        _("Not reported yet: %(clock)s.") % {"clock": each.get_kind_display()}
        for each in locked.clocks.filter(stopped_at__isnull=True).order_by("due_at")
    ]
    if not lessons.strip():
        findings.append(_("Say what was learnt."))
    if findings:
        raise RuleBroken("incident_may_not_close", " ".join(findings), findings=findings)
    locked.closed_by, locked.closed_at, locked.lessons = by, at, lessons
    locked.save(update_fields=["closed_by", "closed_at", "lessons"])
    _record(locked, IncidentAction.CLOSE, by, at, lessons, evidence=evidence)
    return locked


@transaction.atomic
def escalate_late_incidents(*, at: dt.datetime) -> int:
    """Mark every clock that ran out, once, and write it into the story; return how many."""
    late = list(
        IncidentClock.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            due_at__lte=at,
            stopped_at__isnull=True,
            paused_at__isnull=True,
            escalated_at__isnull=True,
        )
        .select_related("incident")
        .order_by("pk")
    )
    for each in late:
        each.escalated_at = at
        each.save(update_fields=["escalated_at"])
        _record(each.incident, IncidentAction.ESCALATE, None, at, str(each.get_kind_display()))
    return len(late)


def open_chain_incident(*, stream: str, number: int | None, why: str, at: dt.datetime) -> Incident:
    """Open the red incident of a broken chain, once while it stands. Source: EVID-04."""
    return open_incident(
        kind=IncidentKind.EVIDENCE,
        grade=IncidentGrade.SERIOUS,
        title=_("The evidence chain “%(stream)s” is broken") % {"stream": stream},
        account=_("First bad record: %(number)s. %(why)s")
        % {"number": "—" if number is None else number, "why": why},
        unit=head_office(),
        found_at=at,
        by=None,
        at=at,
        same_cause=f"chain:{stream}",
    )


def open_anchor_incident(*, kind: str, heads: int, since: dt.datetime, at: dt.datetime) -> Incident:
    """Open the incident of heads that no anchor took in time, once while it stands. EVID-05."""
    return open_incident(
        kind=IncidentKind.SYSTEM,
        grade=IncidentGrade.LARGER,
        title=_("Signed heads wait for their anchor “%(kind)s”") % {"kind": AnchorKind(kind).label},
        account=_("%(heads)s heads wait since %(since)s.")
        % {"heads": heads, "since": f"{timezone.localtime(since):%Y-%m-%d %H:%M}"},
        unit=head_office(),
        found_at=at,
        by=None,
        at=at,
        same_cause=f"anchor:{kind}",
    )


def open_emergency_incident(*, grant_id: int, due_at: dt.datetime, at: dt.datetime) -> Incident:
    """Open the incident of an emergency grant that nobody reviewed in time. Source: HQ-43."""
    return open_incident(
        kind=IncidentKind.OTHER,
        grade=IncidentGrade.LARGER,
        title=_("Emergency grant #%(grant)s was not reviewed in time") % {"grant": grant_id},
        account=_("Head office had to review it by %(due)s; the grant has ended.")
        % {"due": f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}"},
        unit=head_office(),
        found_at=at,
        by=None,
        at=at,
        same_cause=f"emergency:{grant_id}",
    )


def _locked(incident: Incident) -> Incident:
    return (
        Incident.objects.select_for_update(of=("self",)).select_related("unit").get(pk=incident.pk)
    )


def _open(incident: Incident, by: Staff) -> Incident:
    locked = _locked(incident)
    check(by, Permission.HANDLE_INCIDENTS, unit=locked.unit)
    if locked.closed_at is not None:
        raise WrongState("incident_closed", _("This incident is closed."))
    return locked


def _ticking(clock: IncidentClock) -> IncidentClock:
    ticking = IncidentClock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if ticking.stopped_at is not None:
        raise WrongState("clock_stopped", _("This report is made already."))
    return ticking


def _record(
    incident: Incident,
    action: str,
    by: Staff | None,
    at: dt.datetime,
    text: str = "",
    *,
    evidence: Paper | None = None,
) -> None:
    stored = None
    if evidence is not None:
        stored = accept(
            stream=evidence.stream,
            name=evidence.name,
            by=by,
            at=at,
            kinds=tuple(ContentKind),
            purpose=DOCUMENT,
        )
    IncidentStep.objects.create(
        incident=incident, action=action, text=text, evidence=stored, by=by, at=at
    )
    record_audit(
        action=f"reporting.incident_{action}",
        subject=incident,
        by=by,
        at=at,
        reason=text,
        **({"sha256": stored.sha256} if stored else {}),
    )
    align_work(subjects=[incident], by=by, at=at, outcome=action)
