"""The library of special agreements, and what forbids one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from products.enums import ClauseStatus
from products.models import LibraryClause, ProductVersion
from products.rules.agreements import Clause, agreement_findings
from products.selectors.pricing import WorksheetFinding
from products.selectors.sentences import sentence_of


def clause_library(version: ProductVersion) -> QuerySet[LibraryClause]:
    """Return the approved clauses that may be offered beside a version. Source: PRE-34b."""
    return LibraryClause.objects.filter(
        Q(product__isnull=True) | Q(product=version.product_id), status=ClauseStatus.APPROVED
    ).order_by("code")


def agreement_problems(
    *, version: ProductVersion, clause_codes: Sequence[str]
) -> tuple[WorksheetFinding, ...]:
    """Return all that forbids these special agreements beside the filed terms of a version.

    Source: PRE-34b, PRE-34c.
    """
    library = {row.code: clause_facts(row) for row in clause_library(version)}
    return tuple(
        WorksheetFinding(each.code, sentence_of(each), each.article)
        for each in agreement_findings(clause_codes, library, version.open_terms)
    )


def clause_facts(row: LibraryClause) -> Clause:
    """Return a clause as the rules take it."""
    return Clause(
        code=row.code,
        is_approved=row.status == ClauseStatus.APPROVED,
        touches=frozenset(row.touches),
        claimants=frozenset(row.claimants),
    )


def clauses() -> QuerySet[LibraryClause]:
    """Return the whole library, those that wait first."""
    return LibraryClause.objects.select_related("product", "proposed_by", "decided_by").order_by(
        "-status", "code"
    )


def clause_of(*, pk: int) -> LibraryClause:
    """Return one clause.

    Raises:
        Missing: there is none.
    """
    found = LibraryClause.objects.select_related("product").filter(pk=pk).first()
    if found is None:
        raise Missing("clause_missing", _("There is no such clause."))
    return found
