"""What of the products waits for somebody."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting, end_of
from products.enums import Activity, ClauseStatus, ReviewStatus, VersionStatus
from products.models import LibraryClause, PremiumFormula, ProductReview, ProductVersion, ReviewDue
from products.selectors import accountable_holder


def _tracking(due: ReviewDue) -> str:
    """Return the page of the figures of the period that is to be reviewed."""
    last = due.period_to - dt.timedelta(days=1)
    page = reverse("products:tracking", args=[due.version_id])
    return f"{page}?since={due.period_from:%Y-%m}&until={last:%Y-%m}"


WAITING = (
    Awaiting(
        kind=WorkKind.PRODUCT_REVIEW_DUE,
        model=ReviewDue,
        waits=Q(review__isnull=True),
        title=lambda due: f"{due.version} · {due.period_from:%Y-%m} – {due.period_to:%Y-%m}",
        url=_tracking,
        permission=Permission.EDIT_PRODUCTS,
        holder_id=lambda due: accountable_holder(
            product=due.version.product,
            activity=Activity.REVIEW,
            permission=Permission.EDIT_PRODUCTS,
            on=timezone.localdate(due.opened_at),
        ),
        due_at=lambda due: end_of(due.due_on),
        related=("version__product",),
    ),
    Awaiting(
        kind=WorkKind.FORMULA_REVIEW,
        model=PremiumFormula,
        waits=Q(is_current=True, reviewed_at__isnull=True, version__status=VersionStatus.DRAFT),
        title=lambda formula: f"{formula.version} · F{formula.number}",
        url=lambda formula: reverse("products:version", args=[formula.version_id]),
        permission=Permission.REVIEW_PRODUCTS,
        initiator_id=lambda formula: formula.entered_by_id,
        is_by_another=True,
        related=("version__product",),
    ),
    Awaiting(
        kind=WorkKind.PRODUCT_SALE,
        model=ProductVersion,
        waits=Q(status=VersionStatus.APPROVED),
        title=str,
        url=lambda version: reverse("products:version", args=[version.pk]),
        permission=Permission.SELL_PRODUCTS,
        initiator_id=lambda version: version.drafted_by_id,
        is_by_another=True,
        related=("product",),
    ),
    Awaiting(
        kind=WorkKind.CLAUSE_APPROVAL,
        model=LibraryClause,
        waits=Q(status=ClauseStatus.PROPOSED),
        title=lambda clause: f"{clause.code} {clause.title}",
        url=lambda clause: reverse("products:clauses"),
        permission=Permission.REVIEW_PRODUCTS,
        initiator_id=lambda clause: clause.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.PRODUCT_REVIEW,
        model=ProductReview,
        waits=Q(status=ReviewStatus.DRAFT),
        title=lambda review: f"{review.version} · {review.period_from:%Y-%m}",
        url=lambda review: reverse("products:reviews"),
        permission=Permission.REVIEW_PRODUCTS,
        initiator_id=lambda review: review.drafted_by_id,
        is_by_another=True,
        related=("version__product",),
    ),
)
