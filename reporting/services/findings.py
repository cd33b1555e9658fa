"""Inspections by the head office, and the findings of inspections and self-checks."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.errors import NotPermitted, RuleBroken, WrongState
from core.models import StoredFile
from core.selectors import add_working_days, figure
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import Permission, WorkKind
from organization.models import Staff, Unit
from organization.permissions import check
from organization.selectors.work import work_subjects
from organization.services.awaiting import align_work
from reporting.models import Finding, Inspection
from reporting.services.words import check_words

DOCUMENT = Purpose(name="finding_evidence", limit="evidence_bytes")


@transaction.atomic
def plan_inspection(
    *, unit: Unit, title: str, planned_on: dt.date, lead: Staff, by: Staff, at: dt.datetime
) -> Inspection:
    """Put an inspection of a unit into the plan.

    Raises:
        NotPermitted: the person does not maintain registers over this unit.
        RuleBroken: the title is missing.
    Source: POST-34b.
    """
    check(by, Permission.MAINTAIN_REGISTERS, unit=unit)
    check_words(_("Fill in the title."), title=title)
    planned = Inspection.objects.create(
        unit=unit, title=title, planned_on=planned_on, lead=lead, planned_by=by, planned_at=at
    )
    record_audit(action="reporting.inspection_planned", subject=planned, by=by, at=at)
    align_work(subjects=[planned], by=by, at=at)
    return planned


@transaction.atomic
def record_inspection(
    *,
    inspection: Inspection,
    done_on: dt.date,
    conclusion: str,
    findings: Sequence[tuple[str, str, Staff]],
    by: Staff,
    at: dt.datetime,
    report: BinaryIO | None = None,
    report_name: str = "",
) -> Inspection:
    """Record what an inspection found: (title, severity, owner) of each finding.

    Findings are due after the working days that the parameter says.

    Raises:
        NotPermitted: the person does not maintain registers over this unit.
        WrongState: it is recorded already.
        RuleBroken: nothing is concluded, or it was done in the future.
    Source: POST-34b.
    """
    locked = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    check(by, Permission.MAINTAIN_REGISTERS, unit=locked.unit)
    if locked.recorded_at is not None:
        raise WrongState("inspection_recorded", _("This inspection is recorded already."))
    check_words(_("Say what was concluded."), conclusion=conclusion)
    today = timezone.localdate(at)
    if done_on > today:
        raise RuleBroken("done_in_future", _("It cannot be done later than today."), "done_on")
    locked.done_on, locked.conclusion = done_on, conclusion
    locked.report = _stored(report, report_name, by, at)
    locked.recorded_by, locked.recorded_at = by, at
    locked.save()
    days = int(figure(name="finding.rectify_working_days", as_of=today))
    due_on = add_working_days(day=today, count=days) if findings else today
    raised = Finding.objects.bulk_create(
        Finding(
            unit=locked.unit,
            inspection=locked,
            title=title,
            severity=severity,
            owner=owner,
            due_on=due_on,
            raised_by=by,
            raised_at=at,
        )
        for title, severity, owner in findings
    )
    record_audit(
        action="reporting.inspection_recorded",
        subject=locked,
        by=by,
        at=at,
        findings=len(findings),
    )
    align_work(subjects=[locked], by=by, at=at, outcome="recorded")
    align_work(subjects=raised, by=by, at=at)
    return locked


@transaction.atomic
def rectify_finding(
    *,
    finding: Finding,
    text: str,
    by: Staff,
    at: dt.datetime,
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> Finding:
    """Say how a finding was put right, with evidence where there is a file.

    Raises:
        NotPermitted: the person does not rectify findings of this unit.
        WrongState: it waits for verification or is closed.
        RuleBroken: nothing is said.
    Source: POST-34b, POST-34d.
    """
    locked = _locked(finding)
    if by.pk != locked.owner_id:
        check(by, Permission.SELF_CHECK, unit=locked.unit)
    if locked.rectified_at is not None:
        raise WrongState("finding_rectified", _("This finding was put right already."))
    check_words(_("Say how it was put right."), text=text)
    locked.rectified_by, locked.rectified_at, locked.rectification = by, at, text
    locked.evidence = _stored(evidence, evidence_name, by, at)
    locked.save()
    record_audit(action="reporting.finding_rectified", subject=locked, by=by, at=at, reason=text)
    align_work(subjects=[locked], by=by, at=at, outcome="rectified")
    return locked


@transaction.atomic
def verify_finding(
    *, finding: Finding, is_accepted: bool, remark: str, by: Staff, at: dt.datetime
) -> Finding:
    """Accept what was put right, which closes the finding, or send it back.

    Raises:
        NotPermitted: the person does not close findings, or put this one right.
        WrongState: it does not wait for verification.
        RuleBroken: it is sent back without a word.
    Source: POST-34b (verification by another).
    """
    locked = _locked(finding)
    check(by, Permission.APPROVE_REGISTERS, unit=locked.unit)
    if locked.rectified_at is None or locked.verified_at is not None:
        raise WrongState("finding_state", _("This finding does not wait for verification."))
    if locked.rectified_by_id == by.pk:
        raise NotPermitted("maker_is_checker", _("Whoever rectifies a finding does not verify it."))
    if is_accepted:
        locked.verified_by, locked.verified_at = by, at
    else:
        check_words(_("Say why it is sent back."), remark=remark)
        locked.rectified_by = locked.rectified_at = None
    locked.save()
    word = "verified" if is_accepted else "returned"
    record_audit(action=f"reporting.finding_{word}", subject=locked, by=by, at=at, reason=remark)
    align_work(subjects=[locked], by=by, at=at, outcome="confirmed" if is_accepted else "return")
    return locked


@transaction.atomic
def escalate_late_findings(*, at: dt.datetime) -> int:
    """Mark findings not put right by their due day, once; return how many."""
    late = list(
        Finding.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            due_on__lt=timezone.localdate(at), rectified_at__isnull=True, escalated_at__isnull=True
        )
        .order_by("pk")
    )
    for each in late:
        each.escalated_at = at
        each.save(update_fields=["escalated_at"])
        record_audit(action="reporting.finding_escalated", subject=each, by=None, at=at)
    return len(late)


def follow_hand_over(*, item_ids: Sequence[int], to_staff_id: int | None) -> None:
    """Let whoever took the work on own the finding, or lead the inspection.

    Given back to the team, it keeps its owner; whoever of the team rectifies it says so.
    """
    if to_staff_id is None:
        return
    kinds = {
        WorkKind.FINDING_RECTIFICATION: (Finding, "owner_id"),
        WorkKind.INSPECTION: (Inspection, "lead_id"),
    }
    for kind, (model, column) in kinds.items():
        pks = work_subjects(item_ids=item_ids, kind=kind)
        model.objects.filter(pk__in=pks).update(**{column: to_staff_id})


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update(of=("self",)).select_related("unit").get(pk=finding.pk)


def _stored(stream: BinaryIO | None, name: str, by: Staff, at: dt.datetime) -> StoredFile | None:
    if stream is None:
        return None
    return accept(
        stream=stream, name=name, by=by, at=at, kinds=tuple(ContentKind), purpose=DOCUMENT
    )
