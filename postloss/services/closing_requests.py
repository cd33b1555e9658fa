"""Ask for a month to be closed or restated: the job does it, the page watches it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.jobs import enqueue
from core.models import Job
from core.months import month_text
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.permissions import check, may
from organization.selectors import head_office
from postloss.selectors.month_ends import latest_closed
from postloss.services.month_end import check_may_close


def may_close_months(staff: Staff) -> bool:
    """Tell whether the person closes months; a closing is the whole house's."""
    return staff.unit.kind == UnitKind.HEAD_OFFICE and may(staff, Permission.CLOSE_MONTH)


def request_closing(*, month: dt.date, reason: str, by: Staff | None, at: dt.datetime) -> Job:
    """Put the closing of a month, or its restatement with a reason, into the queue.

    One that is under way already is returned as it is.

    Raises:
        NotPermitted: the person may not close months.
        RuleBroken: no file, an earlier month open, or a closed month without a reason.
    """
    check(by, Permission.CLOSE_MONTH, unit=head_office())
    check_may_close(month=month)
    is_closed = latest_closed(month=month) is not None
    if is_closed and not reason:
        raise RuleBroken("reason_missing", _("Say why the month is restated."), field="reason")
    text = month_text(month)
    words = _("Restate %(month)s") if is_closed else _("Close %(month)s")
    return enqueue(
        kind="close_month",
        key=text,
        title=words % {"month": text},
        payload={"month": text, "reason": reason if is_closed else ""},
        by=by,
        at=at,
    )
