"""People: the list, one person with history, roles, posts and certificates, and orders."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from organization.enums import Permission, PersonnelKind, Standing
from organization.errors import Missing, RuleBroken
from organization.forms import people as forms
from organization.models import PersonnelOrder, RoleAssignment, Staff
from organization.permissions import check, may, may_see_tree
from organization.selectors import leavers
from organization.selectors import staff as selectors
from organization.selectors.unit_preview import Effect, effect_of_leaving, effect_of_transfer
from organization.services import assignments, personnel
from organization.services import staff as services
from organization.views.forms import handle

PER_PAGE = 50


@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    people = selectors.staff_in_scope(staff=request.user)
    text, standing = request.GET.get("text", ""), request.GET.get("standing", "")
    if text:
        people = people.filter(username__icontains=text) | people.filter(name__icontains=text)
    if standing in Standing.values:
        people = people.filter(standing=standing)
    context = {
        "page": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "text": text,
        "standing": standing,
        "standings": Standing,
        "may_manage": may(request.user, Permission.MANAGE_STAFF),
    }
    return render(request, "organization/staff_list.html", context)


@require_http_methods(["GET", "POST"])
def appointment(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_STAFF)
    form = forms.HireForm(request.POST or None)
    service = partial(services.hire_staff, by=request.user, at=clock.now())
    back = reverse("organization:staff")
    return handle(request, form, service, back=back, title=_("Appoint a person"))


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.staff_of(staff=request.user, pk=pk)
    context = {
        "person": shown,
        "today": clock.today(),
        "orders": selectors.orders_of(person=shown),
        "assignments": selectors.assignments_of(person=shown),
        "holdings": selectors.holdings_of(person=shown),
        "certificates": selectors.certificates_of(person=shown),
        "may_manage": may(request.user, Permission.MANAGE_STAFF) and shown != request.user,
        "may_assign": may(request.user, Permission.ASSIGN_ROLES) and shown != request.user,
    }
    if shown.standing == Standing.LEFT:
        context["leaver"] = leavers.leaving_report(person=shown, at=clock.now())
    return render(request, "organization/person.html", context)


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MANAGE_STAFF)
    shown = selectors.staff_of(staff=request.user, pk=pk)
    kind = request.GET.get("kind", PersonnelKind.DISMISS)
    initial = {"effective_on": clock.today(), "kind": kind}
    return handle(
        request,
        forms.OrderForm(request.POST or None, initial=initial, person=shown),
        partial(personnel.order_personnel, staff=shown, by=request.user, at=clock.now()),
        back=reverse("organization:person", args=[pk]),
        title=_("Order about %(name)s") % {"name": shown.name},
        things=leavers.leaver_things(person=shown, at=clock.now()),
        preview=partial(_effect, shown),
    )


def _effect(shown: Staff, words: dict) -> Effect:
    """Ask what an order would change; whoever goes sees and holds nothing after."""
    is_moved = words["kind"] in {PersonnelKind.TRANSFER, PersonnelKind.REHIRE} and words["unit"]
    if not is_moved:
        return effect_of_leaving(person=shown, as_of=words["effective_on"])
    return effect_of_transfer(
        person=shown,
        unit=words["unit"],
        keeps_roles=words["keeps_roles"],
        as_of=words["effective_on"],
    )


@require_POST
def order_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MANAGE_STAFF)
    waiting = get_object_or_404(PersonnelOrder.objects.select_related("staff"), pk=pk)
    personnel.withdraw_order(order=waiting, by=request.user, at=clock.now())
    return redirect("organization:person", waiting.staff_id)


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.VisitForm
    return _of_person(request, pk, form, personnel.extend_visit, _("Access until (visitors)"))


@require_http_methods(["GET", "POST"])
def post_holding(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_person(request, pk, forms.PostForm, services.hold_post, _("Post"))


@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.CertificateForm
    return _of_person(request, pk, form, services.enter_certificate, _("Certificate"))


@require_http_methods(["GET", "POST"])
def role_assignment(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.AssignForm
    return _of_person(request, pk, form, assignments.assign_role, _("Assign a role"))


@require_POST
def assignment_end(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.ASSIGN_ROLES)
    ending = get_object_or_404(RoleAssignment.objects.select_related("staff", "role"), pk=pk)
    form = forms.EndForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    assignments.end_assignment(
        assignment=ending, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("The step is recorded."))
    return redirect("organization:person", ending.staff_id)


@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    if not may_see_tree(request.user):
        raise Missing("posts_missing", _("There is no such page, or it is not yours to see."))
    register = selectors.post_register(as_of=clock.today())
    return render(request, "organization/post_list.html", {"register": register})


def _of_person(
    request: HttpRequest,
    pk: int,
    form_class,
    service,
    title: str,
) -> HttpResponse:
    is_about_roles = service is assignments.assign_role
    check(request.user, Permission.ASSIGN_ROLES if is_about_roles else Permission.MANAGE_STAFF)
    shown: Staff = selectors.staff_of(staff=request.user, pk=pk)
    form = form_class(request.POST or None, initial={"valid_from": clock.today()})
    return handle(
        request,
        form,
        partial(service, staff=shown, by=request.user, at=clock.now()),
        back=reverse("organization:person", args=[pk]),
        title=f"{title} · {shown.name}",
    )
