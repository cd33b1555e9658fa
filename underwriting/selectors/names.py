"""Reads of the names that lenders use."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.permissions import check
from underwriting.enums import NameKind
from underwriting.models import BookName, NameMapping, Segment


def names_of(kind: NameKind) -> list[str]:
    """Return the names of a kind that lenders' files use, sorted."""
    return sorted(BookName.objects.filter(kind=kind).values_list("name", flat=True))


def segment_values(field: str) -> list[str]:
    """Return the distinct values of `grade` or `obligor_type` in the book, sorted."""
    return sorted(set(Segment.objects.values_list(field, flat=True).distinct()))


def name_mappings(*, staff: Staff) -> QuerySet[NameMapping]:
    """Return every mapping, unconfirmed first: head office confirms.

    Raises:
        NotPermitted: the person does not see the portfolio.
    """
    check(staff, Permission.VIEW_PORTFOLIO)
    found = NameMapping.objects.select_related(
        "lender", "book_name", "unit", "channel", "product_version__product", "confirmed_by"
    ).order_by(
        F("confirmed_at").asc(nulls_first=True),
        "lender",
        "book_name__kind",
        "book_name__name",
        "valid_from",
    )
    return found if staff.unit.kind == UnitKind.HEAD_OFFICE else found.none()


def name_mapping(*, staff: Staff, pk: int) -> NameMapping:
    """Return one mapping.

    Raises:
        Missing: there is none, or it is not the person's to see.
    """
    mapping = name_mappings(staff=staff).filter(pk=pk).first()
    if mapping is None:
        raise Missing("name_missing", _("There is no such name."))
    return mapping


def unconfirmed_count() -> int:
    """Return how many names nobody has confirmed yet."""
    return NameMapping.objects.filter(confirmed_at__isnull=True).count()
