"""The vouchers of a month as a workbook, through the one way by which files leave the house."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import jobs
from core.months import month_text, parse_month
from core.workbooks import COUNT, DAY, TEXT, YUAN, Sheet, workbook
from ledger.models import EntryLine
from ledger.selectors.entries import lines_of_month
from organization.selectors import head_office
from parties.models import Export
from parties.services import Order

VOUCHERS = "ledger_vouchers"


def vouchers_order(*, month: dt.date) -> Order:
    """Return what a person orders who wants the vouchers of a month as a file."""
    return Order(
        kind=VOUCHERS,
        title=_("Vouchers of %(month)s") % {"month": month_text(month)},
        file_name=f"vouchers-{month_text(month)}.xlsx",
        rows=lines_of_month(month=month).count(),
        unit=head_office(),
        filters={"month": month_text(month)},
    )


def vouchers_workbook(*, month: dt.date, mark: str) -> IO[bytes]:
    """Write every line of every entry of a month, in the order of the numbers."""
    columns = [
        (_("Voucher number"), TEXT),
        (_("Business date"), DAY),
        (pgettext("ledger", "Business event"), TEXT),
        (pgettext("voucher", "Summary"), TEXT),
        (_("Line"), COUNT),
        (_("Account code"), TEXT),
        (pgettext("ledger", "Account"), TEXT),
        (_("Debit (yuan)"), YUAN),
        (_("Credit (yuan)"), YUAN),
        (_("Policy number"), TEXT),
        (_("Lender"), TEXT),
        (_("Product"), TEXT),
        (_("Treaty"), TEXT),
        (_("Claim number"), TEXT),
    ]
    sheet = Sheet(title=month_text(month), columns=columns, rows=_rows(month))
    return workbook(sheets=[sheet], mark=mark)


def make_vouchers(export: Export, mark: str, heartbeat: jobs.Heartbeat) -> IO[bytes]:
    """Make the file of an approved export."""
    heartbeat()
    return vouchers_workbook(month=parse_month(export.filters["month"]), mark=mark)


def _rows(month: dt.date) -> Iterator[list[Any]]:
    for line in lines_of_month(month=month).iterator(chunk_size=2000):
        yield _cells(line)


def _cells(line: EntryLine) -> list[Any]:
    entry = line.entry
    return [
        entry.number,
        entry.business_on,
        entry.get_event_display(),
        entry.summary,
        line.no,
        line.account_id,
        line.account.words,
        line.debit,
        line.credit,
        line.policy_no,
        line.lender_code,
        line.product_code,
        line.treaty_code,
        line.claim_no,
    ]
