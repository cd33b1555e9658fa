"""Reads of personal-information requests."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from parties.errors import Missing
from parties.models import PersonRequest


def person_requests(*, staff: Staff) -> QuerySet[PersonRequest]:
    """Return the requests that the person answers, the nearest clock first, answered ones last."""
    if not may(staff, Permission.ANSWER_PERSONS):
        return PersonRequest.objects.none()
    return PersonRequest.objects.select_related("party", "entered_by", "answered_by").order_by(
        F("answered_at").desc(nulls_first=True), "due_on", "pk"
    )


def person_request(*, staff: Staff, pk: int) -> PersonRequest:
    """Return one request.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    asked = (
        person_requests(staff=staff)
        .select_related("party__kept", "checked_by", "copy")
        .filter(pk=pk)
        .first()
    )
    if asked is None:
        raise Missing("request_missing", _("There is no such request."))
    return asked
