"""Reviews of products in use."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from products.models import ProductReview, ProductVersion, ReviewDue


def reviews() -> QuerySet[ProductReview]:
    """Return all reviews, newest first."""
    return ProductReview.objects.select_related(
        "version__product", "drafted_by", "decided_by", "opened"
    ).order_by("-drafted_at", "-pk")


def reviews_of(*, version: ProductVersion) -> QuerySet[ProductReview]:
    """Return the reviews of a version, newest first."""
    return reviews().filter(version=version)


def due_review_of(*, version: ProductVersion) -> ReviewDue | None:
    """Return the review of a version that waits to be drafted, if one does."""
    return version.reviews_due.filter(review__isnull=True).first()


def review_of(*, pk: int) -> ProductReview:
    """Return one review.

    Raises:
        Missing: there is none.
    """
    found = reviews().filter(pk=pk).first()
    if found is None:
        raise Missing("review_missing", _("There is no such review."))
    return found
