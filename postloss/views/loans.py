"""The loans behind a figure, and one loan with its evidence."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import clock
from core.money import from_fen
from core.months import from_index, month_text, parse_month
from core.services import record_audit
from organization.enums import Permission
from organization.permissions import check, may
from parties.selectors import masked_identity
from postloss.adapters.exports import (
    COUNT,
    DAY,
    EXCEL,
    MOST_ROWS,
    TEXT,
    YUAN,
    Sheet,
    check_size,
    watermark,
    workbook,
)
from postloss.enums import Bucket, Dimension
from postloss.forms.dashboard import LoansForm, read_filters
from postloss.models import Snapshot
from postloss.selectors import loan_story
from postloss.selectors.month_ends import month_end_of
from postloss.selectors.scope import unit_in_scope
from postloss.selectors.snapshot_loans import (
    BASIS_DIFFERS,
    BUCKETS,
    COHORT_BUCKETS,
    LIVE,
    Slice,
    loan_ids,
    rows_for_export,
    rows_with_facts,
    sum_of,
)
from underwriting.selectors.missing_facts import missing_facts

PAGE = 50
BUCKET_TITLES = {name: bucket.label for name, bucket in COHORT_BUCKETS.items()} | {
    LIVE: gettext_lazy("All live loans"),
    "overdue": gettext_lazy("Overdue: M1 to M3"),
    BASIS_DIFFERS: gettext_lazy("Days and instalments differ"),
}
_COLUMNS = (
    ("loan", gettext_lazy("Loan")),
    ("", gettext_lazy("Obligor")),
    ("", gettext_lazy("Branch")),
    ("", gettext_lazy("Product and channel")),
    ("disbursed", gettext_lazy("Disbursed")),
    ("", gettext_lazy("Bucket")),
    ("days", gettext_lazy("Days overdue")),
    ("instalments", gettext_lazy("Instalments overdue")),
    ("balance", gettext_lazy("Balance")),
    ("", gettext_lazy("A month before")),
    ("", gettext_lazy("Evidence")),
)
_NUMBERS = ("days", "instalments", "balance")


class KnownCount(Paginator):
    """Pages of a list whose length the frozen figure tells."""

    def __init__(self, object_list: Any, per_page: int, *, known: int):
        super().__init__(object_list, per_page)
        self._known = known

    @cached_property
    def count(self):
        return self._known


def _asked(request: HttpRequest, month: str) -> tuple[Slice, dict[str, Any]]:
    check(request.user, Permission.VIEW_PORTFOLIO)
    filters = read_filters(LoansForm, request.GET)
    unit = unit_in_scope(staff=request.user, code=filters["unit"])
    asked = Slice(
        month_end=month_end_of(month=parse_month(month), version=filters["version"]),
        unit=unit,
        lender=filters["lender"],
        dimension=filters["dimension"] or Dimension.TOTAL,
        value=filters["value"],
        bucket=filters["bucket"] or LIVE,
        before=filters["before"],
    )
    asked.check()
    return asked, filters


@require_GET
def snapshot_loans(request: HttpRequest, month: str) -> HttpResponse:
    asked, filters = _asked(request, month)
    total = sum_of(asked=asked)
    sort = filters["sort"] or "-balance"
    pages = KnownCount(loan_ids(asked=asked, sort=sort), PAGE, known=total.loans)
    page = pages.get_page(request.GET.get("page"))
    rows = rows_with_facts(asked=asked, ids=list(page.object_list))
    context = {
        "asked": asked,
        "month": month,
        "row": asked.month_end,
        "filters": filters,
        "money": filters["money"] or "yuan",
        "total": total,
        "shown": sum(row.balance_fen for row in rows),
        "page": page,
        "rows": [(row, *masked_identity(row.loan.obligor)) for row in rows],
        "dimension_title": Dimension(asked.dimension).label,
        "bucket_title": BUCKET_TITLES[asked.bucket],
        "before_title": BUCKET_TITLES.get(asked.before, ""),
        "buckets": [(name, BUCKET_TITLES[name]) for name in (*BUCKETS, BASIS_DIFFERS)],
        "columns": _columns(sort),
        "may_export": may(request.user, Permission.EXPORT),
        "most_rows": MOST_ROWS,
    }
    return render(request, "postloss/loans/snapshot_loans.html", context)


def _columns(sort: str) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "sort": f"-{name}" if name and sort != f"-{name}" else name,
            "is_here": bool(name) and sort.lstrip("-") == name,
            "is_falling": sort.startswith("-"),
            "is_number": name in _NUMBERS,
        }
        for name, title in _COLUMNS
    ]


@require_GET
def export(request: HttpRequest, month: str) -> HttpResponse:
    check(request.user, Permission.EXPORT)
    asked, filters = _asked(request, month)
    total, at = sum_of(asked=asked), clock.now()
    check_size(rows=total.loans)
    rows = rows_for_export(asked=asked, sort=filters["sort"] or "-balance", at_most=MOST_ROWS)
    sheet = Sheet(
        title=f"{month} v{asked.month_end.version}",
        columns=[(_(title), kind) for title, kind in _EXPORTED],
        rows=map(_exported, rows),
    )
    mark = watermark(name=request.user.name, unit=request.user.unit.name, at=at)
    book = workbook(sheets=[sheet], mark=mark)
    record_audit(
        action="loans_exported", subject=asked.month_end, by=request.user, at=at, rows=total.loans,
        unit=asked.unit.code, dimension=asked.dimension, value=asked.value, bucket=asked.bucket,
    )  # fmt: skip
    name = f"loans_{asked.unit.code}_{month}_v{asked.month_end.version}_{asked.bucket}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=EXCEL)


_EXPORTED = (
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


def _exported(row: Snapshot) -> list[Any]:
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


@require_GET
def loan(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    found = loan_story.loan_of(staff=request.user, pk=pk, as_of=clock.today())
    lines = loan_story.statuses_of(loan=found)
    name, document = masked_identity(found.obligor)
    balances = loan_story.balances_over_time(lines=lines)
    context = {
        "loan": found,
        "obligor_name": name,
        "obligor_document": document,
        "missing": missing_facts(loan=found),
        "lines": lines,
        "terms": loan_story.terms_of(loan=found),
        "month_ends": loan_story.month_ends_of(loan=found),
        "balances": balances["dates"],
        "chart": {
            "preset": "line",
            "format": "yuan",
            "categories": balances["dates"],
            "series": [{"name": _("Balance"), "values": balances["balances"]}],
            "area": True,
        },
    }
    return render(request, "postloss/loans/loan.html", context)
