"""Reviews of products in use."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from products import permissions, selectors, services
from products.enums import ReviewStatus
from products.forms.steps import DecisionForm, ReviewForm
from products.views.tracking import report
from products.views.versions import PAGE


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    permissions.check_see_products(request.user)
    page = Paginator(selectors.reviews(), PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            row,
            selectors.figure_lines(row),
            row.status == ReviewStatus.DRAFT
            and permissions.may_review(request.user, maker_id=row.drafted_by_id),
        )
        for row in page
    ]
    return render(request, "products/review_list.html", {"page": page, "rows": rows})


@require_POST
def review_create(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_edit(request.user)
    version = selectors.version_of(pk=pk)
    form = ReviewForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.draft_review(
                version=version, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The review waits for another person."))
            return redirect("products:reviews")
    return report(request, version, status=status, review_form=form)


@require_POST
def review_decision(request: HttpRequest, pk: int) -> HttpResponse:
    review = selectors.review_of(pk=pk)
    permissions.check_review(request.user, maker_id=review.drafted_by_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        services.decide_review(
            review=review,
            is_confirmed=form.is_yes,
            remark=form.cleaned_data["remark"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("The review is decided."))
    else:
        messages.error(request, _("Choose one."))
    return redirect("products:reviews")
