"""What of the products waits for somebody."""

from django.db.models import Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting
from products.enums import ClauseStatus, ReviewStatus, VersionStatus
from products.models import LibraryClause, PremiumFormula, ProductReview, ProductVersion

WAITING = (
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
