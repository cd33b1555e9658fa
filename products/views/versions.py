"""Pages of versions: the list, one version, two side by side."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import clock
from organization.enums import CommitteeKind
from organization.selectors.committees import committees_standing, resolutions_on
from products import permissions, selectors, services
from products.enums import DutyKind, VersionStatus
from products.forms.steps import ReasonForm, RevisionForm, SaleForm, SubmissionForm
from products.models import ProductVersion

PAGE = 50


@require_safe
def version_list(request: HttpRequest) -> HttpResponse:
    permissions.check_see_products(request.user)
    status = request.GET.get("status", "")
    status = status if status in VersionStatus.values else ""
    rows = selectors.versions(status=status, words=request.GET.get("q", "")[:80])
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "statuses": VersionStatus.choices,
        "status": status,
        "may_edit": permissions.may_edit(request.user),
    }
    return render(request, "products/version_list.html", context)


@require_safe
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_see_products(request.user)
    return story(request, selectors.version_of(pk=pk))


def story(
    request: HttpRequest, version: ProductVersion, *, status: int = 200, **forms: object
) -> HttpResponse:
    """Answer the page of a version, with the steps that the person may take."""
    user, formula = request.user, selectors.current_formula(version=version)
    is_draft = version.status == VersionStatus.DRAFT
    may_edit = permissions.may_edit(user)
    waits = version.status in {VersionStatus.DRAFT, VersionStatus.IN_REVIEW}
    in_use = version.status in {VersionStatus.ON_SALE, VersionStatus.STOPPED}
    resolutions = list(resolutions_on(subject=version))
    is_before = any(each.outcome == "open" for each in resolutions)
    held = selectors.duties_on(product=version.product, on=clock.today())
    may_sell = permissions.may_sell(user, maker_id=version.drafted_by_id)
    context = {
        "version": version,
        "terms": selectors.filed_terms(version),
        "tariff": selectors.tariff_of(version=version),
        "formulas": list(selectors.formulas_of(version=version)),
        "results": [] if formula is None else services.formula_results(
            text=formula.text, variables=formula.variables, cases=formula.cases
        ),
        "missing": services.what_is_missing(version) if is_draft else (),
        "others": [each for each in selectors.versions_of_product(product=version.product)
                   if each.pk != version.pk],
        "resolutions": resolutions,
        "reviews": list(selectors.reviews_of(version=version)),
        "may_edit": may_edit and is_draft,
        "may_review_formula": is_draft and formula is not None and formula.reviewed_at is None
        and permissions.may_review(user, maker_id=formula.entered_by_id),
        "submission_form": may_edit and waits and not is_before and forms.get(
            "submission_form", SubmissionForm(committees=standing(), initial={
                "held_on": clock.today()})),
        "sale_form": may_sell and version.status == VersionStatus.APPROVED and forms.get(
            "sale_form", SaleForm(initial={"valid_from": version.valid_from})),
        "stop_form": may_sell and version.status in {
            VersionStatus.APPROVED, VersionStatus.ON_SALE} and forms.get("stop_form", ReasonForm()),
        "revision_form": may_edit and in_use and forms.get(
            "revision_form", RevisionForm(initial={"valid_from": clock.today()})),
        "may_track": in_use and permissions.may_track(user),
        "refund_lines": selectors.refund_lines(version.refund_rule),
        "duties": held,
        "duty_table": selectors.duty_table(duties=held),
        "duty_kinds": DutyKind.labels,
        "due": selectors.due_review_of(version=version),
        "calculator_url": f"{reverse('products:calculator')}?version={version.pk}",
    }  # fmt: skip
    return render(request, "products/version_detail.html", context, status=status)


def standing():
    """Return the product committees that stand today."""
    return committees_standing(kind=CommitteeKind.PRODUCT, as_of=clock.today())


@require_safe
def difference(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    permissions.check_see_products(request.user)
    two = (selectors.version_of(pk=pk), selectors.version_of(pk=other))
    before, after = sorted(two, key=lambda each: (each.product_id, each.number))
    context = {
        "before": before,
        "after": after,
        "terms": selectors.term_differences(before, after),
        "cells": selectors.tariff_differences(before, after),
        "refunds": selectors.refund_differences(before, after),
    }
    return render(request, "products/difference.html", context)
