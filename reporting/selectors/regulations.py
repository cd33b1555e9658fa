"""Reads of regulations."""

import datetime as dt

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import add_months
from core.selectors import figure
from organization.models import Staff
from reporting.models import Regulation, RegulationArticle, RegulationCheck
from reporting.permissions import check_see_governance


def regulations(*, staff: Staff) -> QuerySet[Regulation]:
    """Return every regulation with its number of articles and its last check.

    Raises:
        NotPermitted: the person does not read the registers.
    """
    check_see_governance(staff)
    last = RegulationCheck.objects.filter(regulation=OuterRef("pk")).order_by("-checked_at", "-pk")
    return Regulation.objects.annotate(
        article_count=Count("articles"),
        last_standing=Subquery(last.values("standing")[:1]),
        last_checked_at=Subquery(last.values("checked_at")[:1]),
        last_checked_by=Subquery(last.values("checked_by__name")[:1]),
    ).order_by("code")


def stale_regulations(*, staff: Staff, as_of: dt.date) -> QuerySet[Regulation]:
    """Return those never checked, or checked longer ago than the parameter allows.

    Source: HQ-46 (banner when a check is older than 6 months).
    """
    months = int(figure(name="regulation.check_months", as_of=as_of))
    first = add_months(as_of, -months)
    oldest = first + dt.timedelta(days=min(as_of.day, 28) - 1)
    return regulations(staff=staff).filter(
        Q(last_checked_at__isnull=True) | Q(last_checked_at__date__lt=oldest)
    )


def regulation_of(*, staff: Staff, pk: int) -> Regulation:
    """Return one regulation with its articles and checks.

    Raises:
        Missing: it does not exist.
    """
    checks = RegulationCheck.objects.select_related("checked_by").order_by("-checked_at", "-pk")
    found = (
        regulations(staff=staff)
        .prefetch_related(
            Prefetch("articles", RegulationArticle.objects.order_by("pk")),
            Prefetch("checks", checks),
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Missing("regulation_missing", _("There is no such regulation."))
    return found


def article(*, regulation: str, article: str) -> RegulationArticle:
    """Return the row that a rule cites, by the regulation's code and the article's number.

    Raises:
        Missing: there is no such row.
    """
    found = RegulationArticle.objects.filter(regulation__code=regulation, article=article).first()
    if found is None:
        raise Missing("article_missing", _("There is no such article in the register."))
    return found
