"""What is kept until when, what is held, and what was deleted with proof."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import may
from parties import selectors, services
from parties.enums import RecordKind
from parties.errors import Missing, NotPermitted
from parties.forms import DecisionForm, HoldForm, LiftForm, ProposalForm
from parties.models import DeletionList, KeptRecord, LegalHold
from parties.permissions import (
    check_decide_deletion,
    check_manage_retention,
    may_decide_deletion,
    may_keep,
)

PER_PAGE = 50


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    return _records(request, ProposalForm())


def _require_keeper(request: HttpRequest) -> None:
    if not may_keep(request.user):
        raise NotPermitted("not_permitted", _("You may not do this: see what is kept."))


def _records(request: HttpRequest, form: ProposalForm, status: int = 200) -> HttpResponse:
    today = clock.today()
    kind, show = request.GET.get("kind", ""), request.GET.get("show", "due")
    found = selectors.kept_records(staff=request.user).filter(deleted_at__isnull=show != "deleted")
    if show == "due":
        found = found.filter(retain_until__lte=today)
    if kind in RecordKind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    held = selectors.held_reasons(records=rows)
    context = {
        "page": page,
        "rows": [(row, held.get(row.pk, ""), row.retain_until <= today) for row in rows],
        "kind": kind,
        "show": show,
        "kinds": RecordKind.choices,
        "form": form,
        "may_manage": may(request.user, Permission.MANAGE_RETENTION),
        "deletions": selectors.deletions(staff=request.user)[:PER_PAGE],
        "rules": selectors.rules_in_force(as_of=today),
    }
    return render(request, "parties/retention/record_list.html", context, status=status)


@require_POST
def proposal(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    check_manage_retention(request.user)
    ids = [int(each) for each in request.POST.getlist("records") if each.isdigit()][:PER_PAGE]
    records = list(selectors.kept_records(staff=request.user).filter(pk__in=ids))
    form, status = ProposalForm(request.POST, choices=ids), 422
    if form.is_valid():
        try:
            deletion = services.propose_deletion(
                records=records, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Proposed: somebody else decides."))
            return redirect("parties:deletion", deletion.pk)
    return _records(request, form, status)


@require_safe
def hold_list(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    found = selectors.holds(staff=request.user)
    context = {"page": Paginator(found, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "parties/retention/hold_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    record: KeptRecord | None = selectors.kept_records(staff=request.user).filter(pk=pk).first()
    if record is None:
        raise Missing("record_missing", _("There is no such record."))
    if request.method == "POST":
        check_manage_retention(request.user)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.open_hold(
            reason=form.cleaned_data["reason"],
            party=record.party,
            stored=record.stored,
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("Held: nothing deletes it until the hold is lifted."))
        return redirect("parties:holds")
    status = 422 if form.errors else 200
    title = _("Hold %(kind)s %(number)s") % {
        "kind": record.get_kind_display(),
        "number": record.pk,
    }
    context = {"form": form, "title": title, "submit": _("Hold")}
    return render(request, "parties/retention/hold.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def lifting(request: HttpRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    found: LegalHold | None = selectors.holds(staff=request.user).filter(pk=pk).first()
    if found is None:
        raise Missing("hold_missing", _("There is no such hold."))
    if request.method == "POST":
        check_manage_retention(request.user)
    form, status = LiftForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            services.lift_hold(hold=found, by=request.user, at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, _("The hold is lifted."))
            return redirect("parties:holds")
    status = 422 if form.errors and status == 200 else status
    title = _("Lift hold %(number)s") % {"number": found.pk}
    context = {"form": form, "title": title, "submit": _("Lift")}
    return render(request, "parties/retention/hold.html", context, status=status)


@require_safe
def deletion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _deletion(request, selectors.deletion_of(staff=request.user, pk=pk), DecisionForm())


@require_POST
def deletion_decision(request: HttpRequest, pk: int) -> HttpResponse:
    deletion = selectors.deletion_of(staff=request.user, pk=pk)
    check_decide_deletion(request.user, deletion=deletion)
    form, status = DecisionForm(request.POST), 422
    if form.is_valid():
        try:
            services.decide_deletion(
                deletion=deletion,
                is_approved=form.cleaned_data["decision"] == "approve",
                remark=form.cleaned_data["remark"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("parties:deletion", pk)
    deletion.refresh_from_db()
    return _deletion(request, deletion, form, status)


def _deletion(
    request: HttpRequest, deletion: DeletionList, form: DecisionForm, status: int = 200
) -> HttpResponse:
    page = Paginator(deletion.lines.order_by("pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "deletion": deletion,
        "rows": [(line, selectors.rule_words(line.rule_text)) for line in page],
        "proofs": selectors.proofs_of(deletion=deletion),
        "page": page,
        "form": form,
        "may_decide": deletion.decided_at is None
        and may_decide_deletion(request.user, deletion=deletion),
    }
    return render(request, "parties/retention/deletion_detail.html", context, status=status)
