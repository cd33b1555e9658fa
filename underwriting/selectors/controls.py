"""Reads of the controls on new business."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from organization.enums import UnitKind
from organization.models import Staff, Unit
from organization.selectors import units_in_scope
from partners.models import Lender
from underwriting.enums import ControlDimension
from underwriting.models import Control
from underwriting.rules import ControlFinding, NewBusiness, SetControl, judge_new_business


def control_register(*, staff: Staff | None) -> QuerySet[Control]:
    """Return the controls that the person sees, live ones first, newest first, with their names.

    Seen are those of units in scope and those of units above that bind the person's unit too;
    never another branch's. Source: HQ-27.
    """
    controls = Control.objects.select_related(
        "unit", "responsible_unit", "lender", "lifted_by", "replaced_by"
    ).order_by(F("lifted_at").desc(nulls_first=True), "-since", "-pk")
    if staff is None or staff.unit.kind == UnitKind.HEAD_OFFICE:
        return controls
    mine = Q(responsible_unit__in=units_in_scope(staff=staff))
    from_above = ~Q(dimension=ControlDimension.BRANCH) & Q(
        responsible_unit__path__in=_paths_above(staff.unit)
    )
    return controls.filter(mine | from_above)


def controls_on(
    *, unit: Unit, lender: Lender | None, dimension: str, value: str
) -> QuerySet[Control]:
    """Return every control that this slice ever had, newest first; the live one has no end."""
    return (
        Control.objects.filter(unit=unit, lender=lender, dimension=dimension, value=value)
        .select_related("unit", "lender", "lifted_by")
        .order_by("-since", "-pk")
    )


def new_business_findings(
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
    """Return what every live control says of a piece of new business; one query.

    Branch, channel and product are the names in the lender's books; `None` is not known.
    """
    case = NewBusiness(
        unit_path=unit.path,
        lender_id=lender.pk if lender else None,
        lender=lender.code if lender else None,
        branch=branch_name,
        channel=channel,
        product=product,
        grade=grade,
        obligor_type=obligor_type,
        loosens=loosens,
    )
    binding = (
        Control.objects.live()
        .filter(unit__path__in=[*_paths_above(unit), unit.path])
        .select_related("unit", "responsible_unit")
        .order_by("pk")
    )
    return judge_new_business(case, map(_set_control, binding))


def _set_control(control: Control) -> SetControl:
    return SetControl(
        pk=control.pk,
        kind=control.kind,
        unit_path=control.unit.path,
        responsible_path=control.responsible_unit.path,
        lender_id=control.lender_id,
        dimension=control.dimension,
        value=control.value,
        factor=control.factor,
    )


def _paths_above(unit: Unit) -> list[str]:
    codes = unit.path.strip("/").split("/")
    return ["/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes))]
