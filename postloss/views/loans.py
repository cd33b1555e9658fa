"""The loans behind a figure, and one loan with its evidence."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.months import parse_month
from organization.enums import Permission
from organization.permissions import check, may
from parties.selectors import masked_identity
from parties.services import Order, count_look_up
from postloss.adapters.loan_sheets import loans_workbook
from postloss.enums import Dimension
from postloss.forms.dashboard import LoansForm, read_filters
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
    rows_with_facts,
    sum_of,
)
from postloss.services.large_exports import LOANS_KIND
from postloss.views.exporting import answer_export
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


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, month: str) -> HttpResponse:
    check(request.user, Permission.EXPORT)
    asked, filters = _asked(request, month)
    rows, sort = sum_of(asked=asked).loans, filters["sort"] or "-balance"
    version = asked.month_end.version
    order = Order(
        kind=LOANS_KIND,
        title=_("Loans of %(unit)s, %(month)s") % {"unit": asked.unit.name, "month": month},
        file_name=f"loans_{asked.unit.code}_{month}_v{version}_{asked.bucket}.xlsx",
        rows=rows,
        unit=asked.unit,
        filters={
            "month": month, "version": version, "unit": asked.unit.code, "lender": asked.lender,
            "dimension": asked.dimension, "value": asked.value, "bucket": asked.bucket,
            "before": asked.before, "sort": sort,
        },
    )  # fmt: skip
    return answer_export(
        request, order, lambda mark: loans_workbook(asked=asked, sort=sort, rows=rows, mark=mark)
    )


@require_GET
def loan(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    found = loan_story.loan_of(staff=request.user, pk=pk, as_of=clock.today())
    lines = loan_story.statuses_of(loan=found)
    count_look_up(staff=request.user, at=clock.now())
    name, document = masked_identity(found.obligor)
    balances = loan_story.balances_over_time(lines=lines)
    context = {
        "loan": found,
        "obligor_name": name,
        "obligor_document": document,
        "may_reveal": may(request.user, Permission.UNMASK),
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
