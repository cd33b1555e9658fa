"""What somebody leaves behind, and what they took out of the house before. Source: CRM-30."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.row_security import past_the_wall
from core.selectors import parameter
from organization.enums import CaseState, GrantStatus, PersonnelKind
from organization.events import LeaverAskedAbout, LeaverThing, leaver_asked_about
from organization.models import (
    AuthorityCase,
    AuthorityGrant,
    CommitteeMember,
    Delegation,
    Staff,
    WorkItem,
    WorkStep,
)


def grants_by_name(*, person: Staff) -> QuerySet[AuthorityGrant]:
    """Return the approved grants that name the person."""
    return (
        AuthorityGrant.objects.filter(person=person, status=GrantStatus.APPROVED)
        .select_related("unit")
        .order_by("pk")
    )


def delegations_with(*, person: Staff) -> QuerySet[Delegation]:
    """Return the delegations that the person gave or holds, and nobody took back."""
    mine = Q(delegator=person) | Q(delegate=person)
    return Delegation.objects.filter(mine, revoked_at=None).select_related("unit").order_by("pk")


def seats_of(*, person: Staff) -> QuerySet[CommitteeMember]:
    """Return the seats in committees that did not end."""
    return person.seats.filter(valid_to=None).select_related("committee").order_by("pk")


def leaver_things(*, person: Staff, at: dt.datetime) -> list[LeaverThing]:
    """Return everything that a person holds, and what becomes of it, and what was taken out lately.

    The apps above answer for what is theirs. Counted past the wall: whoever orders a dismissal
    sees none of the business, and learns here numbers and names of kinds, no more.
    Source: CRM-30.
    """
    days = int(parameter(name="access.export_review_days", as_of=timezone.localdate(at)).value)
    event = LeaverAskedAbout(staff_id=person.pk, since=at - dt.timedelta(days=days))
    with past_the_wall():
        answers = leaver_asked_about.send(Staff, event=event)
        own = [*_work(person), *_powers(person)]
    return own + [thing for _receiver, things in answers for thing in things]


def _work(person: Staff) -> list[LeaverThing]:
    items = WorkItem.objects.filter(holder=person, finished_at__isnull=True)
    kinds = Counter((item.kind_word, item.is_personal) for item in items)
    passes, ends = _("passes to the successor, the next who may, or the team"), _("ends")
    things = [
        LeaverThing(
            label=_("Open work"), title=word, count=count, becomes=ends if is_own else passes
        )
        for (word, is_own), count in sorted(kinds.items())
    ]
    made = AuthorityCase.objects.filter(maker=person, state=CaseState.SUBMITTED).count()
    stays = _("stays; if returned, its team reworks it")
    if made:
        word = _("Cases made and not decided")
        things.append(LeaverThing(label=word, count=made, becomes=stays))
    return things


def _powers(person: Staff) -> list[LeaverThing]:
    ends = _("ends")
    things = [
        LeaverThing(
            label=_("Authority by name"),
            title=f"#{grant.pk} {grant.unit.name}",
            url=reverse("organization:grant", args=[grant.pk]),
            becomes=ends,
        )
        for grant in grants_by_name(person=person)
    ]
    things += [
        LeaverThing(label=_("Delegation"), title=f"#{lent.pk} {lent.unit.name}", becomes=ends)
        for lent in delegations_with(person=person)
    ]
    things += [
        LeaverThing(
            label=_("Seat in a committee"),
            title=seat.committee.name,
            url=reverse("organization:committee", args=[seat.committee_id]),
            becomes=ends,
        )
        for seat in seats_of(person=person)
    ]
    roles = person.role_assignments.filter(ended_at__isnull=True).select_related("role")
    things += [
        LeaverThing(label=_("Role"), title=each.role.name, becomes=ends)
        for each in roles.order_by("pk")
    ]
    return things


def leaving_report(*, person: Staff, at: dt.datetime) -> dict[str, object]:
    """Return what was handed over when a person left, to whom, and the exports before that.

    Exports are what the apps above answer for the days of `access.export_review_days`.
    """
    left = person.orders.filter(kind=PersonnelKind.DISMISS, applied_at__isnull=False)
    order = left.order_by("-applied_at").first()
    moment = order.applied_at if order else at
    days = int(parameter(name="access.export_review_days", as_of=timezone.localdate(moment)).value)
    since = moment - dt.timedelta(days=days)
    with past_the_wall():
        asked = leaver_asked_about.send(
            Staff, event=LeaverAskedAbout(staff_id=person.pk, since=since)
        )
        passed = WorkStep.objects.filter(from_holder=person, at=order.applied_at) if order else []
        if order:
            passed = passed.select_related("item__unit", "to_holder").order_by("pk")
        return {
            "order": order,
            "passed": list(passed),
            "days": days,
            "exports": [each for _receiver, answer in asked for each in answer if each.is_taken],
        }
