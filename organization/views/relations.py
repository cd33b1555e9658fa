"""What keeps people out of cases: declared relations, identities, and releases from them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.enums import ReleaseStatus
from organization.forms.cases import IdentityForm, RelationForm, ReleaseForm
from organization.models import DeclaredRelation, Staff, StaffIdentity
from organization.permissions import (
    allows,
    check_business,
    check_decide_release,
    check_see_releases,
)
from organization.selectors import recusal as selectors
from organization.services.recusal import declare_relation, record_identity
from organization.services.releases import ask_release, decide_release
from organization.services.step_up import fresh_second_factor

PER_PAGE = 50


def relation_list(request: HttpRequest) -> HttpResponse:
    check_business(request.user)
    people = Staff.objects.filter(is_active=True).exclude(pk=request.user.pk).order_by("username")
    form = RelationForm(
        request.POST or None,
        request.FILES or None,
        people=people,
        initial={"valid_from": clock.today()},
    )
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        read = dict(form.cleaned_data)
        upload = read["evidence"]
        read["evidence_name"] = upload.name[:255] if upload else ""
        try:
            declare_relation(**read, by=request.user, at=clock.now())
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The relation is declared."))
            return redirect("organization:relations")
    shown = selectors.relations_of(person=request.user)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, *selectors.masked_relation(relation=each)) for each in page],
        "form": form,
        "identity_form": IdentityForm(auto_id="i_%s"),
        "identities": selectors.identities_of(person=request.user),
        "may_decide": allows(check_see_releases, request.user),
    }
    return render(request, "organization/relations/relation_list.html", context, status=status)


@require_POST
def identity_create(request: HttpRequest) -> HttpResponse:
    check_business(request.user)
    form = IdentityForm(request.POST)
    if form.is_valid():
        record_identity(person=request.user, **form.cleaned_data, by=request.user, at=clock.now())
        messages.success(request, _("It is recorded, sealed."))
    else:
        messages.error(request, _("Give the kind and the value."))
    return redirect("organization:relations")


@require_POST
def relation_release(request: HttpRequest, pk: int) -> HttpResponse:
    check_business(request.user)
    return _ask(request, selectors.relation_of(person=request.user, pk=pk))


@require_POST
def identity_release(request: HttpRequest, pk: int) -> HttpResponse:
    check_business(request.user)
    return _ask(request, selectors.identity_of(person=request.user, pk=pk))


def _ask(request: HttpRequest, bond: StaffIdentity | DeclaredRelation) -> HttpResponse:
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a few words."))
        return redirect("organization:relations")
    ask_release(bond=bond, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("It binds until another person has confirmed the release."))
    return redirect("organization:relations")


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    check_see_releases(request.user)
    status = request.GET.get("status", ReleaseStatus.ASKED)
    if status not in ReleaseStatus.values:
        status = ReleaseStatus.ASKED
    page = Paginator(selectors.releases(status=status), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": ReleaseStatus.choices, "status": status, "rows": _rows(page)}
    return render(request, "organization/relations/release_list.html", context)


def _rows(page: Any) -> list[dict[str, Any]]:
    return [{"release": each, "what": selectors.released_words(release=each)} for each in page]


@require_POST
@fresh_second_factor
def release_decision(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_releases(request.user)
    release = selectors.release_of(pk=pk)
    check_decide_release(request.user, release=release)
    decided = decide_release(
        release=release,
        is_confirmed=request.POST.get("decision") == "confirm",
        by=request.user,
        at=clock.now(),
        remark=request.POST.get("remark", "")[:500],
    )
    messages.success(request, _("The release is decided: %s.") % decided.get_status_display())
    return redirect("organization:releases")
