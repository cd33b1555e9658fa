"""Reviews of products in use: drafted, confirmed by another, and what follows."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core.months import add_months
from core.selectors import figure
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from products.enums import ReviewDecision, ReviewStatus, VersionStatus
from products.errors import Conflict, RuleBroken, WrongState
from products.models import ProductReview, ProductVersion, ReviewDue
from products.permissions import check_edit, check_review
from products.selectors import tracked_figures
from products.services.lifecycle import stop_by_review
from products.services.versions import locked_version, revise_version

REVIEW_MONTHS, REVIEW_DUE_DAYS = "products.review_months", "products.review_due_days"


@transaction.atomic
def draft_review(
    *,
    version: ProductVersion,
    period_from: dt.date,
    period_to: dt.date,
    decision: str,
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> ProductReview:
    """Draft the review of a version in a period (the last day not counted), with its figures.

    The figures are those that the apps above report now; what nobody reports stays unknown.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: the version was never on sale.
        RuleBroken: nothing is said, or the period is not in order.
        Conflict: the period was reviewed already.
    Source: PRE-33c.
    """
    check_edit(by)
    version = locked_version(version)
    if version.status not in {VersionStatus.ON_SALE, VersionStatus.STOPPED}:
        raise WrongState("version_not_in_use", _("Only a version in use is reviewed."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    if period_to <= period_from:
        raise RuleBroken("dates", _("The end lies after the start."), field="period_to")
    figures = tracked_figures(version=version, period_from=period_from, period_to=period_to)
    try:
        with transaction.atomic():
            review = ProductReview.objects.create(
                version=version,
                period_from=period_from,
                period_to=period_to,
                figures=figures,
                decision=decision,
                reason=reason,
                drafted_by=by,
                drafted_at=at,
            )
    except IntegrityError as clash:
        raise Conflict("review_exists", _("This period was reviewed already.")) from clash
    record_audit(
        action="products.review_drafted", subject=review, by=by, at=at, decision=decision,
        reason=reason,
    )  # fmt: skip
    align_work(subjects=[review], by=by, at=at)
    _settle_due(review, by, at)
    return review


@transaction.atomic
def decide_review(
    *, review: ProductReview, is_confirmed: bool, by: Staff, at: dt.datetime, remark: str = ""
) -> ProductReview:
    """Confirm a review, or refuse it with a reason; what it decided follows at once.

    To revise opens the draft of the next version, in the name of whoever drafted the review; to
    stop ends the sale. Where a version is being worked on already, that one is the revision.

    Raises:
        NotPermitted: the person drafted it, or does not review products.
        WrongState: it was decided already.
        RuleBroken: a refusal says nothing.
    Source: PRE-33c.
    """
    locked = (
        ProductReview.objects.select_for_update(of=("self",))
        .select_related("version__product", "drafted_by")
        .get(pk=review.pk)
    )
    check_review(by, maker_id=locked.drafted_by_id)
    if locked.status != ReviewStatus.DRAFT:
        raise WrongState("review_decided", _("This review was decided already."))
    if not is_confirmed and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.status = ReviewStatus.CONFIRMED if is_confirmed else ReviewStatus.REFUSED
    locked.decided_by, locked.decided_at, locked.remark = by, at, remark
    if is_confirmed and locked.decision == ReviewDecision.REVISE:
        locked.opened = _revision(locked, at)
    if is_confirmed and locked.decision == ReviewDecision.STOP:
        stop_by_review(version=locked.version, by=by, at=at, reason=locked.reason[:500])
    locked.save()
    record_audit(
        action=f"products.review_{locked.status}", subject=locked, by=by, at=at, reason=remark,
        decision=locked.decision,
    )  # fmt: skip
    align_work(subjects=[locked], by=by, at=at, outcome=locked.status)
    if not is_confirmed:
        _wait_again(locked, by, at)
    return locked


@transaction.atomic
def open_due_reviews(*, as_of: dt.date, at: dt.datetime) -> list[ReviewDue]:
    """Open the review of each version on sale whose last one is as long ago as the parameter says.

    The period takes up where the last review ended, or where the version began, and runs to the
    first day of this month. It is due so many days after it was opened. Opening twice opens once.
    Source: PRE-33c; parameters `products.review_months`, `products.review_due_days`.
    """
    months = int(figure(name=REVIEW_MONTHS, as_of=as_of))
    days = int(figure(name=REVIEW_DUE_DAYS, as_of=as_of))
    opened, end = [], as_of.replace(day=1)
    last = (
        ProductReview.objects.filter(version=OuterRef("pk"))
        .exclude(status=ReviewStatus.REFUSED)
        .order_by("-period_to")
        .values("period_to")[:1]
    )
    versions = (
        ProductVersion.objects.select_for_update(of=("self",))
        .filter(status=VersionStatus.ON_SALE)
        .exclude(pk__in=ReviewDue.objects.filter(review__isnull=True).values("version"))
        .annotate(reviewed_to=Subquery(last))
        .order_by("pk")
    )
    for version in versions:
        begin = version.reviewed_to or version.valid_from.replace(day=1)
        if add_months(begin, months) <= end:
            due = ReviewDue.objects.create(
                version=version,
                period_from=begin,
                period_to=end,
                due_on=as_of + dt.timedelta(days=days),
                opened_at=at,
            )
            record_audit(action="products.review_due", subject=due, by=None, at=at)
            opened.append(due)
    align_work(subjects=opened, by=None, at=at)
    return opened


def _settle_due(review: ProductReview, by: Staff, at: dt.datetime) -> None:
    """Let a due review rest that this one covers to its end."""
    waiting = list(
        ReviewDue.objects.select_for_update(of=("self",)).filter(
            version=review.version, review__isnull=True, period_to__lte=review.period_to
        )
    )
    ReviewDue.objects.filter(pk__in=[each.pk for each in waiting]).update(review=review)
    align_work(subjects=waiting, by=by, at=at, outcome="drafted")


def _wait_again(review: ProductReview, by: Staff, at: dt.datetime) -> None:
    settled = list(ReviewDue.objects.select_for_update(of=("self",)).filter(review=review))
    ReviewDue.objects.filter(pk__in=[each.pk for each in settled]).update(review=None)
    align_work(subjects=settled, by=by, at=at)


def _revision(review: ProductReview, at: dt.datetime) -> ProductVersion:
    working = review.version.product.versions.filter(
        status__in=[VersionStatus.DRAFT, VersionStatus.IN_REVIEW]
    ).first()
    return working or revise_version(
        version=review.version,
        valid_from=timezone.localdate(at),
        by=review.drafted_by,
        at=at,
    )
