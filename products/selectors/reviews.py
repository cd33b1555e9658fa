"""Reviews of products in use, and the figures that the apps above report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from products.models import ProductReview, ProductVersion


@dataclass(frozen=True, kw_only=True)
class TrackedFigure:
    """A figure of a version in a period: a code, a word, a value or nothing where unknown."""

    code: str
    label: str
    value: Decimal | int | None
    unit: str = ""


Tracking = Callable[[ProductVersion, dt.date, dt.date], Iterable[TrackedFigure]]
# what every review asks for; whatever nobody reports stays unknown
ASKED = ("policies", "premium", "surrender_rate", "loss_ratio", "complaints")
_trackers: dict[str, Tracking] = {}


def register_tracking(name: str, tracking: Tracking) -> None:
    """Say who reports figures of a version from a day to a day (not counted). Source: PRE-33c."""
    _trackers[name] = tracking


def forget_tracking(name: str) -> None:
    """Take back who reports figures."""
    _trackers.pop(name, None)


def tracked_figures(
    *, version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> list[dict[str, Any]]:
    """Return what is known of a version in a period; what nobody reported is empty, not zero."""
    known = {
        each.code: each
        for tracking in _trackers.values()
        for each in tracking(version, period_from, period_to)
    }
    asked = [known.get(code) or TrackedFigure(code=code, label="", value=None) for code in ASKED]
    more = [each for code, each in known.items() if code not in ASKED]
    return [
        asdict(each) | {"value": None if each.value is None else str(each.value)}
        for each in (*asked, *more)
    ]


def figure_lines(review: ProductReview) -> list[tuple[str, str | None]]:
    """Return the figures of a review in words; what is not known stays nothing."""
    words = {
        "policies": _("Policies sold"),
        "premium": _("Premium written (yuan)"),
        "surrender_rate": _("Surrender rate"),
        "loss_ratio": _("Loss ratio of the product"),
        "complaints": _("Complaints"),
    }
    return [
        (words.get(each["code"]) or each["label"] or each["code"], each["value"])
        for each in review.figures
    ]


def reviews() -> QuerySet[ProductReview]:
    """Return all reviews, newest first."""
    return ProductReview.objects.select_related(
        "version__product", "drafted_by", "decided_by", "opened"
    ).order_by("-drafted_at", "-pk")


def reviews_of(*, version: ProductVersion) -> QuerySet[ProductReview]:
    """Return the reviews of a version, newest first."""
    return reviews().filter(version=version)


def review_of(*, pk: int) -> ProductReview:
    """Return one review.

    Raises:
        Missing: there is none.
    """
    found = reviews().filter(pk=pk).first()
    if found is None:
        raise Missing("review_missing", _("There is no such review."))
    return found
