"""Controls on new business: set by warnings, asked by quoting and issuing, lifted by the loop."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken, WrongState
from core.models import AuditRecord
from core.services import audit_record, record_audit, record_audits
from organization.enums import DecisionOutcome
from organization.models import SignedDecision, Staff, Unit
from organization.selectors.authority import permission_asked
from organization.selectors.recusal import traits_of
from organization.services.decisions import Subject, fingerprint_of, sign_decision
from partners.models import Lender
from underwriting.enums import ControlKind
from underwriting.models import Control
from underwriting.rules import (
    ControlFinding,
    ControlOrder,
    WarningClosure,
    is_stricter,
    strictest,
    why_not_lifted,
)
from underwriting.selectors import new_business_findings
from underwriting.selectors.controls import blocking_words, lift_facts


def suspend_segment(*, order: ControlOrder, at: dt.datetime) -> Control:
    """Suspend new business on exactly this slice (red). Source: POST-08b, HQ-27."""
    return _tighten_one(dataclasses.replace(order, kind=ControlKind.SUSPEND, factor=None), at)


def cut_line(*, order: ControlOrder, factor: Decimal, at: dt.datetime) -> Control:
    """Leave only the share `factor` of the line of this slice (orange). Source: POST-08f."""
    return _tighten_one(dataclasses.replace(order, kind=ControlKind.CUT_LINE, factor=factor), at)


def freeze_loosening(*, order: ControlOrder, at: dt.datetime) -> Control:
    """Keep the limits and terms of this slice from being loosened (yellow). Source: POST-08i."""
    return _tighten_one(
        dataclasses.replace(order, kind=ControlKind.FREEZE_LOOSENING, factor=None), at
    )


@transaction.atomic
def tighten_controls(*, orders: Sequence[ControlOrder], at: dt.datetime) -> list[Control]:
    """Put the strictest order of each slice in force and return the controls that are new.

    A live control that is as strict stays; a weaker one ends and names the one that replaced it.
    A fixed number of statements, whatever the number of orders.
    Source: POST-08b, POST-08f, POST-08i.
    """
    wanted = _strictest_per_slice(orders)
    live = {
        (each.unit_id, each.lender_id, each.dimension, each.value): each
        for each in Control.objects.live()
        .select_for_update(of=("self",))
        .filter(unit_id__in={order.unit_id for order in wanted})
    }
    due = [
        order
        for order in wanted
        if order.slice_key not in live or is_stricter(order.kind, live[order.slice_key].kind)
    ]
    weaker = [live[order.slice_key] for order in due if order.slice_key in live]
    for control in weaker:
        control.lifted_at, control.lift_reason = at, _("Replaced by a stricter control")
    Control.objects.bulk_update(weaker, ["lifted_at", "lift_reason"])
    new = Control.objects.bulk_create([_control(order, at) for order in due])
    for order, control in zip(due, new, strict=True):
        if order.slice_key in live:
            live[order.slice_key].replaced_by = control
    record_audits(records=[_audit_of_set(control) for control in new])
    Control.objects.bulk_update(weaker, ["replaced_by"])
    return new


@transaction.atomic
def lift_control(
    *,
    control: Control,
    closure: WarningClosure | None,
    remaining: Sequence[ControlOrder] = (),
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> Control | None:
    """Lift a control because the warning that set it was reviewed and closed.

    Whoever closes signs the lift on a dated grant of the exception `control_lift` that reaches the
    slice: unit, and product, channel, grade or obligor type; read again in this transaction.
    `remaining` are the orders of other warnings that still stand on the slice: the strictest of
    them takes the place of what is lifted and is returned.

    Raises:
        WrongState: it is lifted already.
        RuleBroken: it is not that warning's loop that asks, or the loop is not whole.
        NotPermitted: no grant of the person covers it, or the person must stay out; `findings`
            holds every reason, the message who could.
    Source: POST-08b (lift needs approval), PRE-11c, PRE-12e; ADR 0023.
    """
    locked = (
        Control.objects.select_for_update(of=("self",))
        .select_related("responsible_unit", "lender")
        .get(pk=control.pk)
    )
    if locked.lifted_at is not None:
        raise WrongState("control_lifted", _("This control was lifted already."))
    refusal = why_not_lifted(set_by_warning=locked.set_by_warning, closure=closure)
    if refusal is not None:
        raise RuleBroken(refusal, _("A control is lifted only when its warning is closed."))
    decision = _sign_lift(locked, closure, by, at, reason)
    locked.lifted_at, locked.lifted_by, locked.lift_reason = at, by, reason[:200]
    locked.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record_audit(
        action="underwriting.control_lifted",
        subject=locked,
        by=by,
        at=at,
        reason=reason,
        closed_at=closure.closed_at.isoformat(),
        decision=decision.pk,
    )
    return _put_next(locked, remaining, at)


def check_new_business(
    *,
    unit: Unit,
    lender: Lender | None,
    branch_name: str | None,
    channel: str | None,
    product: str | None,
    grade: str | None,
    obligor_type: str | None,
    loosens: bool = False,
) -> tuple[ControlFinding, ...]:
    """Refuse new business that a control blocks; return every other finding.

    Quoting and issuing call it inside their transaction. Of what is returned, `reduced` carries the
    factor that is left of the line, `frozen` allows no loosening, and `unknown` goes to a person.

    Raises:
        RuleBroken: at least one control blocks it; `findings` in its context holds all.
    Source: POST-08b, HQ-27.
    """
    findings = new_business_findings(
        unit=unit,
        lender=lender,
        branch_name=branch_name,
        channel=channel,
        product=product,
        grade=grade,
        obligor_type=obligor_type,
        loosens=loosens,
    )
    if any(finding.verdict == "blocked" for finding in findings):
        raise RuleBroken(
            "new_business_blocked",
            _("New business is blocked: %(controls)s.")
            % {"controls": "; ".join(blocking_words(findings))},
            findings=findings,
        )
    return findings


def _sign_lift(
    control: Control, closure: WarningClosure, by: Staff, at: dt.datetime, reason: str
) -> SignedDecision:
    """Sign the lift as a decision of its own: who disposed of the warning is its maker."""
    facts = lift_facts(control)
    return sign_decision(
        subject=Subject(
            row=control,
            step=1,
            version=1,
            unit=control.responsible_unit,
            maker=Staff.objects.get(pk=closure.handled_by_id),
            facts=facts,
            traits=traits_of(subject=control),
            permission=permission_asked(facts),
        ),
        outcome=DecisionOutcome.SIGN,
        version=1,
        key=uuid.uuid4(),
        fingerprint=fingerprint_of(control=control.pk, by=by.pk, reason=reason),
        by=by,
        at=at,
        reason=reason,
    )


def _tighten_one(order: ControlOrder, at: dt.datetime) -> Control:
    tighten_controls(orders=[order], at=at)
    return Control.objects.live().get(
        unit_id=order.unit_id,
        lender_id=order.lender_id,
        dimension=order.dimension,
        value=order.value,
    )


def _strictest_per_slice(orders: Sequence[ControlOrder]) -> list[ControlOrder]:
    slices: dict[object, list[ControlOrder]] = {}
    for order in orders:
        slices.setdefault(order.slice_key, []).append(order)
    return [order for each in slices.values() if (order := strictest(each))]


def _control(order: ControlOrder, at: dt.datetime) -> Control:
    return Control(
        kind=order.kind,
        unit_id=order.unit_id,
        responsible_unit_id=order.responsible_unit_id,
        lender_id=order.lender_id,
        dimension=order.dimension,
        value=order.value,
        factor=order.factor,
        set_by_warning=order.warning_id,
        reason=order.reason[:200],
        since=at,
    )


def _audit_of_set(control: Control) -> AuditRecord:
    return audit_record(
        action="underwriting.control_set",
        subject=control,
        by=None,
        at=control.since,
        reason=control.reason,
        warning=control.set_by_warning,
        kind=control.kind,
    )


def _put_next(
    lifted: Control, remaining: Sequence[ControlOrder], at: dt.datetime
) -> Control | None:
    following = strictest(remaining)
    if following is None:
        return None
    (control,) = tighten_controls(orders=[following], at=at)
    lifted.replaced_by = control
    lifted.save(update_fields=["replaced_by"])
    return control
