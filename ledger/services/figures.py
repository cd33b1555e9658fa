"""Writes of the books: import, sign off and withdraw finance figures."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.services import record_audit
from core.uploads import Purpose, accept
from ledger.enums import BatchState, FigureSource
from ledger.errors import Conflict, RuleBroken
from ledger.models import FinanceBatch, FinanceFigure, FinanceReject
from ledger.permissions import check_import, check_sign_off, check_withdraw
from ledger.rules.files import FinanceSheet, decode, read_finance_sheet
from organization.models import Staff
from organization.services.awaiting import align_work
from parties.services import Ended

MAX_BYTES = 5 << 20
FINANCE_FILE = Purpose(name="finance_file", limit="finance_bytes")
_SHOWN = 300


@transaction.atomic
def import_finance_figures(
    *, stream: BinaryIO, name: str, by: Staff, at: dt.datetime
) -> FinanceBatch:
    """Read a CSV `month,code,amount` (yuan) into a draft batch; bad lines are kept with reasons.

    Nothing counts before somebody else signs the batch off.

    Raises:
        NotPermitted: the person may not import finance figures.
        RuleBroken: the file is too large, not text, or lacks a column.

    Source: POST-35a-c.
    """
    check_import(by)
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise RuleBroken("file_too_large", _("A finance file has at most 5 MiB."))
    sheet = read_finance_sheet(decode(content))
    batch = _record(sheet, content, name=name, by=by, at=at)
    record_audit(
        action="import_finance_figures",
        subject=batch,
        by=by,
        at=at,
        accepted=batch.accepted,
        rejected=batch.rejected,
    )
    align_work(subjects=[batch], by=by, at=at)
    return batch


@transaction.atomic
def sign_off_finance_figures(
    *, batch: FinanceBatch, by: Staff, at: dt.datetime, remark: str = ""
) -> FinanceBatch:
    """Let a draft batch count from now on; what counted before stays readable as of then.

    Raises:
        NotPermitted: the permission is lacking, or the person imported the batch.
        WrongState: the batch is no draft.
        RuleBroken: it holds no accepted line.
        Conflict: a batch imported later for one of its figures is signed off already.
    """
    batch = FinanceBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    check_sign_off(by, batch)
    batch.sign_off(by=by, at=at, remark=remark)
    if not batch.accepted:
        raise RuleBroken("nothing_accepted", _("No line of this file was accepted."))
    _refuse_overtaken(batch)
    batch.save(update_fields=["state", "signed_off_by", "signed_off_at", "remark"])
    align_work(subjects=[batch], by=by, at=at, outcome="signed_off")
    record_audit(action="sign_off_finance_figures", subject=batch, by=by, at=at, reason=remark)
    return batch


@transaction.atomic
def withdraw_finance_figures(
    *, batch: FinanceBatch, by: Staff, at: dt.datetime, reason: str
) -> FinanceBatch:
    """Take a draft batch back; its lines stay readable and never count.

    Raises:
        NotPermitted: the person neither imported it nor may sign it off.
        WrongState: the batch is no draft.
        RuleBroken: no reason is given.
    """
    batch = FinanceBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    check_withdraw(by, batch)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    batch.withdraw(by=by, at=at, reason=reason)
    batch.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "remark"])
    align_work(subjects=[batch], by=by, at=at, outcome="withdrawn")
    record_audit(action="withdraw_finance_figures", subject=batch, by=by, at=at, reason=reason)
    return batch


def _record(
    sheet: FinanceSheet, content: bytes, *, name: str, by: Staff, at: dt.datetime
) -> FinanceBatch:
    batch = FinanceBatch.objects.create(
        stored=accept(
            stream=io.BytesIO(content),
            name=name,
            kinds=[ContentKind.CSV, ContentKind.TEXT],
            by=by,
            at=at,
            purpose=FINANCE_FILE,
        ),
        name=name,
        rows=len(sheet.rows) + len(sheet.rejects),
        accepted=len(sheet.rows),
        rejected=len(sheet.rejects),
        ignored_columns=[column[:80] for column in sheet.ignored_columns],
        imported_by=by,
        imported_at=at,
    )
    FinanceFigure.objects.bulk_create(
        FinanceFigure(
            batch=batch, line_no=row.line_no, month=row.month, code=row.code, amount=row.amount
        )
        for row in sheet.rows
    )
    FinanceReject.objects.bulk_create(
        FinanceReject(
            batch=batch, line_no=row.line_no, text=row.text[:_SHOWN], faults=list(row.faults)
        )
        for row in sheet.rejects
    )
    return batch


def _refuse_overtaken(batch: FinanceBatch) -> None:
    own = Q()
    for month, code in batch.figures.values_list("month", "code"):
        own |= Q(month=month, code=code)
    later = FinanceFigure.objects.filter(
        own,
        batch__source=FigureSource.IMPORTED,
        batch__state=BatchState.SIGNED_OFF,
        batch__imported_at__gt=batch.imported_at,
    ).first()
    if later:
        raise Conflict(
            "overtaken",
            _("Figures of %(month)s that were imported later are signed off already; import again.")
            % {"month": f"{later.month:%Y-%m}"},
        )


def ended_finance_files(as_of: dt.date) -> Iterator[Ended]:
    """Tell from which day finance files count as closed: that of their import, over a year long."""
    for stored_id, at in FinanceBatch.objects.values_list("stored_id", "imported_at"):
        yield Ended(stored_id=stored_id, ended_on=timezone.localdate(at), term_months=13)
