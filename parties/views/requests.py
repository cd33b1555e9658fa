"""Requests of persons about their data."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check, may
from parties.enums import PersonRequestState
from parties.errors import Missing
from parties.forms import AnswerForm, HoldForm, IdentityForm, RequestForm
from parties.models import PersonRequest
from parties.selectors import masked_identity, person_request, person_requests
from parties.services import answer_request, check_identity, enter_request, open_hold

PER_PAGE = 50


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.ANSWER_PERSONS)
    found = person_requests(staff=request.user)
    state = request.GET.get("state", "")
    if state in PersonRequestState.values:
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, *_shown(each)) for each in page.object_list],
        "today": clock.today(),
        "state": state,
        "tabs": [("", _("All")), *PersonRequestState.choices],
    }
    return render(request, "parties/requests/request_list.html", context)


def _shown(asked: PersonRequest) -> tuple[str, str]:
    return masked_identity(asked.party) if asked.party else ("", "")


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.ANSWER_PERSONS)
    form = RequestForm(request.POST or None, initial={"received_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            asked = enter_request(by=request.user, at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("parties:request", asked.pk)
    status = 422 if form.errors else 200
    return render(request, "parties/requests/entry.html", {"form": form}, status=status)


@require_safe
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, person_request(staff=request.user, pk=pk))


@require_POST
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    form = IdentityForm(request.POST)

    def step(asked: PersonRequest, words: dict[str, Any]) -> None:
        is_shown = words["decision"] == "shown"
        check_identity(
            request=asked, is_shown=is_shown, note=words["note"], by=request.user, at=clock.now()
        )

    return _step(request, pk, form, step)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    def step(asked: PersonRequest, words: dict[str, Any]) -> None:
        answer_request(request=asked, by=request.user, at=clock.now(), **words)

    return _step(request, pk, AnswerForm(request.POST), step)


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    def step(asked: PersonRequest, words: dict[str, Any]) -> None:
        if asked.party is None:
            raise Missing("party_missing", _("Nothing is held of this person."))
        open_hold(reason=words["reason"], party=asked.party, by=request.user, at=clock.now())

    return _step(request, pk, HoldForm(request.POST), step)


def _step(request: HttpRequest, pk: int, form: Form, step: Any) -> HttpResponse:
    """Load one request, take one step, go back to its page."""
    asked = person_request(staff=request.user, pk=pk)
    status = 422
    if form.is_valid():
        try:
            step(asked, form.cleaned_data)
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The step is recorded."))
            return redirect("parties:request", pk)
    return _page(request, person_request(staff=request.user, pk=pk), form, status)


def _page(
    request: HttpRequest, asked: PersonRequest, form: Form | None = None, status: int = 200
) -> HttpResponse:
    name, document = _shown(asked)
    forms = {"identity_form": IdentityForm, "answer_form": AnswerForm, "hold_form": HoldForm}
    context = {
        "asked": asked,
        "name": name,
        "document": document,
        "kept": getattr(asked.party, "kept", None) if asked.party else None,
        "today": clock.today(),
        "may_hold": asked.party is not None and may(request.user, Permission.MANAGE_RETENTION),
    } | {key: form if isinstance(form, kind) else kind() for key, kind in forms.items()}
    return render(request, "parties/requests/request_detail.html", context, status=status)
