"""The landing page: what waits for the person, and at a glance."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import clock
from desk import selectors
from desk.forms import WorkFilterForm
from organization.selectors import work

PER_PAGE = 25
TABS = {
    "todo": _("To do"),
    "team": _("Team inbox"),
    "done": _("Done"),
    "started": _("Started by me"),
    "copied": _("Copied to me"),
}


class _Counted(Paginator):
    """Pages of a list whose length is known already."""

    def __init__(self, *args: object, known: int | None, **words: object):
        super().__init__(*args, **words)
        self._known = known

    @cached_property
    def count(self) -> int:
        return len(self.object_list) if self._known is None else self._known


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = WorkFilterForm(request.GET)
    words = form.read()
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in TABS else "todo"
    counts = work.work_counts(staff=request.user, at=at)
    items = work.narrowed(work.work_of(staff=request.user, tab=tab), **words, at=at)
    is_whole = not any(words.values())
    items = work.in_order(items, tab=tab)
    pages = _Counted(items, PER_PAGE, known=counts[tab] if is_whole else items.count())
    context = {
        "at": at,
        "tab": tab,
        "tabs": _tabs(counts, tab, request.GET),
        "counts": counts,
        "page": pages.get_page(request.GET.get("page")),
        "form": form,
        "is_narrowed": not is_whole,
    }
    if request.htmx:
        return render(request, "desk/_work_rows.html", context)
    context |= {
        "tiles": selectors.tiles_for(person=request.user, at=at),
        "recent_jobs": selectors.recent_jobs(person=request.user),
    }
    return render(request, "desk/home.html", context)


def _tabs(counts: dict[str, int], tab: str, query: QueryDict) -> list[dict[str, object]]:
    kept = query.copy()
    kept.pop("page", None)
    shown = []
    for key, title in TABS.items():
        kept["tab"] = key
        shown.append(
            {
                "title": title,
                "count": counts[key],
                "late": counts.get(f"{key}_late", 0),
                "query": kept.urlencode(),
                "is_here": key == tab,
            }
        )
    return shown
