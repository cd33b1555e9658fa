"""Steps of a version: review of its formula, committee, sale, stop, revision."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.errors import DomainError
from organization.services.step_up import fresh_second_factor
from products import permissions, selectors, services
from products.errors import Missing
from products.forms.steps import ReasonForm, RevisionForm, SaleForm, SubmissionForm
from products.models import ProductVersion
from products.views.versions import standing, story


@require_POST
@fresh_second_factor
def formula_review(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_see_products(request.user)
    found = selectors.current_formula(version=selectors.version_of(pk=pk))
    if found is None:
        raise Missing("formula_missing", _("The version has no premium formula."))
    services.review_formula(formula=found, by=request.user, at=clock.now())
    messages.success(request, _("The formula is reviewed."))
    return redirect("products:version", pk)


@require_POST
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_edit(request.user)
    version = selectors.version_of(pk=pk)
    form = SubmissionForm(request.POST, request.FILES, committees=standing())
    if not form.is_valid():
        return story(request, version, status=422, submission_form=form)
    sent = form.cleaned_data["document"]
    words = {name: form.cleaned_data[name] for name in ("committee", "meeting", "held_on")}
    try:
        put = services.submit_version(
            version=version,
            **words,
            documents=[(sent.name[:255], sent)] if sent else [],
            by=request.user,
            at=clock.now(),
        )
    except DomainError as refusal:
        return _refused(request, version, form, refusal, "submission_form")
    messages.success(request, _("The version is before the committee."))
    return redirect("organization:resolution", put.pk)


@require_POST
@fresh_second_factor
def sale(request: HttpRequest, pk: int) -> HttpResponse:
    version = selectors.version_of(pk=pk)
    permissions.check_sell(request.user, maker_id=version.drafted_by_id)
    form = SaleForm(request.POST)
    if not form.is_valid():
        return story(request, version, status=422, sale_form=form)
    try:
        services.put_on_sale(version=version, **form.cleaned_data, by=request.user, at=clock.now())
    except DomainError as refusal:
        return _refused(request, version, form, refusal, "sale_form")
    messages.success(request, _("The version is on sale."))
    return redirect("products:version", pk)


@require_POST
@fresh_second_factor
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    version = selectors.version_of(pk=pk)
    permissions.check_sell(request.user, maker_id=version.drafted_by_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return story(request, version, status=422, stop_form=form)
    try:
        services.stop_version(version=version, **form.cleaned_data, by=request.user, at=clock.now())
    except DomainError as refusal:
        return _refused(request, version, form, refusal, "stop_form")
    messages.success(request, _("The sale is stopped."))
    return redirect("products:version", pk)


@require_POST
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_edit(request.user)
    version = selectors.version_of(pk=pk)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return story(request, version, status=422, revision_form=form)
    try:
        opened = services.revise_version(
            version=version, **form.cleaned_data, by=request.user, at=clock.now()
        )
    except DomainError as refusal:
        return _refused(request, version, form, refusal, "revision_form")
    messages.success(request, _("The draft is opened."))
    return redirect("products:version", opened.pk)


def _refused(
    request: HttpRequest, version: ProductVersion, form: Form, refusal: DomainError, name: str
) -> HttpResponse:
    """Answer the page again with the refusal beside its form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    fresh = selectors.version_of(pk=version.pk)
    return story(request, fresh, status=refusal.status, **{name: form})
