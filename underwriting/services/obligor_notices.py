"""Notices to obligors: demanded of the insured, proven by a file. Source: PRE-02i, COMMENT-02."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.selectors import figure
from core.services import audit_record, record_audit, record_audits
from core.uploads import Purpose, accept
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from products.enums import Policyholder
from underwriting.models import ObligorNotice, Policy
from underwriting.services.quotes import PAPER_KINDS

NOTICE_PROOF = Purpose(name="obligor_notice")
DAYS = "policy.obligor_notice_days"


@transaction.atomic
def demand_notices(
    *, policies: Sequence[Policy], by: Staff | None, at: dt.datetime, number: int = 0
) -> list[ObligorNotice]:
    """Demand of the insured of each policy that the obligor be notified; the clock starts.

    `number` is 0 for the cover, else that of the endorsement. For services that have decided
    already; a fixed number of statements. Source: PRE-02i.
    """
    if not policies:
        return []
    day = timezone.localdate(at)
    due = day + dt.timedelta(days=int(figure(name=DAYS, as_of=day)))
    notices = ObligorNotice.objects.bulk_create(
        [
            ObligorNotice(
                policy=policy,
                number=number,
                insured_id=policy.insured_id,
                demanded_at=at,
                due_on=due,
            )
            for policy in policies
        ]
    )
    record_audits(
        records=[
            audit_record(
                action="underwriting.notice_demanded",
                subject=notice,
                by=by,
                at=at,
                policy=notice.policy.policy_no,
                due_on=due.isoformat(),
            )
            for notice in notices
        ]
    )
    align_work(subjects=notices, by=by, at=at)
    return notices


def of_credit_insurance(policies: Sequence[Policy]) -> list[Policy]:
    """Keep the policies whose policyholder is the insured: those of credit insurance.

    Whose duty is covered follows from who takes out the cover. Source: PRE-02a, PRE-02i.
    """
    return [each for each in policies if each.product_version.policyholder == Policyholder.INSURED]


@transaction.atomic
def prove_notice(
    *,
    notice: ObligorNotice,
    notified_on: dt.date,
    how: str,
    proof: tuple[str, BinaryIO],
    by: Staff,
    at: dt.datetime,
) -> ObligorNotice:
    """Record that the obligor was notified, with the file that proves it.

    Raises:
        NotPermitted: the person quotes nothing in the policy's unit.
        WrongState: it is proven already.
        RuleBroken: it is not said how, the day lies ahead or before cover, or the file is none.
    Source: PRE-02i.
    """
    locked = (
        ObligorNotice.objects.select_for_update(of=("self",))
        .select_related("policy__unit")
        .get(pk=notice.pk)
    )
    check(by, Permission.QUOTE_POLICIES, unit=locked.policy.unit)
    locked.check_unproven()
    if not how.strip():
        raise RuleBroken("how_missing", _("Say how the obligor was notified."), field="how")
    if notified_on > timezone.localdate(at):
        raise RuleBroken("notified_ahead", _("This day lies ahead."), field="notified_on")
    name, stream = proof
    locked.proof = accept(
        stream=stream, name=name, kinds=PAPER_KINDS, by=by, at=at, purpose=NOTICE_PROOF
    )
    locked.notified_on, locked.how = notified_on, how.strip()
    locked.recorded_by, locked.recorded_at = by, at
    locked.save(update_fields=["proof", "notified_on", "how", "recorded_by", "recorded_at"])
    record_audit(
        action="underwriting.obligor_notified",
        subject=locked,
        by=by,
        at=at,
        policy=locked.policy.policy_no,
        notified_on=notified_on.isoformat(),
        sha256=locked.proof.sha256,
    )
    align_work(subjects=[locked], by=by, at=at, outcome="proven")
    return locked


def end_demands(*, policies: Sequence[Policy], by: Staff | None, at: dt.datetime) -> None:
    """Let nobody wait for notices on cover that ended."""
    waiting = ObligorNotice.objects.filter(policy__in=policies, notified_on__isnull=True)
    align_work(subjects=list(waiting), by=by, at=at, outcome="cover_ended")
