"""Co-insurance and facultative certificates: what is ours of a policy before treaties take part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Conflict, RuleBroken
from core.services import record_audit
from organization.models import Staff
from underwriting.enums import CoinsuranceRole
from underwriting.models import (
    CessionLine,
    CoinsuranceShare,
    FacultativeCession,
    Policy,
    Reinsurer,
    Treaty,
)
from underwriting.permissions import check_propose_treaties
from underwriting.rules.cessions import CededPolicy
from underwriting.selectors.ceded import ceded_policy_of
from underwriting.services.cession_lines import follow_treaties
from underwriting.services.treaties import LOCK


@transaction.atomic
def set_coinsurance(
    *,
    role: CoinsuranceRole,
    own_share: Decimal,
    partners: Mapping[str, Decimal],
    valid_from: dt.date,
    reason: str,
    by: Staff | None,
    at: dt.datetime,
    valid_to: dt.date | None = None,
    policy_no: str = "",
    unit_path: str = "",
    agreement_no: str = "",
    lender_code: str = "",
    product_code: str = "",
) -> CoinsuranceShare:
    """Say what part of a policy, or of a lender's product under an agreement, is ours from a day.

    What was said for later days than `valid_from` ends on that day; rows are added, none is edited.
    A follower's exposure is its own share alone (F13).

    Raises:
        NotPermitted: the person does not set co-insurance.
        RuleBroken: no reason; the shares do not sum to one; neither policy nor agreement, or both;
            it ends before it begins; something begins later already.
    """
    check_propose_treaties(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if bool(policy_no) == bool(agreement_no and lender_code):
        raise RuleBroken(
            "coinsurance_of_what", _("Name the policy, or the agreement and its lender.")
        )
    if own_share + sum(partners.values(), Decimal(0)) != 1 or not own_share > 0:
        raise RuleBroken(
            "coinsurance_shares",
            _("Our own share and those of the other insurers must sum to exactly 1."),
            field="own_share",
        )
    if valid_to is not None and valid_to <= valid_from:
        raise RuleBroken("coinsurance_dates", _("It ends before it begins."), field="valid_to")
    of = {"policy_no": policy_no, "lender_code": lender_code, "product_code": product_code}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 1)", [LOCK])
    before = _make_room(of, valid_from, valid_to, by, at)
    row = CoinsuranceShare.objects.create(
        **of,
        unit_path=unit_path,
        agreement_no=agreement_no,
        role=role,
        own_share=own_share,
        partners=[{"name": name, "share": str(share)} for name, share in partners.items()],
        valid_from=valid_from,
        valid_to=valid_to,
        replaces=before,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    record_audit(
        action="underwriting.coinsurance_set",
        subject=row,
        by=by,
        at=at,
        reason=reason,
        own_share=own_share,
        valid_from=valid_from,
        **of,
    )
    return row


@transaction.atomic
def set_coinsurance_of_policy(
    *,
    policy: Policy,
    role: CoinsuranceRole,
    own_share: Decimal,
    partners: Mapping[str, Decimal],
    valid_from: dt.date,
    reason: str,
    by: Staff | None,
    at: dt.datetime,
    valid_to: dt.date | None = None,
) -> CoinsuranceShare:
    """Say what part of a policy is ours from a day; the lines of a policy ceded already follow.

    Raises as `set_coinsurance`. Source: F13.
    """
    row = set_coinsurance(
        role=role,
        own_share=own_share,
        partners=partners,
        valid_from=valid_from,
        valid_to=valid_to,
        policy_no=policy.policy_no,
        unit_path=policy.unit.path,
        reason=reason,
        by=by,
        at=at,
    )
    if CessionLine.objects.filter(policy_no=policy.policy_no).exists():
        follow_treaties(policies=[ceded_policy_of(policy=policy)], reason=reason, by=by, at=at)
    return row


def _make_room(
    of: dict[str, str],
    first: dt.date,
    end: dt.date | None,
    by: Staff | None,
    at: dt.datetime,
) -> CoinsuranceShare | None:
    """End what holds on the first day; return the row whose place is taken whole, if one is."""
    meeting = CoinsuranceShare.objects.known().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=first), **of
    )
    if end is not None:
        meeting = meeting.filter(valid_from__lt=end)
    rows = list(meeting.order_by("valid_from"))
    if any(row.valid_from > first for row in rows):
        raise RuleBroken(
            "coinsurance_later",
            _("Something is said for a later day already; correct that first."),
            field="valid_from",
        )
    if not rows:
        return None
    [row] = rows
    if row.valid_from == first:
        return row
    CoinsuranceShare.objects.create(
        **of,
        unit_path=row.unit_path,
        agreement_no=row.agreement_no,
        role=row.role,
        own_share=row.own_share,
        partners=row.partners,
        valid_from=row.valid_from,
        valid_to=first,
        replaces=row,
        reason=row.reason,
        recorded_by=by,
        recorded_at=at,
    )
    return None


@transaction.atomic
def place_facultative(
    *,
    policy: CededPolicy,
    code: str,
    reinsurer: Reinsurer,
    share: Decimal,
    commission_rate: Decimal,
    valid_from: dt.date,
    valid_to: dt.date,
    reason: str,
    by: Staff | None,
    at: dt.datetime,
) -> FacultativeCession:
    """Place a share of our part of one policy with a reinsurer; treaties take part of the rest.

    A policy that was ceded already gets its lines anew from the certificate's first day's terms.

    Raises:
        NotPermitted: the person does not place certificates.
        RuleBroken: no reason; it ends before it begins; a share that is no fraction, or more than
            the whole with others; a reinsurer that is not valid on the first day.
        Conflict: the code is known already.
    """
    check_propose_treaties(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, policy.policy_no])
    if (
        FacultativeCession.objects.filter(code=code).exists()
        or Treaty.objects.filter(code=code).exists()
    ):
        raise Conflict("certificate_known", _("This code is taken."), field="code")
    if valid_to <= valid_from:
        raise RuleBroken("certificate_dates", _("It ends before it begins."), field="valid_to")
    beside = FacultativeCession.objects.filter(
        policy_no=policy.policy_no, valid_from__lt=valid_to, valid_to__gt=valid_from
    )
    if not 0 < share <= 1 - sum((each.share for each in beside), Decimal(0)):
        raise RuleBroken(
            "certificate_share",
            _("The certificates of a policy cede more than nothing and at most the whole."),
            field="share",
        )
    if not _is_valid(reinsurer, valid_from):
        raise RuleBroken(
            "reinsurer_not_valid",
            _("Not valid on the first day: %(names)s.") % {"names": reinsurer.name},
            field="reinsurer",
        )
    row = FacultativeCession.objects.create(
        code=code,
        policy_no=policy.policy_no,
        unit_path=policy.unit_path,
        reinsurer=reinsurer,
        share=share,
        commission_rate=commission_rate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        placed_by=by,
        placed_at=at,
    )
    record_audit(
        action="underwriting.facultative_placed",
        subject=row,
        by=by,
        at=at,
        reason=reason,
        policy_no=policy.policy_no,
        share=share,
    )
    follow_treaties(policies=[policy], reason=reason, by=by, at=at)
    return row


def _is_valid(reinsurer: Reinsurer, day: dt.date) -> bool:
    return reinsurer.valid_from <= day and (reinsurer.valid_to is None or day < reinsurer.valid_to)
