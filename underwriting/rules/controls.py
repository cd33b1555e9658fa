"""Which controls bind a piece of new business, and when a control may be lifted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from underwriting.enums import ControlDimension, ControlKind

STRICTNESS = {
    ControlKind.FREEZE_LOOSENING: 1,
    ControlKind.CUT_LINE: 2,
    ControlKind.SUSPEND: 3,
}
FULL_LINE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class ControlOrder:
    """Put this control on this slice because of this warning."""

    kind: str
    unit_id: int
    responsible_unit_id: int
    lender_id: int | None
    dimension: str
    value: str
    warning_id: int
    reason: str
    factor: Decimal | None = None

    @property
    def slice_key(self) -> tuple[int, int | None, str, str]:
        """What makes two orders speak of the same slice."""
        return (self.unit_id, self.lender_id, self.dimension, self.value)


@dataclass(frozen=True, kw_only=True)
class WarningClosure:
    """Proof that a warning went through its loop: who handled, who reviewed, who closed."""

    warning_id: int
    handled_by_id: int | None
    reviewed_by_id: int | None
    closed_by_id: int | None
    closed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class SetControl:
    """A live control, with the paths of its unit and of the unit that answers for it."""

    pk: int
    kind: str
    unit_path: str
    responsible_path: str
    lender_id: int | None
    dimension: str
    value: str
    factor: Decimal | None


@dataclass(frozen=True, kw_only=True)
class NewBusiness:
    """A quote, an application or a change of terms. `None` is not known; names are the books'."""

    unit_path: str
    lender_id: int | None
    lender: str | None
    branch: str | None
    channel: str | None
    product: str | None
    grade: str | None
    obligor_type: str | None
    loosens: bool = False


@dataclass(frozen=True, kw_only=True)
class ControlFinding:
    """What one control says: `blocked`, `reduced`, `frozen`, or `unknown` (a person decides)."""

    verdict: str
    control_id: int
    kind: str
    dimension: str
    value: str
    factor: Decimal | None


def is_stricter(kind: str, than: str) -> bool:
    """Tell whether one kind of control forbids more than another."""
    return STRICTNESS[ControlKind(kind)] > STRICTNESS[ControlKind(than)]


def strictest(orders: Sequence[ControlOrder]) -> ControlOrder | None:
    """Return the strictest order, the first of equals; none of none."""
    return max(orders, key=lambda order: STRICTNESS[ControlKind(order.kind)], default=None)


def judge_new_business(
    case: NewBusiness, controls: Iterable[SetControl]
) -> tuple[ControlFinding, ...]:
    """Return what every control that concerns the case says of it, all of them.

    A control binds the units below its own. Where the case lacks the fact that would decide, the
    verdict is `unknown`: missing is not permitted and not refused. Source: HQ-27, POST-08b.
    """
    findings = []
    for control in controls:
        concerned = _concerns(control, case)
        if concerned is False:
            continue
        findings.append(
            ControlFinding(
                verdict="unknown" if concerned is None else _verdict(control.kind, case.loosens),
                control_id=control.pk,
                kind=control.kind,
                dimension=control.dimension,
                value=control.value,
                factor=control.factor,
            )
        )
    return tuple(findings)


def line_factor(findings: Iterable[ControlFinding]) -> Decimal:
    """Return the share of the line that is left: the smallest factor; 0 when blocked, else 1."""
    shares = [FULL_LINE]
    for finding in findings:
        if finding.verdict == "blocked":
            shares.append(Decimal(0))
        elif finding.factor is not None:
            shares.append(finding.factor)
    return min(shares)


def why_not_lifted(*, set_by_warning: int, closure: WarningClosure | None) -> str | None:
    """Return the code of the reason why a control stays, or nothing where the loop is whole."""
    if closure is None or closure.warning_id != set_by_warning:
        return "control_lifted_by_its_loop_only"
    if closure.reviewed_by_id is None or closure.handled_by_id is None:
        return "control_warning_not_reviewed"
    if closure.handled_by_id in (closure.reviewed_by_id, closure.closed_by_id):
        return "control_handler_is_reviewer"
    return None


def _concerns(control: SetControl, case: NewBusiness) -> bool | None:
    if not case.unit_path.startswith(control.unit_path):
        return False
    if control.lender_id is not None and case.lender_id != control.lender_id:
        return None if case.lender_id is None else False
    if control.dimension == ControlDimension.TOTAL:
        return True
    known = _fact(control.dimension, case)
    if known is not None:
        return known == control.value
    if control.dimension == ControlDimension.BRANCH:
        # a lender's branch that is known to be another unit's cannot concern this case
        mine = case.unit_path.startswith(control.responsible_path)
        return None if mine or control.responsible_path.startswith(case.unit_path) else False
    return None


def _fact(dimension: str, case: NewBusiness) -> str | None:
    return getattr(case, str(dimension), None)


def _verdict(kind: str, loosens: bool) -> str:
    if kind == ControlKind.SUSPEND or loosens:
        return "blocked"
    return "reduced" if kind == ControlKind.CUT_LINE else "frozen"
