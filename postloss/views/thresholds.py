"""The register of thresholds: what is in force, proposals, their approval."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.enums import ApprovalStatus
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check, may
from organization.services.step_up import fresh_second_factor
from postloss.enums import Dimension, Indicator, ThresholdTest
from postloss.forms.thresholds import LineFormSet, ProposalForm, initial_lines, sentences
from postloss.models import ThresholdSet
from postloss.permissions import may_approve_thresholds
from postloss.rules.thresholds import ThresholdLine, threshold_changes
from postloss.selectors import thresholds as selectors
from postloss.services.thresholds import approve_thresholds, propose_thresholds

LineKey = tuple[str, str, str]


@require_safe
def threshold_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    in_force = selectors.threshold_set_in_force(as_of=clock.today())
    context = {
        "in_force": in_force,
        "groups": _groups(selectors.lines_of(threshold_set=in_force)),
        "sets": _marked(selectors.threshold_sets(), in_force),
        "may_propose": may(request.user, Permission.PROPOSE_THRESHOLDS),
    }
    return render(request, "postloss/thresholds/threshold_list.html", context)


@require_safe
def threshold_set(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    shown = selectors.threshold_set_of(pk=pk)
    before = selectors.threshold_set_in_force(as_of=shown.valid_from)
    if before == shown:
        before = _one_before(shown)
    lines = selectors.lines_of(threshold_set=shown)
    is_open = not shown.is_starter and shown.status == ApprovalStatus.UNAPPROVED
    context = {
        "set": shown,
        "before": before,
        "groups": _groups(lines),
        "changes": []
        if before is None
        else [
            (_words(change.key), change)
            for change in threshold_changes(selectors.lines_of(threshold_set=before), lines)
        ],
        "is_open": is_open,
        "may_approve": is_open and may_approve_thresholds(request.user, threshold_set=shown),
    }
    return render(request, "postloss/thresholds/threshold_set.html", context)


def _one_before(shown: ThresholdSet) -> ThresholdSet | None:
    """The approved set that ended where this one begins, else the starter."""
    if shown.is_starter:
        return None
    earlier = selectors.threshold_sets().exclude(pk=shown.pk)
    return earlier.filter(valid_to=shown.valid_from).first() or earlier.get(is_starter=True)


def threshold_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.PROPOSE_THRESHOLDS)
    in_force = selectors.threshold_set_in_force(as_of=clock.today())
    form = ProposalForm(request.POST or None, initial={"valid_from": clock.today()})
    lines = LineFormSet(
        request.POST or None,
        prefix="line",
        initial=initial_lines(selectors.lines_of(threshold_set=in_force)),
    )
    findings: list[str] = []
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        given = [line for each in lines if (line := each.line()) is not None]
        try:
            proposed = propose_thresholds(
                **form.cleaned_data, lines=given, by=request.user, at=clock.now()
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
            findings = sentences(refusal.context.get("findings", ()))
        else:
            messages.success(request, _("The proposal waits for another person's approval."))
            return redirect("postloss:threshold_set", proposed.pk)
    context = {"form": form, "lines": lines, "findings": findings, "in_force": in_force}
    status = 422 if request.method == "POST" else 200
    return render(request, "postloss/thresholds/threshold_proposal.html", context, status=status)


@require_POST
@fresh_second_factor
def threshold_approval(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_THRESHOLDS)
    approve_thresholds(
        threshold_set=selectors.threshold_set_of(pk=pk), by=request.user, at=clock.now()
    )
    messages.success(request, _("The set is approved."))
    return redirect("postloss:threshold_set", pk)


def _groups(lines: dict[LineKey, ThresholdLine]) -> list[tuple[str, list[Any]]]:
    groups: dict[str, list[Any]] = {}
    for key, line in lines.items():
        groups.setdefault(Indicator(key[0]).label, []).append((_words(key), line))
    return list(groups.items())


def _words(key: LineKey) -> tuple[str, str, str]:
    return Indicator(key[0]).label, Dimension(key[1]).label, ThresholdTest(key[2]).label


def _marked(
    sets: QuerySet[ThresholdSet], in_force: ThresholdSet
) -> list[tuple[ThresholdSet, bool]]:
    return [(each, each.pk == in_force.pk) for each in sets]
