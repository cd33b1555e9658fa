"""The register of message words: look, preview, propose, decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from core.selectors.messages import (
    template_of,
    template_proposals,
    template_register,
    template_versions,
)
from desk.forms import TemplateForm
from desk.permissions import check_see_templates, may_decide_template
from desk.selectors.messages import preview_of, title_of, version_of
from desk.services.messages import decide_template, propose_template
from organization.enums import Permission
from organization.permissions import check, may

PAGE = 50
PLACE = ("code", "channel", "language", "subject", "body")


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    check_see_templates(request.user)
    rows, text = template_register(as_of=clock.today()), request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(code__icontains=text)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, title_of(each.code)) for each in page],
        "proposals": [(each, title_of(each.code)) for each in template_proposals()[:PAGE]],
        "q": text,
        "may_propose": may(request.user, Permission.MANAGE_TEMPLATES),
    }
    return render(request, "desk/messages/template_list.html", context)


@require_safe
def template_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_templates(request.user)
    row = template_of(pk=pk)
    context = {
        "version": version_of(row),
        "history": Paginator(template_versions(template=row), PAGE).get_page(
            request.GET.get("page")
        ),
        "may_decide": row.status == "proposed" and may_decide_template(request.user, template=row),
        "may_propose": may(request.user, Permission.MANAGE_TEMPLATES),
    }
    return render(request, "desk/messages/template_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_TEMPLATES)
    sent = request.POST if request.method == "POST" else None
    form, preview = TemplateForm(sent, initial=_start(request)), None
    if form.is_valid():
        words = form.cleaned_data
        if "preview" in request.POST:
            texts = {name: words[name] for name in ("code", "language", "subject", "body")}
            preview = preview_of(**texts)
        else:
            try:
                row = propose_template(**words, by=request.user, at=clock.now())
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
            else:
                messages.success(request, _("The words wait for another person's approval."))
                return redirect("desk:message_template", pk=row.pk)
    context = {"form": form, "preview": preview}
    status = 422 if form.errors else 200
    return render(request, "desk/messages/template_proposal.html", context, status=status)


@require_POST
def template_decision(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_templates(request.user)
    is_approved = request.POST.get("decision") == "approve"
    decide_template(
        template=template_of(pk=pk),
        is_approved=is_approved,
        remark=request.POST.get("remark", "")[:500],
        by=request.user,
        at=clock.now(),
    )
    words = _("The words are approved.") if is_approved else _("The words are rejected.")
    messages.success(request, words)
    return redirect("desk:message_template", pk=pk)


def _start(request: HttpRequest) -> dict[str, object]:
    """Begin with today, and with the words of the version that is to be bettered."""
    start: dict[str, object] = {"valid_from": clock.today()}
    number = request.GET.get("from", "")
    if number.isascii() and number.isdecimal():
        row = template_of(pk=int(number))
        start |= {name: getattr(row, name) for name in PLACE}
    return start
