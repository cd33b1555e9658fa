"""Statements of reinsurers as files, through the one way by which files leave the house."""

from __future__ import annotations

import io
from typing import IO

from django.utils.translation import gettext as _

from core import jobs
from core.workbooks import COUNT, TEXT, YUAN, Sheet, workbook
from organization.selectors import head_office
from parties.models import Export
from parties.services import Order
from underwriting.adapters.papers import render_paper
from underwriting.selectors.statements import Statement, quarter_words, statement_of

WORKBOOK, PAPER = "cession_statement", "cession_statement_paper"


def statement_order(*, statement: Statement, is_paper: bool = False) -> Order:
    """Return what a person orders who wants a reinsurer's statement as a workbook or a PDF."""
    ending = "pdf" if is_paper else "xlsx"
    return Order(
        kind=PAPER if is_paper else WORKBOOK,
        title=_("Statement of %(name)s, %(quarter)s")
        % {"name": statement.reinsurer.name, "quarter": statement.quarter},
        file_name=f"statement-{statement.reinsurer.pk}-{statement.quarter}.{ending}",
        rows=len(statement.treaties if is_paper else statement.lines),
        unit=head_office(),
        filters={"reinsurer": statement.reinsurer.pk, "quarter": statement.quarter},
    )


def statement_workbook(*, statement: Statement, mark: str) -> IO[bytes]:
    """Write the sums by treaty on one sheet and every line by policy on another."""
    money = [
        (_("Premium ceded"), YUAN),
        (_("Ceding commission"), YUAN),
        (_("Claims ceded"), YUAN),
        (_("Recoveries passed on"), YUAN),
        (_("Balance in the reinsurer's favour"), YUAN),
    ]
    sums = [
        [treaty, sum(line.treaty == treaty for line in statement.lines), *_cells(each)]
        for treaty, each in sorted(statement.treaties.items())
    ]
    sums.append([_("Sum"), len(statement.lines), *_cells(statement.total)])
    return workbook(
        sheets=[
            Sheet(
                title=_("Sums by treaty"),
                columns=[(_("Treaty or certificate"), TEXT), (_("Policies"), COUNT), *money],
                rows=sums,
            ),
            Sheet(
                title=_("Lines by policy"),
                columns=[(_("Treaty or certificate"), TEXT), (_("Policy number"), TEXT), *money],
                rows=[[each.treaty, each.policy_no, *_cells(each)] for each in statement.lines],
            ),
        ],
        mark=mark,
    )


def statement_pdf(*, statement: Statement, mark: str) -> IO[bytes]:
    """Print the sums by treaty of a statement.

    Raises:
        NoPdfError: Pango or the fonts are missing on this machine.
    """
    first, end = quarter_words(statement.quarter)
    context = {"statement": statement, "mark": mark, "first": first, "end": end}
    return io.BytesIO(render_paper(template="statement", context=context))


def make_statement(export: Export, mark: str, heartbeat: jobs.Heartbeat) -> IO[bytes]:
    """Make the workbook of an approved export."""
    heartbeat()
    return statement_workbook(statement=_of(export), mark=mark)


def make_statement_paper(export: Export, mark: str, heartbeat: jobs.Heartbeat) -> IO[bytes]:
    """Make the PDF of an approved export."""
    heartbeat()
    return statement_pdf(statement=_of(export), mark=mark)


MAKERS = {WORKBOOK: make_statement, PAPER: make_statement_paper}


def _of(export: Export) -> Statement:
    asked = export.filters
    return statement_of(staff=None, pk=asked["reinsurer"], quarter=asked["quarter"])


def _cells(money: object) -> list[object]:
    return [money.premium, money.commission, money.claims, money.recoveries, money.balance]
