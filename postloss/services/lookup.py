"""Look a person up by a whole number: document, telephone or card."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.services import count_look_up
from postloss.selectors.lookup import loans_found
from underwriting.models import Loan

MOST_LOANS = 50


def look_up(*, text: str, by: Staff, at: dt.datetime, as_of: dt.date) -> list[Loan]:
    """Return the loans of the person's scope whose obligor has exactly this number; at most 50.

    That somebody looked, and how many loans were found, is audited; the number is not kept. It
    counts under the quota of records looked up. Not one transaction: the alert of a used-up quota
    stays although the look-up is refused.

    Raises:
        NotPermitted: the person does not see loans.
        RuleBroken: nothing was asked.
        OverQuota: the hour or the day is used up; an alert is raised.
    Source: CRM-39, A19, A20.
    """
    check(by, Permission.VIEW_PORTFOLIO)
    if not text.strip():
        raise RuleBroken("nothing_asked", _("Enter a whole number."), field="number")
    count_look_up(staff=by, at=at)
    with transaction.atomic():
        seen = loans_found(staff=by, text=text, as_of=as_of, at_most=MOST_LOANS)
        record_audit(action="postloss.looked_up", subject=by, by=by, at=at, found=len(seen))
    return seen
