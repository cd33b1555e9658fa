"""Reads of the controls on new business."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from organization.enums import ExceptionKind, IdentityKind, UnitKind
from organization.models import Staff, Unit
from organization.selectors import units_in_scope
from organization.selectors.authority import CaseFacts, Signer, permission_asked, who_could_sign
from organization.selectors.recusal import trait_index, traits_of
from partners.models import Lender
from underwriting.enums import ControlDimension
from underwriting.models import Control
from underwriting.rules import ControlFinding, NewBusiness, SetControl, judge_new_business

FACT_OF = {  # dimension of a control → fact of a case
    ControlDimension.PRODUCT: "product",
    ControlDimension.CHANNEL: "channel",
    ControlDimension.GRADE: "grade",
    ControlDimension.OBLIGOR_TYPE: "obligor_type",
}


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


def partner_traits(*, lender_id: int | None, dimension: str, value: str) -> list[tuple[str, bytes]]:
    """Return by what the lender of a slice is recognised: as an employer that somebody named.

    A slice speaks of a lender by itself, or by its code as the value. Source: PRE-12e (partner).
    """
    if lender_id is not None:
        lender = Lender.objects.get(pk=lender_id)
    elif dimension == ControlDimension.LENDER:
        lender = Lender.objects.filter(code=value).first()
    else:
        return []
    if lender is None:
        return []
    kind = IdentityKind.EMPLOYER
    return [(str(kind), trait_index(kind=kind, value=lender.name))]


def live_control_of(*, warning_id: int) -> Control | None:
    """Return what a warning set and what still binds new business; none where nothing does."""
    return (
        Control.objects.live()
        .filter(set_by_warning=warning_id)
        .select_related("responsible_unit", "lender")
        .first()
    )


def lift_facts(control: Control) -> CaseFacts:
    """Return what authority asks of lifting a control: its place and slice, and no amount.

    A control on all products (or on a lender, a branch, the total) names no product, so that a
    grant limited to some products does not reach it.
    """
    fact = FACT_OF.get(ControlDimension(control.dimension))
    return CaseFacts(
        unit_path=control.responsible_unit.path,
        exceptions=(ExceptionKind.CONTROL_LIFT,),
        **({fact: control.value} if fact else {}),
    )


def who_could_lift(
    *, control: Control, maker_id: int | None, at: dt.datetime, as_of: dt.date
) -> list[Signer]:
    """Return who could lift a control today, and every reason why the others could not.

    `maker_id` is whoever disposed of the warning. Source: PRE-11c, POST-08b.
    """
    facts = lift_facts(control)
    return who_could_sign(
        facts=facts,
        at=at,
        as_of=as_of,
        maker_id=maker_id,
        traits=traits_of(subject=control),
        permission=permission_asked(facts),
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


def blocking_words(findings: Iterable[ControlFinding]) -> list[str]:
    """Say of each control that blocks: what, on which slice, by which warning, in whose charge.

    So that whoever is refused knows whom to ask. Source: POST-08b.
    """
    blocked = [each.control_id for each in findings if each.verdict == "blocked"]
    controls = Control.objects.filter(pk__in=blocked).select_related(
        "unit", "responsible_unit", "lender"
    )
    return [
        _("%(kind)s for %(slice)s by warning #%(number)s, in the charge of %(unit)s")
        % {
            "kind": control.get_kind_display(),
            "slice": _slice_words(control),
            "number": control.set_by_warning,
            "unit": control.responsible_unit.name,
        }
        for control in controls.order_by("pk")
    ]


def _slice_words(control: Control) -> str:
    if control.dimension == ControlDimension.TOTAL:
        words = [control.unit.name, control.get_dimension_display()]
    else:
        words = [control.get_dimension_display(), control.value]
    lender = [control.lender.name] if control.lender else []
    return " · ".join([*lender, *filter(None, words)])


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
