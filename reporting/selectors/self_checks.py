"""Reads of self-checks, inspections and findings, by scope; coverage of the branches."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import add_months
from core.selectors import figure
from organization.enums import UnitKind
from organization.models import Staff, Unit
from organization.selectors import units_in_scope
from organization.selectors.work import seen_through_work
from reporting.models import Answer, Finding, Inspection, InternalControl, Question, SelfCheck
from reporting.permissions import check_see_governance, check_see_self_checks


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far one branch is covered: inspections, self-checks, findings. Source: POST-34c."""

    unit: Unit
    last_inspected_on: dt.date | None
    is_covered: bool
    checks: int
    checks_signed: int
    checks_late: int
    findings_open: int
    findings_late: int


def self_checks(*, staff: Staff) -> QuerySet[SelfCheck]:
    """Return the self-checks of the person's units, those not signed off first.

    Raises:
        NotPermitted: the person sees no self-checks.
    """
    check_see_self_checks(staff)
    return (
        SelfCheck.objects.filter(unit__path__startswith=staff.unit.path)
        .select_related("unit", "questionnaire", "submitted_by", "signed_by")
        .order_by("signed_at", "due_on", "pk")
    )


def self_check_of(*, staff: Staff, pk: int) -> SelfCheck:
    """Return one self-check of the person's units with questions, answers and findings.

    Raises:
        Missing: it does not exist or lies outside the scope.
    """
    found = (
        self_checks(staff=staff)
        .prefetch_related(
            Prefetch("questionnaire__questions", Question.objects.order_by("number")),
            Prefetch("answers", Answer.objects.select_related("question", "evidence")),
            Prefetch("findings", Finding.objects.select_related("owner").order_by("pk")),
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Missing("self_check_missing", _("There is no such self-check."))
    return found


def findings(*, staff: Staff) -> QuerySet[Finding]:
    """Return the findings of the person's units, those not closed first, the earliest due first.

    Raises:
        NotPermitted: the person sees no self-checks.
    """
    check_see_self_checks(staff)
    return _findings(Q(unit__path__startswith=staff.unit.path))


def _findings(seen: Q) -> QuerySet[Finding]:
    return (
        Finding.objects.filter(seen)
        .select_related("unit", "owner", "rectified_by", "verified_by", "evidence")
        .order_by("verified_at", "due_on", "pk")
    )


def findings_of_leaver(*, staff_id: int) -> QuerySet[Finding]:
    """Return the findings that a person owns and nobody put right yet. Source: CRM-30."""
    mine = Finding.objects.filter(owner_id=staff_id, rectified_at__isnull=True)
    return mine.select_related("unit").order_by("pk")


def finding_of(*, staff: Staff, pk: int) -> Finding:
    """Return one finding of the person's units, or one on which the person holds open work.

    Raises:
        Missing: it does not exist or lies outside the scope.
    """
    held = _findings(seen_through_work(staff=staff, model=Finding))
    found = held.filter(pk=pk).first() or findings(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("finding_missing", _("There is no such finding."))
    return found


def inspections(*, staff: Staff) -> QuerySet[Inspection]:
    """Return the inspections of the person's units, those not done first.

    Raises:
        NotPermitted: the person sees no self-checks.
    """
    check_see_self_checks(staff)
    return (
        Inspection.objects.filter(unit__path__startswith=staff.unit.path)
        .select_related("unit", "lead", "report")
        .annotate(finding_count=Count("findings"))
        .order_by("recorded_at", "planned_on", "pk")
    )


def inspection_of(*, staff: Staff, pk: int) -> Inspection:
    """Return one inspection of the person's units.

    Raises:
        Missing: it does not exist or lies outside the scope.
    """
    found = inspections(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("inspection_missing", _("There is no such inspection."))
    return found


def coverage(*, staff: Staff, as_of: dt.date) -> list[Coverage]:
    """Return how far every branch of the person's scope is inspected and checks itself.

    A branch is covered when its last inspection is no older than the parameter says.

    Raises:
        NotPermitted: the person sees no self-checks.
    """
    check_see_self_checks(staff)
    units = list(units_in_scope(staff=staff).filter(kind=UnitKind.BRANCH).order_by("path"))
    months = int(figure(name="inspection.coverage_months", as_of=as_of))
    since = add_months(as_of, -months)
    pks = [unit.pk for unit in units]
    inspected = _by_unit(Inspection.objects.filter(unit__in=pks), last=Max("done_on"))
    checks = _by_unit(
        SelfCheck.objects.filter(unit__in=pks, questionnaire__opened_at__date__gte=since),
        asked=Count("pk"),
        signed=Count("pk", filter=Q(signed_at__isnull=False)),
        late=Count("pk", filter=Q(submitted_at__isnull=True, due_on__lt=as_of)),
    )
    found = _by_unit(
        Finding.objects.filter(unit__in=pks, verified_at__isnull=True),
        open=Count("pk"),
        late=Count("pk", filter=Q(rectified_at__isnull=True, due_on__lt=as_of)),
    )
    return [
        Coverage(
            unit=unit,
            last_inspected_on=(last := inspected.get(unit.pk, {}).get("last")),
            is_covered=last is not None and last >= since,
            checks=checks.get(unit.pk, {}).get("asked", 0),
            checks_signed=checks.get(unit.pk, {}).get("signed", 0),
            checks_late=checks.get(unit.pk, {}).get("late", 0),
            findings_open=found.get(unit.pk, {}).get("open", 0),
            findings_late=found.get(unit.pk, {}).get("late", 0),
        )
        for unit in units
    ]


def internal_controls(*, staff: Staff) -> QuerySet[InternalControl]:
    """Return the library of controls, by requirement. Source: POST-34a.

    Raises:
        NotPermitted: the person does not read the registers.
    """
    check_see_governance(staff)
    return InternalControl.objects.order_by("requirement", "code")


def _by_unit(rows: QuerySet, **sums: object) -> dict[int, dict[str, object]]:
    return {row["unit"]: row for row in rows.order_by().values("unit").annotate(**sums)}
