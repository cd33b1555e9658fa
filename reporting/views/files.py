"""The files of a report: the PDF opens in the browser, the others are saved."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from core import clock
from core.downloads import hand_out
from core.months import parse_quarter
from parties.services import Order, record_copy
from reporting import selectors
from reporting.enums import PackFile

TYPES = {
    PackFile.PDF: "application/pdf",
    PackFile.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PackFile.FIGURES: "text/csv; charset=utf-8",
    PackFile.MANIFEST: "application/json",
}


# What the viewer of a browser needs; the file itself is ours and no page.
VIEWER = {"object-src": [SELF], "style-src": [SELF, UNSAFE_INLINE], "frame-ancestors": [NONE]}


@require_GET
@csp_replace(VIEWER)
def report_file(
    request: HttpRequest, quarter: str, number: int, name: str
) -> StreamingHttpResponse:
    if name not in PackFile.values:
        raise Http404
    report = selectors.report_of(
        for_user=request.user, quarter=parse_quarter(quarter)[0], number=number
    )
    stored = selectors.report_file(report=report, name=name).stored
    order = Order(
        kind="report_file",
        title=f"{report.quarter_text} #{report.number} {name}",
        file_name=stored.name,
        rows=0,
        unit=request.user.unit,
        filters={"report": report.pk, "name": name},
    )
    record_copy(order=order, stored=stored, by=request.user, at=clock.now())
    return hand_out(
        stored,
        by=request.user,
        at=clock.now(),
        content_type=TYPES[PackFile(name)],
        is_inline=name == PackFile.PDF,
    )
