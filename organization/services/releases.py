"""Releases: what keeps somebody out ends when a second person confirms that it should.

A relation that ended, a relation or an identity that was recorded wrongly: whoever it binds asks,
another decides. Until then it binds.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.services import record_audit
from organization.enums import ReleaseGround, ReleaseStatus
from organization.models import DeclaredRelation, RecusalRelease, Staff, StaffIdentity
from organization.permissions import check_decide_release
from organization.services.awaiting import align_work


@transaction.atomic
def ask_release(
    *,
    bond: StaffIdentity | DeclaredRelation,
    ground: str,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> RecusalRelease:
    """Ask to be freed of one's own declaration or identity; it binds until another confirms.

    Raises:
        NotPermitted: it is somebody else's.
        WrongState: it ended already.
        Conflict: a release of it waits already.
        RuleBroken: nothing is said, or an identity is said to have ended.
    Source: PRE-12e.
    """
    is_relation = isinstance(bond, DeclaredRelation)
    locked = type(bond).objects.select_for_update(of=("self",)).get(pk=bond.pk)
    if locked.person_id != by.pk:
        raise NotPermitted("not_own", _("People declare for themselves."))
    if (locked.valid_to if is_relation else locked.ended_at) is not None:
        raise WrongState("relation_ended", _("This relation ended already."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    if ground not in ReleaseGround.values or (not is_relation and ground != ReleaseGround.WRONG):
        raise RuleBroken(
            "release_ground", _("An identity is taken back only where it is wrong."), field="ground"
        )
    try:
        with transaction.atomic():
            release = RecusalRelease.objects.create(
                identity=None if is_relation else locked,
                relation=locked if is_relation else None,
                ground=ground,
                reason=reason,
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError as clash:
        raise Conflict("release_waits", _("A release of it waits already.")) from clash
    record_audit(
        action="organization.release_asked",
        subject=release,
        by=by,
        at=at,
        reason=reason,
        ground=str(ground),
    )
    align_work(subjects=[release], by=by, at=at)
    return release


@transaction.atomic
def decide_release(
    *, release: RecusalRelease, is_confirmed: bool, by: Staff, at: dt.datetime, remark: str = ""
) -> RecusalRelease:
    """Confirm a release, which frees from this day on, or refuse it with words.

    Raises:
        NotPermitted: the person asked for it, or neither certifies access nor approves authority.
        WrongState: it was decided already.
        RuleBroken: a refusal says nothing.
    Source: PRE-12e (four eyes).
    """
    locked = RecusalRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    check_decide_release(by, release=locked)
    if locked.status != ReleaseStatus.ASKED:
        raise WrongState("release_decided", _("This release was decided already."))
    if not is_confirmed and not remark.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="remark")
    locked.status = ReleaseStatus.CONFIRMED if is_confirmed else ReleaseStatus.REFUSED
    locked.decided_by, locked.decided_at, locked.remark = by, at, remark
    locked.save()
    if is_confirmed:
        _free(locked, at)
    record_audit(
        action=f"organization.release_{locked.status}",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
    )
    align_work(subjects=[locked], by=by, at=at, outcome=locked.status)
    return locked


def _free(release: RecusalRelease, at: dt.datetime) -> None:
    if release.identity_id:
        StaffIdentity.objects.filter(pk=release.identity_id).update(ended_at=at)
        return
    relation = DeclaredRelation.objects.select_for_update().get(pk=release.relation_id)
    relation.valid_to = max(timezone.localdate(at), relation.valid_from)
    relation.save(update_fields=["valid_to"])
