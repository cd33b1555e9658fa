"""Making approved exports of loans, with the eyes of who asked for them.

The right and the scope are asked again when the file is made: they may have been taken away since.
"""

from __future__ import annotations

import tempfile
from typing import IO

from django.utils.translation import gettext as _

from core.jobs import Heartbeat
from core.months import parse_month
from organization.enums import Permission
from organization.permissions import check
from parties.models import Export, Party
from postloss.adapters.loan_sheets import changes_workbook, loans_workbook, person_workbook
from postloss.adapters.rejects_workbook import write_rejects
from postloss.enums import Dimension
from postloss.errors import Missing
from postloss.selectors import closings
from postloss.selectors.files import file_for
from postloss.selectors.month_ends import month_end_of
from postloss.selectors.scope import unit_in_scope
from postloss.selectors.snapshot_loans import LIVE, Slice
from underwriting.models import Loan

LOANS_KIND, DIFFERENCE_KIND, REJECTS_KIND = "loans", "difference", "rejects"


def make_loans(export: Export, mark: str, heartbeat: Heartbeat) -> IO[bytes]:
    """Make the workbook of the loans of a slice."""
    words = export.filters
    check(export.asked_by, Permission.VIEW_PORTFOLIO)
    check(export.asked_by, Permission.EXPORT, unit=export.unit)
    asked = Slice(
        month_end=month_end_of(month=parse_month(words["month"]), version=words["version"]),
        unit=unit_in_scope(staff=export.asked_by, code=words["unit"]),
        lender=words["lender"],
        dimension=words["dimension"] or Dimension.TOTAL,
        value=words["value"],
        bucket=words["bucket"] or LIVE,
        before=words["before"],
    )
    asked.check()
    return loans_workbook(
        asked=asked, sort=words["sort"], rows=export.rows, mark=mark, progress=heartbeat
    )


def make_difference(export: Export, mark: str, heartbeat: Heartbeat) -> IO[bytes]:
    """Make the workbook of what differs between two versions of a month."""
    words = export.filters
    check(export.asked_by, Permission.VIEW_PORTFOLIO)
    check(export.asked_by, Permission.EXPORT, unit=export.unit)
    unit, month = unit_in_scope(staff=export.asked_by, code=words["unit"]), words["month"]
    before = month_end_of(month=parse_month(month), version=words["before"])
    after = month_end_of(month=parse_month(month), version=words["version"])
    return changes_workbook(
        changes=closings.Changes(before=before, after=after, unit=unit),
        pairs=closings.figure_pairs(before=before, after=after, unit=unit),
        rows=export.rows,
        mark=mark,
        progress=heartbeat,
    )


def make_rejects(export: Export, mark: str, heartbeat: Heartbeat) -> IO[bytes]:
    """Make the workbook of the rejected lines of a lender file."""
    check(export.asked_by, Permission.LOAD_FILES, unit=export.unit)
    file = file_for(staff=export.asked_by, pk=export.filters["file_id"])
    heartbeat(total=export.rows)
    return rejects_of(file=file, mark=mark)


def rejects_of(*, file: object, mark: str) -> IO[bytes]:
    """Return the open workbook of a file's rejected lines."""
    book = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 (the answer closes it)
    write_rejects(file, book, mark=mark)
    book.seek(0)
    return book


def make_person_copy(export: Export, mark: str, heartbeat: Heartbeat) -> IO[bytes]:
    """Make the copy that a person asked for of what is held of them."""
    check(export.asked_by, Permission.ANSWER_PERSONS, unit=export.unit)
    party = Party.objects.get(pk=export.filters["party_id"])
    if party.is_erased:
        raise Missing("identity_deleted", _("This identity was deleted at the end of its time."))
    loans = (
        Loan.objects.filter(obligor=party)
        .select_related("lender", "segment__product", "segment__channel", "segment__branch")
        .order_by("lender_id", "loan_no")
    )
    heartbeat(total=export.rows)
    return person_workbook(party=party, loans=loans, mark=mark)
