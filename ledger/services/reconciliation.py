"""Figures of the closed books frozen as finance figures; differences to finance explained."""

import csv
import datetime as dt
import io

from django.db import transaction
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.services import record_audit
from core.uploads import accept
from ledger.enums import BatchState, FigureSource, FinanceLine
from ledger.errors import RuleBroken
from ledger.models import FigureExplanation, FinanceBatch, FinanceFigure
from ledger.permissions import check_post_vouchers
from ledger.selectors.reconciliation import ledger_figures, reconciliation
from ledger.services.figures import FINANCE_FILE
from organization.models import Staff


@transaction.atomic
def explain_difference(
    *, month: dt.date, line: FinanceLine, words: str, by: Staff, at: dt.datetime
) -> FigureExplanation:
    """Say why finance and the books differ on a line; said of this difference, not of a later one.

    Raises:
        NotPermitted: the person does not work on the books.
        RuleBroken: nothing is said, or there is no difference.

    Source: F1a, HQ-10.
    """
    check_post_vouchers(by)
    if not words.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="words")
    row = next(each for each in reconciliation(month=month) if each.line == line)
    if not row.difference:
        raise RuleBroken("no_difference", _("Finance and the books agree on this line."))
    said = FigureExplanation.objects.create(
        month=month,
        code=line,
        imported=row.imported,
        ledger=row.ledger,
        words=words.strip(),
        by=by,
        at=at,
    )
    record_audit(
        action="ledger.difference_explained",
        subject=said,
        by=by,
        at=at,
        reason=said.words,
        month=month,
        line=line,
        imported=row.imported,
        ledger=row.ledger,
    )
    return said


def freeze_ledger_figures(
    *, month: dt.date, prepared_by: Staff, by: Staff, at: dt.datetime
) -> FinanceBatch | None:
    """Keep what the book gives for a month as a signed-off batch, for reports to name.

    Called when the month is closed. What finance imported wins over it, before and after; a report
    that named this batch can be made again. Returns nothing where the month has no entry.
    """
    lines = ledger_figures(months=[month]).get(month)
    if not lines:
        return None
    batch = FinanceBatch.objects.create(
        source=FigureSource.LEDGER,
        stored=accept(
            stream=io.BytesIO(_csv(month, lines)),
            name=f"books-{month:%Y-%m}.csv",
            kinds=[ContentKind.CSV, ContentKind.TEXT],
            by=by,
            at=at,
            purpose=FINANCE_FILE,
        ),
        name=f"books-{month:%Y-%m}.csv",
        state=BatchState.SIGNED_OFF,
        rows=len(lines),
        accepted=len(lines),
        rejected=0,
        imported_by=prepared_by,
        imported_at=at,
        signed_off_by=by,
        signed_off_at=at,
    )
    FinanceFigure.objects.bulk_create(
        FinanceFigure(batch=batch, line_no=number, month=month, code=code, amount=lines[code])
        for number, code in enumerate(sorted(lines), 2)
    )
    record_audit(
        action="ledger.figures_frozen", subject=batch, by=by, at=at, month=month, lines=len(lines)
    )
    return batch


def _csv(month: dt.date, lines: dict) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["month", "code", "amount"])
    rows.writerows([f"{month:%Y-%m}", code, f"{lines[code]:.2f}"] for code in sorted(lines))
    return text.getvalue().encode()
