"""Propose a set of thresholds; another person approves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Conflict, RuleBroken, WrongState
from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.selectors import head_office
from organization.services.awaiting import align_work
from postloss.models import Threshold, ThresholdSet
from postloss.permissions import check_approve_thresholds
from postloss.rules.thresholds import LEVELS, ThresholdLine, line_findings


@transaction.atomic
def propose_thresholds(
    *,
    title: str,
    source: str,
    reason: str,
    valid_from: dt.date,
    lines: Sequence[ThresholdLine],
    by: Staff,
    at: dt.datetime,
) -> ThresholdSet:
    """Write a whole new set, unapproved; nothing is judged by it before it is approved.

    Raises:
        NotPermitted: the person does not propose thresholds for the house.
        RuleBroken: a line makes no sense (`findings` names all), there is no line, or title,
            source or reason is missing.
    Source: POST-07b, POST-07g.
    """
    check(by, Permission.PROPOSE_THRESHOLDS, unit=head_office())
    for name, text in (("title", title), ("source", source), ("reason", reason)):
        if not text.strip():
            raise RuleBroken("words_missing", _("Fill in title, source and reason."), field=name)
    findings = line_findings(lines)
    if findings or not lines:
        raise RuleBroken(
            "thresholds_make_no_sense",
            _("Some thresholds make no sense: yellow ≤ orange ≤ red, all above 0."),
            findings=findings,
        )
    proposed = ThresholdSet.objects.create(
        title=title,
        source=source,
        reason=reason,
        valid_from=valid_from,
        proposed_by=by,
        proposed_at=at,
    )
    Threshold.objects.bulk_create(
        Threshold(
            threshold_set=proposed,
            indicator=line.indicator,
            dimension=line.dimension,
            test=line.test,
            level=level,
            limit=limit,
            min_sample=line.min_sample,
            hysteresis=line.hysteresis,
            base_floor=line.base_floor,
            months=line.months,
            min_history=line.min_history,
        )
        for line in lines
        for level, limit in zip(LEVELS, line.limits, strict=True)
        if limit is not None
    )
    record_audit(
        action="postloss.thresholds_proposed", subject=proposed, by=by, at=at, reason=reason
    )
    align_work(subjects=[proposed], by=by, at=at)
    return proposed


@transaction.atomic
def approve_thresholds(*, threshold_set: ThresholdSet, by: Staff, at: dt.datetime) -> ThresholdSet:
    """Put a proposed set in force from its day; the set before it ends there.

    Raises:
        NotPermitted: the person does not approve thresholds, or proposed this set.
        WrongState: it is approved already, or is the starter set (propose it as a set of its own).
        Conflict: another approved set begins on the same day.
    Source: POST-07b, POST-07g.
    """
    sets = {each.pk: each for each in ThresholdSet.objects.select_for_update().order_by("pk")}
    locked = sets[threshold_set.pk]
    check_approve_thresholds(by, threshold_set=locked)
    if locked.is_starter or locked.status == ApprovalStatus.APPROVED:
        raise WrongState("thresholds_not_proposed", _("This set is not waiting for approval."))
    approved = [each for each in sets.values() if each.status == ApprovalStatus.APPROVED]
    if any(each.valid_from == locked.valid_from for each in approved):
        raise Conflict("thresholds_same_start", _("Another approved set begins on the same day."))
    _fit_between(locked, approved)
    locked.status = ApprovalStatus.APPROVED
    locked.approved_by, locked.approved_at = by, at
    locked.save()
    align_work(subjects=[locked], by=by, at=at, outcome="approved")
    record_audit(action="postloss.thresholds_approved", subject=locked, by=by, at=at)
    return locked


def _fit_between(locked: ThresholdSet, approved: Sequence[ThresholdSet]) -> None:
    earlier = [each for each in approved if each.valid_from < locked.valid_from]
    later = [each.valid_from for each in approved if each.valid_from > locked.valid_from]
    locked.valid_to = min(later, default=None)
    if earlier:
        before = max(earlier, key=lambda each: each.valid_from)
        before.valid_to = locked.valid_from
        before.save(update_fields=["valid_to"])
