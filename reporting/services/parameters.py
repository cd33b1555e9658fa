"""The permissions in front of parameters and calendar, which `core` does not ask for."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from core import services
from core.models import CalendarNotice, RegulatoryParameter
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from reporting.permissions import check_decide_calendar


@transaction.atomic
def propose_parameter(
    *,
    name: str,
    value_text: str,
    valid_from: dt.date,
    source: str,
    reason: str,
    verification: str,
    by: Staff,
    at: dt.datetime,
) -> RegulatoryParameter:
    """Propose a value from a day on.

    Raises:
        NotPermitted: the person does not propose parameters.
        RuleBroken, Conflict: as `core.services.propose_parameter` says.
    """
    check(by, Permission.PROPOSE_PARAMETERS)
    row = services.propose_parameter(
        name=name,
        value_text=value_text,
        valid_from=valid_from,
        source=source,
        reason=reason,
        verification=verification,
        by=by,
        at=at,
    )
    align_work(subjects=[row], by=by, at=at)
    return row


@transaction.atomic
def decide_parameter(
    *, row: RegulatoryParameter, is_approved: bool, remark: str, by: Staff, at: dt.datetime
) -> RegulatoryParameter:
    """Approve or reject a proposed value.

    Raises:
        NotPermitted: the person does not approve parameters, or proposed this value.
        WrongState: it does not wait for approval.
        RuleBroken: it is rejected without a word.
    """
    check(by, Permission.APPROVE_PARAMETERS)
    decide = services.approve_parameter if is_approved else services.reject_parameter
    decided = decide(row=row, by=by, at=at, remark=remark)
    outcome = "approved" if is_approved else "refused"
    align_work(subjects=[decided], by=by, at=at, outcome=outcome)
    return decided


@transaction.atomic
def propose_calendar(
    *,
    title: str,
    source: str,
    reason: str,
    days: Mapping[dt.date, tuple[str, str]],
    opens_year: int | None,
    by: Staff,
    at: dt.datetime,
) -> CalendarNotice:
    """Propose a new year or a change of days.

    Raises:
        NotPermitted: the person does not maintain the calendar.
        RuleBroken, Conflict: as `core.services.propose_calendar` says.
    """
    check(by, Permission.MAINTAIN_CALENDAR)
    notice = services.propose_calendar(
        title=title,
        source=source,
        reason=reason,
        days=days,
        opens_year=opens_year,
        by=by,
        at=at,
    )
    align_work(subjects=[notice], by=by, at=at)
    return notice


@transaction.atomic
def decide_calendar(
    *, notice: CalendarNotice, is_approved: bool, by: Staff, at: dt.datetime
) -> CalendarNotice:
    """Approve or reject a calendar notice.

    Raises:
        NotPermitted: the person is no second person for the calendar.
        WrongState, Conflict: as `core.services.decide_calendar` says.
    """
    check_decide_calendar(by)
    decided = services.decide_calendar(notice=notice, is_approved=is_approved, by=by, at=at)
    outcome = "approved" if is_approved else "refused"
    align_work(subjects=[decided], by=by, at=at, outcome=outcome)
    return decided
