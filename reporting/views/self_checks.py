"""Self-checks of the branches, and how far the head office covers them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError, NotPermitted
from organization.enums import Permission, UnitKind
from organization.permissions import check, may
from organization.selectors import units_in_scope
from reporting.forms import AnswerForm, QuestionnaireForm
from reporting.permissions import check_sign_self_check
from reporting.selectors import self_checks as selectors
from reporting.services import self_checks as services
from reporting.views.shared import accepted, page_of


@require_safe
def self_check_list(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, selectors.self_checks(staff=request.user)),
        "today": clock.today(),
        "may_open": may(request.user, Permission.MAINTAIN_REGISTERS),
    }
    return render(request, "reporting/self_checks/self_check_list.html", context)


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    rows = selectors.coverage(staff=request.user, as_of=clock.today())
    return render(request, "reporting/self_checks/coverage.html", {"rows": rows})


def questionnaire_entry(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MAINTAIN_REGISTERS)
    units = units_in_scope(staff=request.user).exclude(kind=UnitKind.HEAD_OFFICE).order_by("path")
    form = QuestionnaireForm(request.POST or None, units=units)
    if request.method == "POST" and accepted(
        form,
        lambda: services.open_questionnaire(
            title=form.cleaned_data["title"],
            period=form.cleaned_data["period"],
            questions=form.cleaned_data["questions"].splitlines(),
            units=list(form.cleaned_data["units"]),
            by=request.user,
            at=clock.now(),
        ),
    ):
        return redirect("governance:self_checks")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("Ask the branches"), "back": "governance:self_checks"}
    return render(request, "reporting/register_form.html", context, status=status)


def self_check_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.self_check_of(staff=request.user, pk=pk)
    is_post = request.method == "POST"
    if is_post:
        check(request.user, Permission.SELF_CHECK, unit=shown.unit)
    forms = [
        (
            question,
            AnswerForm(
                request.POST if is_post else None,
                request.FILES if is_post else None,
                prefix=str(question.pk),
            ),
        )
        for question in shown.questionnaire.questions.all()
    ]
    finding = ""
    if is_post and all(form.is_valid() for _question, form in forms):
        try:
            services.submit_self_check(
                self_check=shown,
                answers=[_given(question, form) for question, form in forms],
                by=request.user,
                at=clock.now(),
            )
        except NotPermitted:
            raise
        except DomainError as refusal:
            finding = refusal.message
        else:
            messages.success(request, _("The self-check is submitted."))
            return redirect("governance:self_check", pk)
    context = {
        "check": shown,
        "forms": forms,
        "finding": finding,
        "may_answer": shown.submitted_at is None
        and may(request.user, Permission.SELF_CHECK, unit=shown.unit),
        "may_sign": _may_sign(request.user, shown),
    }
    status = 422 if is_post else 200
    return render(request, "reporting/self_checks/self_check_detail.html", context, status=status)


@require_POST
def self_check_sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.self_check_of(staff=request.user, pk=pk)
    services.sign_self_check(self_check=shown, by=request.user, at=clock.now())
    messages.success(request, _("The self-check is signed off."))
    return redirect("governance:self_check", pk)


def _given(question, form) -> services.GivenAnswer:
    file = form.cleaned_data["evidence"]
    return services.GivenAnswer(
        question=question,
        answer=form.cleaned_data["answer"],
        remark=form.cleaned_data["remark"],
        evidence=file.file if file else None,
        evidence_name=file.name if file else "",
    )


def _may_sign(person, shown) -> bool:
    if shown.submitted_at is None or shown.signed_at is not None:
        return False
    try:
        check_sign_self_check(person, shown)
    except NotPermitted:
        return False
    return True
