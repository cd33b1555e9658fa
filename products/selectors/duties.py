"""Who does what for a product, on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from organization.enums import Permission, UnitKind
from organization.models import Post, PostHolding, Unit
from organization.permissions import may
from products.enums import Activity, DutyKind
from products.models import Duty, DutySet, Product


def duties_on(*, product: Product, on: dt.date) -> DutySet | None:
    """Return the duties that hold for a product on a day, if any are set. Source: PRE-33a."""
    return (
        product.duty_sets.filter(valid_from__lte=on)
        .select_related("set_by")
        .order_by("-valid_from", "-number")
        .first()
    )


def duty_sets_of(*, product: Product) -> QuerySet[DutySet]:
    """Return every set of duties of a product, newest first."""
    return product.duty_sets.select_related("set_by").order_by("-number")


def duty_table(*, duties: DutySet | None) -> list[tuple[str, list[str]]]:
    """Return each activity in words with who answers, does, is asked and is told. One query."""
    if duties is None:
        return []
    rows: list[Duty] = list(duties.duties.select_related("post", "unit").order_by("pk"))
    return [
        (
            str(activity.label),
            [
                "、".join(
                    each.whose for each in rows if (each.activity, each.kind) == (activity, k)
                )
                for k in DutyKind
            ],
        )
        for activity in Activity
    ]


def accountable_holder(
    *, product: Product, activity: Activity, permission: Permission, on: dt.date
) -> int | None:
    """Return who holds the post that answers for an activity on a day and may do it.

    Of several holders the one who held it first; nobody where the post is vacant, where its holder
    lacks the permission or where no duties are set: then it waits for the team. Source: PRE-33a.
    """
    duties = duties_on(product=product, on=on)
    if duties is None:
        return None
    posts_of = duties.duties.filter(activity=activity, kind=DutyKind.ACCOUNTABLE).values("post")
    holders: Sequence[PostHolding] = (
        PostHolding.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), post__in=posts_of, valid_from__lte=on
        )
        .select_related("staff")
        .order_by("valid_from", "pk")
    )
    return next((each.staff_id for each in holders if may(each.staff, permission)), None)


def posts() -> QuerySet[Post]:
    """Return the posts of the house, by code."""
    return Post.objects.order_by("code")


def units_for_duties() -> QuerySet[Unit]:
    """Return the head office and its branches, in tree order."""
    kinds = [UnitKind.HEAD_OFFICE, UnitKind.BRANCH]
    return Unit.objects.open().filter(kind__in=kinds).order_by("path")
