"""Reads of staff."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from core.encryption import unseal
from organization.enums import Standing
from organization.errors import Missing
from organization.models import (
    Certificate,
    PersonnelOrder,
    Post,
    PostHolding,
    RoleAssignment,
    Staff,
    Unit,
)
from organization.permissions import may_see_staff

CERTIFICATE = "organization_certificate.sealed_number"


def staff_with(*, permission: str, unit: Unit) -> list[Staff]:
    """Return active people of exactly this unit who hold the permission, by user name."""
    return list(
        Staff.objects.filter(unit=unit, is_active=True, roles__permissions__contains=[permission])
        .distinct()
        .order_by("username")
    )


def people_above_with(*, permission: str, unit: Unit) -> list[Staff]:
    """Return active people of the unit and of those above it who hold the permission, nearest
    first, then by user name.
    """
    codes = unit.path.strip("/").split("/")
    paths = ["/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
    held = Staff.objects.filter(roles__permissions__contains=[permission]).values("pk")
    return list(
        Staff.objects.filter(
            pk__in=held, unit__path__in=paths, is_active=True, standing=Standing.WORKING
        )
        .select_related("unit")
        .order_by(Length("unit__path").desc(), "username")
    )


def people_with(*, permission: str = "") -> QuerySet[Staff]:
    """Return active people, of whatever unit, who hold the permission (or all), by name."""
    people = Staff.objects.filter(is_active=True, standing=Standing.WORKING)
    if permission:
        held = Staff.objects.filter(roles__permissions__contains=[permission]).values("pk")
        people = people.filter(pk__in=held)
    return people.select_related("unit").order_by("unit__path", "username")


def staff_in_scope(*, staff: Staff) -> QuerySet[Staff]:
    """Return the people whom the person may look after: of the own unit and below.

    Raises:
        Missing: the person looks after nobody.
    """
    if not may_see_staff(staff):
        raise Missing("staff_missing", _("There is no such person."))
    return (
        Staff.objects.filter(unit__path__startswith=staff.unit.path)
        .select_related("unit")
        .prefetch_related("roles")
        .order_by("unit__path", "username")
    )


def staff_of(*, staff: Staff, pk: int) -> Staff:
    """Return one person of the scope.

    Raises:
        Missing: there is none, or it is not the person's to see.
    """
    found = staff_in_scope(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("staff_missing", _("There is no such person."))
    return found


def orders_of(*, person: Staff) -> QuerySet[PersonnelOrder]:
    """Return what was ordered about a person, newest first, with units and authors."""
    return person.orders.select_related(
        "unit_before", "unit_after", "ordered_by", "successor"
    ).order_by("-effective_on", "-pk")


def assignments_of(*, person: Staff) -> QuerySet[RoleAssignment]:
    """Return the roles that a person has, will have and had: open ones first, newest first."""
    return person.role_assignments.select_related("role", "assigned_by", "ended_by").order_by(
        F("ended_at").desc(nulls_first=True), "-valid_from", "-pk"
    )


def certificates_of(*, person: Staff) -> list[tuple[Certificate, str]]:
    """Return a person's certificates, the first to run out first, with the number's last four."""
    rows = person.certificates.order_by(F("expires_on").asc(nulls_last=True), "pk")
    return [(row, f"****{_number(row)[-4:]}") for row in rows]


def _number(row: Certificate) -> str:
    return unseal(row.sealed_number, column=CERTIFICATE, key=f"{row.staff_id}:{row.name}")


def holdings_of(*, person: Staff) -> QuerySet[PostHolding]:
    """Return the posts that a person holds and held, present ones first."""
    return person.holdings.select_related("post").order_by(
        F("valid_to").desc(nulls_first=True), "-valid_from"
    )


def post_register(*, as_of: dt.date) -> list[dict[str, object]]:
    """Return every post with its present holders and the certificates that they lack on the day.

    Three queries, however many posts. Source: PRE-12d.
    """
    present = PostHolding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), valid_from__lte=as_of
    ).select_related("staff__unit")
    posts = Post.objects.order_by("code").prefetch_related(
        Prefetch("holdings", queryset=present, to_attr="present")
    )
    valid: dict[int, set[str]] = {}
    for staff_id, name in Certificate.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=as_of)
    ).values_list("staff_id", "name"):
        valid.setdefault(staff_id, set()).add(name)
    return [
        {
            "post": post,
            "holders": [
                {
                    "staff": each.staff,
                    "since": each.valid_from,
                    "lacks": sorted(set(post.certificates) - valid.get(each.staff_id, set())),
                }
                for each in post.present
            ],
        }
        for post in posts
    ]
