"""Policies, their versions, and the files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.downloads import hand_out
from organization.enums import Permission
from organization.permissions import check, may
from reporting.enums import VersionStatus
from reporting.forms import PolicyForm, PolicyVersionForm
from reporting.selectors import policies as selectors
from reporting.services import policies as services
from reporting.views.shared import accepted, page_of


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, selectors.policies(staff=request.user))
    context = {
        "page": page,
        "rows": [(each, _published(each)) for each in page],
        "may_maintain": may(request.user, Permission.MAINTAIN_REGISTERS),
    }
    return render(request, "reporting/policies/policy_list.html", context)


@require_safe
def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _policy_page(request, selectors.policy_of(staff=request.user, pk=pk), None)


def policy_entry(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MAINTAIN_REGISTERS)
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and (
        entered := accepted(
            form,
            lambda: services.enter_policy(**form.cleaned_data, by=request.user, at=clock.now()),
        )
    ):
        return redirect("governance:policy", entered.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("Enter a policy"), "back": "governance:policies"}
    return render(request, "reporting/register_form.html", context, status=status)


@require_POST
def policy_draft(request: HttpRequest, pk: int) -> HttpResponse:
    policy = selectors.policy_of(staff=request.user, pk=pk)
    check(request.user, Permission.MAINTAIN_REGISTERS)
    wanted = selectors.mandatory_clauses(kind=policy.kind, as_of=clock.today())
    form = PolicyVersionForm(request.POST, request.FILES, clauses=wanted)
    if accepted(
        form,
        lambda: services.draft_policy_version(
            document=policy,
            stream=form.cleaned_data["file"].file,
            name=form.cleaned_data["file"].name,
            effective_from=form.cleaned_data["effective_from"],
            clauses=form.clauses(),
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("The draft waits for another person to publish it."))
        return redirect("governance:policy", pk)
    return _policy_page(request, policy, form)


@require_POST
def policy_publication(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = selectors.policy_version_of(staff=request.user, pk=pk, number=number)
    services.publish_policy_version(version=version, by=request.user, at=clock.now())
    messages.success(request, _("The version is published."))
    return redirect("governance:policy", pk)


@require_POST
def policy_review(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = selectors.policy_version_of(staff=request.user, pk=pk, number=number)
    remark = request.POST.get("remark", "")[:500]
    services.review_policy_version(version=version, remark=remark, by=request.user, at=clock.now())
    messages.success(request, _("The review is recorded."))
    return redirect("governance:policy", pk)


@require_safe
def policy_file(request: HttpRequest, pk: int, number: int) -> StreamingHttpResponse:
    stored = selectors.policy_version_of(staff=request.user, pk=pk, number=number).stored
    return hand_out(stored, by=request.user, at=clock.now())


def _policy_page(request, policy, form) -> HttpResponse:
    wanted = selectors.mandatory_clauses(kind=policy.kind, as_of=clock.today())
    may_publish = may(request.user, Permission.APPROVE_REGISTERS)
    may_maintain = may(request.user, Permission.MAINTAIN_REGISTERS)
    context = {
        "policy": policy,
        "versions": [
            {
                "version": each,
                "clauses": [(words, each.clauses.get(code, "")) for code, words in wanted.items()],
                "may_publish": may_publish
                and each.status == VersionStatus.DRAFT
                and each.drafted_by_id != request.user.pk,
                "may_review": may_maintain
                and each.status == VersionStatus.PUBLISHED
                and each.review_asked_at is not None,
            }
            for each in policy.versions.all()
        ],
        "may_maintain": may_maintain,
        "form": form or PolicyVersionForm(clauses=wanted),
    }
    status = 422 if form else 200
    return render(request, "reporting/policies/policy_detail.html", context, status=status)


def _published(policy):
    versions = policy.versions.all()
    return next((each for each in versions if each.status == VersionStatus.PUBLISHED), None)
