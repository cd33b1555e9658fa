"""Committees, and what is before them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.downloads import hand_out
from core.enums import ApprovalStatus
from core.errors import DomainError, Missing
from organization.enums import Permission, ResolutionOutcome
from organization.forms.cases import CommitteeForm, EndForm, PutForm, SeatForm, VoteForm
from organization.models import Staff
from organization.permissions import allows, check, check_approve_committee, may
from organization.selectors import committees as selectors
from organization.selectors import units_in_scope
from organization.selectors.cases import case_of
from organization.services import committees as services
from organization.services import resolutions
from organization.services.step_up import fresh_second_factor

PER_PAGE = 50


@require_safe
def committee_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    page = Paginator(selectors.committees_in_scope(staff=request.user), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "may_found": may(request.user, Permission.RUN_COMMITTEES),
    }
    return render(request, "organization/committees/committee_list.html", context)


def committee_create(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.RUN_COMMITTEES)
    units = units_in_scope(staff=request.user).order_by("path")
    form = CommitteeForm(request.POST or None, units=units, initial={"valid_from": clock.today()})
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        try:
            made = services.found_committee(**form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The proposal waits for another person's approval."))
            return redirect("organization:committee", made.pk)
    context = {"form": form}
    return render(request, "organization/committees/committee_create.html", context, status=status)


@require_safe
def committee_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    committee = selectors.committee_of(staff=request.user, pk=pk)
    return render(
        request, "organization/committees/committee_detail.html", _story(request, committee)
    )


def _story(request: HttpRequest, committee: Any, form: SeatForm | None = None) -> dict[str, Any]:
    is_open = committee.status == ApprovalStatus.UNAPPROVED
    may_run = may(request.user, Permission.RUN_COMMITTEES, unit=committee.unit)
    page = Paginator(selectors.resolutions_of(committee=committee), PER_PAGE)
    return {
        "committee": committee,
        "seats": selectors.seats_on(committee=committee, day=clock.today()),
        "page": page.get_page(request.GET.get("page")),
        "may_approve": is_open
        and allows(check_approve_committee, request.user, committee=committee),
        "may_run": may_run,
        "form": form or SeatForm(people=_people(request), initial={"valid_from": clock.today()}),
        "may_end": committee.status == ApprovalStatus.APPROVED
        and committee.valid_to is None
        and may(request.user, Permission.APPROVE_AUTHORITY, unit=committee.unit),
        "end_form": EndForm(auto_id="e_%s", initial={"valid_to": clock.today()}),
        "today": clock.today(),
    }


def _people(request: HttpRequest) -> Any:
    return (
        Staff.objects.filter(
            is_active=True, unit__path__startswith=request.user.unit.path, roles__kind="business"
        )
        .exclude(pk=request.user.pk)
        .distinct()
        .order_by("username")
    )


@require_POST
@fresh_second_factor
def committee_approval(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_AUTHORITY)
    services.approve_committee(
        committee=selectors.committee_of(staff=request.user, pk=pk), by=request.user, at=clock.now()
    )
    messages.success(request, _("The committee is approved."))
    return redirect("organization:committee", pk)


@require_POST
def seat_create(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RUN_COMMITTEES)
    committee = selectors.committee_of(staff=request.user, pk=pk)
    form, status = SeatForm(request.POST, people=_people(request)), 422
    if form.is_valid():
        try:
            services.seat_member(
                committee=committee, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The member has a seat."))
            return redirect("organization:committee", pk)
    context = _story(request, committee, form)
    return render(request, "organization/committees/committee_detail.html", context, status=status)


@require_POST
def seat_end(request: HttpRequest, pk: int, seat_pk: int) -> HttpResponse:
    check(request.user, Permission.RUN_COMMITTEES)
    committee = selectors.committee_of(staff=request.user, pk=pk)
    member = committee.members.filter(pk=seat_pk).first()
    if member is None:
        raise Missing("seat_missing", _("There is no such seat."))
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, and on which day."))
        return redirect("organization:committee", pk)
    services.end_seat(member=member, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("The end of the seat is set."))
    return redirect("organization:committee", pk)


@require_POST
@fresh_second_factor
def committee_end(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_AUTHORITY)
    committee = selectors.committee_of(staff=request.user, pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, and on which day."))
        return redirect("organization:committee", pk)
    words = dict(form.cleaned_data)
    words["valid_to"] = words["valid_to"] or clock.today()
    services.end_committee(committee=committee, **words, by=request.user, at=clock.now())
    messages.success(request, _("The end of the committee is set."))
    return redirect("organization:committee", pk)


@require_POST
def case_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a case to a committee."""
    check(request.user, Permission.RUN_COMMITTEES)
    today = clock.today()
    case = case_of(staff=request.user, pk=pk, as_of=today)
    form = PutForm(
        request.POST, request.FILES, committees=selectors.committees_for(case=case, as_of=today)
    )
    if not form.is_valid():
        messages.error(request, _("Name the committee, the meeting and its day."))
        return redirect("organization:case", pk)
    upload = form.cleaned_data["document"]
    made = resolutions.put_to_committee(
        case=case,
        **{name: form.cleaned_data[name] for name in ("committee", "meeting", "held_on")},
        documents=[(upload.name[:255], upload)] if upload else [],
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, _("The case is before the committee."))
    return redirect("organization:resolution", made.pk)


