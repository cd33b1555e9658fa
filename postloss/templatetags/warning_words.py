"""How warnings say their clock, their slice and their threshold: `{% load warning_words %}`."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postloss.enums import Dimension, WarningLevel
from postloss.models import RiskWarning
from underwriting.models import Control

register = template.Library()
HOUR = dt.timedelta(hours=1)
LATE_LOOK, SOON_LOOK, CALM_LOOK = "overdue", "orange", "queued"


@register.filter
def clock_of(due_at: dt.datetime | None, at: dt.datetime) -> dict[str, object]:
    """Return the word and look of a clock: so many days or hours left, or late."""
    if due_at is None:
        return {}
    left = due_at - at
    hours = abs(left) // HOUR
    days, is_days = hours // 24, hours >= 48
    number = days if is_days else hours
    if left < dt.timedelta(0):
        words = (
            ngettext("%d day late", "%d days late", number)
            if is_days
            else ngettext("%d hour late", "%d hours late", number)
        )
        return {"text": words % number, "look": LATE_LOOK}
    words = (
        ngettext("%d day left", "%d days left", number)
        if is_days
        else ngettext("%d hour left", "%d hours left", number)
    )
    return {"text": words % number, "look": CALM_LOOK if is_days else SOON_LOOK}


@register.filter
def slice_words(subject: RiskWarning | Control) -> str:
    """Return what a warning or a control speaks of: dimension and value, and whose total."""
    if subject.dimension == Dimension.TOTAL:
        unit = getattr(subject, "slice_unit", None) or subject.unit
        return f"{unit.name} · {Dimension.TOTAL.label}"
    words = f"{Dimension(subject.dimension).label} · {subject.value}".rstrip(" ·")
    return f"{subject.lender} · {words}" if subject.lender_id else words


@register.filter
def level_or_data(level: str) -> str:
    """Return the word of a level; a matter of data has none of the three."""
    return WarningLevel(level).label if level else _("Data quality")


@register.filter
def why_words(code: str) -> str:
    """Say why an indicator is undefined, or what an observation notes."""
    return {
        "undefined": _("Undefined"),
        "not_reported": _("Loans not reported"),
        "month_not_closed": _("The month of the denominator is not closed"),
        "new_slice": _("No such slice in the month of the denominator"),
        "zero_denominator": _("The denominator is zero"),
        "small_sample": _("Over the limit, but the sample is small"),
        "gone": _("No loan is left in the slice, or the cause is gone"),
        "not_watched": _("No threshold watches it any more"),
        "continued": _("Continued in the next month"),
    }.get(code, code)
