"""The people's part of the warning loop, one function a step, and its clocks."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.errors import RuleBroken, WrongState
from core.models import StoredFile
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import RecusalStage
from organization.models import Staff
from organization.services.recusal import check_stays_in, recusals_kept
from postloss.enums import WarningAction, WarningKind, WarningState
from postloss.models import RiskWarning, WarningStep
from postloss.permissions import check_warning_step
from postloss.selectors.terms import WarningTerms, warning_terms
from postloss.selectors.warnings import siblings_on_slice
from postloss.services.escalation import escalate_overdue_warnings
from postloss.services.raising import raise_warnings
from postloss.services.warning_controls import control_order
from postloss.services.warning_work import follow_step
from postloss.states import next_state
from underwriting.models import Control
from underwriting.services import WarningClosure, lift_control

__all__ = [
    "acknowledge_warning",
    "close_warning",
    "dispose_warning",
    "escalate_overdue_warnings",
    "raise_warnings",
    "review_warning",
]
EVIDENCE = Purpose(name="warning_evidence", limit="evidence_bytes")


@recusals_kept
@transaction.atomic
def acknowledge_warning(
    *, warning: RiskWarning, by: Staff, at: dt.datetime, remark: str = ""
) -> RiskWarning:
    """Take a warning on; the clock of its disposal starts.

    Raises:
        NotPermitted: the person does not handle warnings of this unit.
        WrongState: it is not open.
    Source: POST-08a.
    """
    locked = _locked(warning)
    _check_step(locked, WarningAction.ACKNOWLEDGE, by, at)
    _move(locked, WarningAction.ACKNOWLEDGE)
    locked.acknowledged_by = locked.assigned_to = by
    due_at = _terms(at).dispose_by(level=locked.level, at=at)
    return _record(locked, WarningAction.ACKNOWLEDGE, by, at, due_at=due_at, remark=remark)


@recusals_kept
@transaction.atomic
def dispose_warning(
    *,
    warning: RiskWarning,
    measure: str,
    remark: str,
    by: Staff,
    at: dt.datetime,
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> RiskWarning:
    """Say what was done about a warning, with evidence where there is a file; review comes next.

    Raises:
        NotPermitted: the person does not handle warnings of this unit.
        WrongState: it is not acknowledged.
        RuleBroken: nothing is said, or the file is too large.
    Source: POST-08c-i.
    """
    locked = _locked(warning)
    _check_step(locked, WarningAction.DISPOSE, by, at)
    _move(locked, WarningAction.DISPOSE)
    _check_said(remark)
    locked.handled_by, locked.reviewed_by = by, None
    return _record(
        locked,
        WarningAction.DISPOSE,
        by,
        at,
        due_at=_terms(at).review_by(at=at),
        remark=remark,
        measure=measure,
        evidence=_stored(evidence, evidence_name, by, at),
    )


@recusals_kept
@transaction.atomic
def review_warning(
    *, warning: RiskWarning, is_accepted: bool, remark: str, by: Staff, at: dt.datetime
) -> RiskWarning:
    """Accept a disposal, which starts the clock of improvement, or return it to its handler.

    Raises:
        NotPermitted: the person does not review warnings, or disposed of this one.
        WrongState: it is not disposed of.
        RuleBroken: nothing is said.
    Source: POST-07a (verified), POST-08h.
    """
    locked = _locked(warning)
    action = WarningAction.REVIEW if is_accepted else WarningAction.RETURN
    _check_step(locked, action, by, at)
    _move(locked, action)
    _check_said(remark)
    terms = _terms(at)
    if is_accepted:
        locked.reviewed_by = by
        due_at = terms.improve_by(at=at)
    else:
        due_at = terms.dispose_by(level=locked.level, at=at)
    return _record(locked, action, by, at, due_at=due_at, remark=remark)


@recusals_kept
@transaction.atomic
def close_warning(
    *,
    warning: RiskWarning,
    remark: str,
    by: Staff,
    at: dt.datetime,
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> RiskWarning:
    """Close a reviewed warning; controls that it set are lifted, or pass to what still stands.

    Raises:
        NotPermitted: the person does not review warnings, or disposed of this one.
        WrongState: it is not reviewed.
        RuleBroken: a risk was not good for enough month-ends in a row, there is no evidence, or
            nothing is said; `findings` in the context names every reason.
        NotPermitted: it set a control and no grant of the person covers lifting it.
    Source: HQ-29, POST-08b (lift needs approval), PRE-11c.
    """
    locked = _locked(warning)
    _check_step(locked, WarningAction.CLOSE, by, at)
    _move(locked, WarningAction.CLOSE)
    _check_said(remark)
    terms = _terms(at)
    _check_may_close(locked, terms, has_evidence=evidence is not None)
    locked.closed_by, locked.closed_at = by, at
    _record(
        locked,
        WarningAction.CLOSE,
        by,
        at,
        due_at=None,
        remark=remark,
        evidence=_stored(evidence, evidence_name, by, at),
    )
    _lift_controls(locked, terms, by, at, remark)
    return locked


def _locked(warning: RiskWarning) -> RiskWarning:
    return (
        RiskWarning.objects.select_for_update(of=("self",))
        .select_related("unit", "slice_unit")
        .get(pk=warning.pk)
    )


def _check_step(warning: RiskWarning, action: str, by: Staff, at: dt.datetime) -> None:
    """Ask the permission of a step; whoever is related to the slice's partner takes none."""
    check_warning_step(by, warning=warning, action=action, at=at)
    takes_on = action == WarningAction.ACKNOWLEDGE
    stage = RecusalStage.ASSIGNMENT if takes_on else RecusalStage.SIGNING
    check_stays_in(person=by, subject=warning, unit=warning.unit, stage=stage, at=at)


