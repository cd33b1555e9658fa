"""One loan for people: terms, every status with both times, and its place in each month-end.

Source: HQ-44 (true as of, known since), POST-09c, PRE-25.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from core.money import from_fen
from organization.enums import UnitKind
from organization.models import Staff
from partners.enums import FileState
from postloss.enums import RepaymentStatus
from postloss.models import Finding, LoanStatus, Snapshot
from postloss.selectors.month_ends import closed_month_ends
from postloss.selectors.places import Places
from underwriting.models import Loan, LoanTerms


@dataclass(frozen=True, kw_only=True)
class StatusLine:
    """What a lender said of a date; superseded from the instant at which we knew better."""

    status: LoanStatus
    superseded_at: dt.datetime | None
    flags: list[str]

    @property
    def status_name(self) -> str:
        """The name of the status, as the badge knows it."""
        return RepaymentStatus(self.status.status).name.lower()

    @property
    def label(self) -> str:
        """The status in words."""
        return RepaymentStatus(self.status.status).label

    @property
    def is_in_force(self) -> bool:
        """Tell whether nothing later is known of the date."""
        return self.superseded_at is None


def loan_of(*, staff: Staff, pk: int, as_of: dt.date) -> Loan:
    """Return a loan of the person's scope: its branch name leads to the unit or below on `as_of`.

    Raises:
        Missing: it does not exist or is another unit's.
    """
    loan = (
        Loan.objects.select_related(
            "lender", "obligor", "file", "segment__branch", "segment__channel", "segment__product"
        )
        .filter(pk=pk)
        .first()
    )
    if loan is None or not _is_in_scope(staff, loan, as_of):
        raise Missing("loan_missing", _("There is no such loan, or it is not yours to see."))
    return loan


def _is_in_scope(staff: Staff, loan: Loan, as_of: dt.date) -> bool:
    if staff.unit.kind == UnitKind.HEAD_OFFICE:
        return True
    pair = (loan.lender_id, loan.segment.branch_id)
    places = Places(lender_id=pair[0], book_name_id=pair[1])
    return pair in places.below(staff.unit, day=as_of)


def statuses_of(*, loan: Loan) -> list[StatusLine]:
    """Return everything that complete files said of a loan, newest date and knowledge first."""
    rows = list(
        LoanStatus.objects.filter(loan=loan, file__state=FileState.COMPLETE)
        .select_related("file")
        .order_by("as_of", "file__recorded_at", "file_id")
    )
    flags = _flags_of(rows)
    better: dict[dt.date, dt.datetime] = {}
    lines = []
    for row in reversed(rows):
        lines.append(
            StatusLine(
                status=row,
                superseded_at=better.get(row.as_of),
                flags=flags.get((row.file_id, row.line_no), []),
            )
        )
        better[row.as_of] = row.file.recorded_at
    return lines


def _flags_of(rows: list[LoanStatus]) -> dict[tuple[int, int], list[str]]:
    lines = {(row.file_id, row.line_no) for row in rows}
    found = Finding.objects.filter(
        file__in={file for file, _ in lines}, line_no__in={line for _, line in lines}
    ).order_by("pk")
    flags: dict[tuple[int, int], list[str]] = defaultdict(list)
    for finding in found:
        if (finding.file_id, finding.line_no) in lines:
            flags[finding.file_id, finding.line_no].append(finding.get_code_display())
    return flags


def terms_of(*, loan: Loan) -> QuerySet[LoanTerms]:
    """Return every line of a loans file that spoke of the loan, newest knowledge first."""
    return (
        LoanTerms.objects.filter(
            lender_id=loan.lender_id, loan_no=loan.loan_no, file__state=FileState.COMPLETE
        )
        .select_related("file")
        .order_by("-file__recorded_at", "-pk")
    )


def month_ends_of(*, loan: Loan) -> list[Snapshot]:
    """Return where the loan stood in every closed month-end version, newest first; two queries.

    The versions are named one by one, so that each partition is asked by its key.
    """
    ends = list(closed_month_ends().values_list("pk", flat=True))
    rows = Snapshot.objects.filter(month_end_id__in=ends, loan=loan).select_related("month_end")
    return sorted(rows, key=lambda row: (row.month_end.month, row.month_end.version), reverse=True)


def balances_over_time(*, lines: list[StatusLine]) -> dict[str, list[str]]:
    """Return dates and balances in force, oldest first: ISO dates and yuan as text."""
    known = [line.status for line in reversed(lines) if line.is_in_force and line.status.status]
    return {
        "dates": [row.as_of.isoformat() for row in known],
        "balances": [str(from_fen(row.outstanding_fen)) for row in known],
    }