@require_safe
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.resolution_of(staff=request.user, pk=pk, as_of=clock.today())
    is_open = shown.outcome == ResolutionOutcome.OPEN
    seats = list(selectors.seats_on(committee=shown.committee, day=shown.held_on))
    votes = {vote.member_id: vote for vote in shown.votes.select_related("member__person")}
    mine = next((seat for seat in seats if seat.person_id == request.user.pk), None)
    context = {
        "resolution": shown,
        "matter_url": selectors.matter_page(resolution=shown),
        "is_open": is_open,
        "rows": [(seat, votes.get(seat.pk)) for seat in seats],
        "files": shown.files.select_related("stored").order_by("pk"),
        "may_vote": is_open and mine is not None and mine.pk not in votes,
        "may_run": is_open
        and may(request.user, Permission.RUN_COMMITTEES, unit=shown.committee.unit),
        "form": VoteForm(),
    }
    return render(request, "organization/committees/resolution_detail.html", context)


@require_POST
@fresh_second_factor
def resolution_vote(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.resolution_of(staff=request.user, pk=pk, as_of=clock.today())
    form = VoteForm(request.POST)
    if form.is_valid():
        resolutions.cast_vote(
            resolution=shown, **form.cleaned_data, by=request.user, at=clock.now()
        )
        messages.success(request, _("Your vote is recorded."))
    else:
        messages.error(request, _("Choose one."))
    return redirect("organization:resolution", pk)


@require_POST
def resolution_closing(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RUN_COMMITTEES)
    shown = selectors.resolution_of(staff=request.user, pk=pk, as_of=clock.today())
    closed = resolutions.close_resolution(resolution=shown, by=request.user, at=clock.now())
    messages.success(request, _("The votes are counted: %s.") % closed.get_outcome_display())
    return redirect("organization:resolution", pk)


@require_POST
def resolution_material(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.RUN_COMMITTEES)
    shown = selectors.resolution_of(staff=request.user, pk=pk, as_of=clock.today())
    upload = request.FILES.get("document")
    if upload is None:
        messages.error(request, _("Choose a file."))
    else:
        resolutions.add_materials(
            resolution=shown,
            documents=[(upload.name[:255], upload)],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("The material is added."))
    return redirect("organization:resolution", pk)


@require_safe
def resolution_file(request: HttpRequest, pk: int, file_pk: int) -> StreamingHttpResponse:
    shown = selectors.resolution_of(staff=request.user, pk=pk, as_of=clock.today())
    return hand_out(
        selectors.resolution_file(resolution=shown, pk=file_pk), by=request.user, at=clock.now()
    )
