"""The workbooks of loans that may be large: loans of a slice, changed loans, a person's copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import from_fen
from core.months import from_index, month_text
from core.workbooks import COUNT, DAY, RATE, TEXT, YUAN, Sheet, workbook
from parties.models import Party
from parties.selectors import clear_identity, masked_identity
from postloss.enums import Bucket
from postloss.models import Snapshot
from postloss.selectors import closings
from postloss.selectors.snapshot_loans import Slice, rows_for_export
from underwriting.models import Loan

KIND_TITLES = {
    "new": gettext_lazy("New in this version"),
    "gone": gettext_lazy("Gone from this version"),
    "bucket": gettext_lazy("Bucket changed"),
    "balance": gettext_lazy("Balance changed"),
    "slice": gettext_lazy("Moved to another slice"),
}
Progress = Callable[..., None]
STEP = 2000


def loans_workbook(
    *, asked: Slice, sort: str, rows: int, mark: str, progress: Progress | None = None
) -> IO[bytes]:
    """Write the loans of a slice, masked."""
    found = rows_for_export(asked=asked, sort=sort, at_most=rows)
    sheet = Sheet(
        title=f"{month_text(asked.month_end.month)} v{asked.month_end.version}",
        columns=[(_(title), kind) for title, kind in _LOANS],
        rows=map(_loan, _counted(found, rows, progress)),
    )
    return workbook(sheets=[sheet], mark=mark)


_LOANS = (
    (gettext_lazy("Lender"), TEXT),
    (gettext_lazy("Loan"), TEXT),
    (gettext_lazy("Obligor"), TEXT),
    (gettext_lazy("Document number"), TEXT),
    (gettext_lazy("Branch"), TEXT),
    (gettext_lazy("Product"), TEXT),
    (gettext_lazy("Channel"), TEXT),
    (gettext_lazy("Grade"), TEXT),
    (gettext_lazy("Obligor type"), TEXT),
    (gettext_lazy("Disbursed"), TEXT),
    (gettext_lazy("As of"), DAY),
    (gettext_lazy("Bucket"), TEXT),
    (gettext_lazy("Days overdue"), COUNT),
    (gettext_lazy("Instalments overdue"), COUNT),
    (gettext_lazy("Balance (yuan)"), YUAN),
    (gettext_lazy("Bucket before"), TEXT),
    (gettext_lazy("Balance before (yuan)"), YUAN),
    (gettext_lazy("File"), TEXT),
    (gettext_lazy("Line"), COUNT),
)


def _loan(row: Snapshot) -> list[Any]:
    segment = row.segment
    name, document = masked_identity(row.loan.obligor)
    before = None if row.before_bucket is None else Bucket(row.before_bucket).label
    before_yuan = None if row.before_fen is None else from_fen(row.before_fen)
    return [
        segment.lender.code, row.loan.loan_no, name, document, segment.branch.name,
        segment.product.name, segment.channel.name, segment.grade, segment.obligor_type,
        month_text(from_index(segment.disbursed_month)), row.as_of, Bucket(row.bucket).label,
        row.days_overdue, row.instalments_overdue, from_fen(row.balance_fen), before, before_yuan,
        row.file.name, row.line_no,
    ]  # fmt: skip


def changes_workbook(
    *,
    changes: closings.Changes,
    pairs: list[closings.FigurePair],
    rows: int,
    mark: str,
    progress: Progress | None = None,
) -> IO[bytes]:
    """Write the figures and the loans that differ between two versions of a month."""
    found = _counted(changes.all_loans(at_most=rows), rows, progress)
    return workbook(sheets=[_pairs_sheet(pairs), _changes_sheet(found)], mark=mark)


_COMPARED = ("outstanding", "m0", "m1", "m2", "m3", "tail_over_180")


def _pairs_sheet(pairs: list[closings.FigurePair]) -> Sheet:
    sides = [(name, side) for name in _COMPARED for side in ("before", "after")]
    return Sheet(
        title=_("Figures"),
        columns=[(_("Slice"), TEXT), *((f"{name} {side}", YUAN) for name, side in sides)],
        rows=(
            [pair.name or _("Total")]
            + [getattr(getattr(pair, side), name, None) for name, side in sides]
            for pair in pairs
        ),
    )


def _changes_sheet(changes: Iterable[closings.LoanChange]) -> Sheet:
    return Sheet(
        title=_("Loans"),
        columns=[
            (_("Change"), TEXT), (_("Loan"), TEXT), (_("Branch"), TEXT), (_("Bucket before"), TEXT),
            (_("Bucket now"), TEXT), (_("Balance before (yuan)"), YUAN),
            (_("Balance (yuan)"), YUAN), (_("Difference (yuan)"), YUAN),
        ],
        rows=(
            [KIND_TITLES[each.kind], each.loan_no, each.branch,
             bucket_label(each.before_bucket), bucket_label(each.after_bucket), each.before_balance,
             each.after_balance, each.difference]
            for each in changes
        ),
    )  # fmt: skip


def bucket_label(bucket: int | None) -> Any:
    """Return a bucket in words, or nothing."""
    return None if bucket is None else Bucket(bucket).label


def person_workbook(*, party: Party, loans: Iterable[Loan], mark: str) -> IO[bytes]:
    """Write what is held of one person, in clear, for that person. Source: PIPL 45."""
    clear = clear_identity(party)
    identity = Sheet(
        title=_("Identity"),
        columns=[(_("Name"), TEXT), (_("Document number"), TEXT), (_("Kind"), TEXT)],
        rows=[[clear.name, clear.document, party.get_kind_display()]],
    )
    columns = [
        (_("Lender"), TEXT), (_("Loan"), TEXT), (_("Principal (yuan)"), YUAN),
        (_("Rate per year"), RATE), (_("Term (months)"), COUNT), (_("Disbursed"), DAY),
        (_("Maturity"), DAY), (_("Product"), TEXT), (_("Channel"), TEXT), (_("Branch"), TEXT),
    ]  # fmt: skip
    rows: Iterator[Sequence[Any]] = (
        [
            loan.lender.name, loan.loan_no, loan.principal, loan.rate, loan.term,
            loan.disbursed_on, loan.maturity_on, loan.segment.product.name,
            loan.segment.channel.name, loan.segment.branch.name,
        ]
        for loan in loans
    )  # fmt: skip
    return workbook(
        sheets=[identity, Sheet(title=_("Loans"), columns=columns, rows=rows)], mark=mark
    )


def _counted(rows: Iterable[Any], total: int, progress: Progress | None) -> Iterator[Any]:
    for done, row in enumerate(rows):
        if progress is not None and done % STEP == 0:
            progress(done=done, total=total, text=_("writing rows"))
        yield row
