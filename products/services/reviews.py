"""Reviews of products in use: drafted, confirmed by another, and what follows."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from products.enums import ReviewDecision, ReviewStatus, VersionStatus
from products.errors import Conflict, RuleBroken, WrongState
from products.models import ProductReview, ProductVersion
from products.permissions import check_edit, check_review
from products.selectors import tracked_figures
from products.services.lifecycle import stop_by_review
from products.services.versions import locked_version, revise_version


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
    return locked


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