def _terms(at: dt.datetime) -> WarningTerms:
    return warning_terms(as_of=timezone.localdate(at))


def _move(warning: RiskWarning, action: str) -> None:
    following = next_state(warning.state, action)
    if following is None:
        raise WrongState(
            "warning_state",
            _("The warning is “%(state)s”; this step is not open now.")
            % {"state": WarningState(warning.state).label},
        )
    warning.state = following


def _check_said(remark: str) -> None:
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say in a few words what was done."), field="remark")


def _check_may_close(warning: RiskWarning, terms: WarningTerms, *, has_evidence: bool) -> None:
    findings = []
    if warning.kind == WarningKind.RISK and not warning.may_close:
        findings.append(
            _("The figure was not good for %(months)s month-ends in a row.")
            % {"months": terms.close_good_months}
        )
    if not (has_evidence or warning.steps.filter(evidence__isnull=False).exists()):
        findings.append(_("There is no file that proves the disposal."))
    if findings:
        raise RuleBroken("warning_may_not_close", " ".join(findings), findings=findings)


def _stored(stream: BinaryIO | None, name: str, by: Staff, at: dt.datetime) -> StoredFile | None:
    if stream is None:
        return None
    return accept(
        stream=stream, name=name, kinds=tuple(ContentKind), by=by, at=at, purpose=EVIDENCE
    )


def _record(
    warning: RiskWarning,
    action: str,
    by: Staff,
    at: dt.datetime,
    *,
    due_at: dt.datetime | None,
    remark: str,
    measure: str = "",
    evidence: StoredFile | None = None,
) -> RiskWarning:
    WarningStep.objects.create(
        warning=warning,
        action=action,
        state=warning.state,
        by=by,
        at=at,
        due_at=warning.due_at,
        remark=remark,
        measure=measure,
        evidence=evidence,
    )
    warning.due_at, warning.escalated_at = due_at, None
    warning.save()
    follow_step(warning=warning, action=action, by=by, at=at)
    record_audit(action=f"postloss.warning_{action}", subject=warning, by=by, at=at, reason=remark)
    return warning


def _lift_controls(
    warning: RiskWarning, terms: WarningTerms, by: Staff, at: dt.datetime, reason: str
) -> None:
    closure = WarningClosure(
        warning_id=warning.pk,
        handled_by_id=warning.handled_by_id,
        reviewed_by_id=warning.reviewed_by_id,
        closed_by_id=by.pk,
        closed_at=at,
    )
    orders = [
        order
        for other in siblings_on_slice(warning=warning)
        if (order := control_order(warning=other, level=other.peak_level, terms=terms))
    ]
    for control in Control.objects.live().filter(set_by_warning=warning.pk):
        lift_control(
            control=control, closure=closure, remaining=orders, by=by, at=at, reason=reason
        )
