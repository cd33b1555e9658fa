"""Figures, badges and small helpers of every page: `{% load xinbao %}`."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.masking import mask
from core.shipped import shipped as in_words
from desk import selectors
from organization.enums import Permission

register = template.Library()

UNKNOWN = "—"  # missing is never zero
WAN = Decimal(10_000)
CALM, BUSY, GOOD, WARNED, BAD = "secondary", "blue", "green", "orange", "red"

# status → colour and icon; the word is the enum's own label. Colour alone says nothing.
LOOKS: dict[str, tuple[str, str]] = {
    # levels of warnings and indicators
    "red": ("red", "alert-octagon"),
    "orange": ("orange", "alert-triangle"),
    "yellow": ("yellow", "alert-circle"),
    "green": ("green", "circle-check"),
    "unknown": (CALM, "help-circle"),
    # work and its states
    "queued": (CALM, "clock"),
    "loading": (BUSY, "loader-2"),
    "running": (BUSY, "loader-2"),
    "building": (BUSY, "loader-2"),
    "done": (GOOD, "check"),
    "complete": (GOOD, "check"),
    "closed": (GOOD, "lock"),
    "refused": (WARNED, "ban"),
    "rejected": (WARNED, "ban"),
    "reject": (WARNED, "ban"),
    "failed": (BAD, "alert-octagon"),
    # decisions
    "draft": (CALM, "pencil"),
    "seeded": (GOOD, "package"),
    "verified": (GOOD, "book"),
    "published": (GOOD, "check"),
    "signed_off": (GOOD, "signature"),
    "unapproved": (CALM, "pencil"),
    "proposed": (BUSY, "send"),
    "submitted": (BUSY, "send"),
    "in_review": (BUSY, "eye"),
    "reviewed": (BUSY, "eye-check"),
    "returned": (WARNED, "arrow-back-up"),
    "approved": (GOOD, "check"),
    "confirmed": (GOOD, "check"),
    "unconfirmed": (WARNED, "help-circle"),
    "released": (GOOD, "file-check"),
    "superseded": (CALM, "history"),
    "withdrawn": (CALM, "arrow-back-up"),
    # warnings
    "open": (BAD, "bell-ringing"),
    "acknowledged": (BUSY, "eye-check"),
    "in_disposal": (BUSY, "tool"),
    "disposed": (BUSY, "checklist"),
    "overdue": (BAD, "clock-exclamation"),
    # policies
    "quoted": (BUSY, "calculator"),
    "issued": (GOOD, "check"),
    "in_force": (GOOD, "shield-check"),
    "expired": (CALM, "calendar-off"),
    "surrendered": (WARNED, "arrow-back-up"),
    "lapsed": (WARNED, "ban"),
    "claimed": (BAD, "gavel"),
    "requested": (BUSY, "send"),
    "not_due": (CALM, "clock"),
    "due": (BUSY, "calendar-due"),
    # exports and requests of persons
    "cleared": (BUSY, "loader-2"),
    "turned_down": (CALM, "ban"),
    "made": (GOOD, "file-check"),
    "received": (BUSY, "inbox"),
    "answered": (GOOD, "check"),
    "turned_away": (CALM, "user-x"),
    # keys of sealed values, levels of data
    "waiting": (CALM, "clock"),
    "current": (GOOD, "key"),
    "readable": (BUSY, "lock-open"),
    "retired": (CALM, "history"),
    "c3": (BAD, "lock"),
    "c2": (WARNED, "user-shield"),
    "c1": (BUSY, "building"),
    # findings and loans
    "flag": (WARNED, "flag"),
    "flagged": (WARNED, "flag"),
    "normal": (GOOD, "check"),
    "settled": (CALM, "circle-check"),
    "written_off": (CALM, "circle-x"),
    "not_reported": (WARNED, "help-circle"),
    # at the door
    "sign_in.succeeded": (GOOD, "login"),
    "sign_in.failed": (WARNED, "alert-triangle"),
    "sign_in.locked": (BAD, "lock"),
    "sign_in.denied": (WARNED, "ban"),
    "sign_in.stolen": (BAD, "alert-octagon"),
    "sign_in.new_device": (WARNED, "device-desktop-question"),
    "sign_in.new_network": (WARNED, "network"),
    # controls on new business
    "suspend": (BAD, "hand-stop"),
    "cut_line": (WARNED, "trending-down"),
    "freeze_loosening": (BUSY, "snowflake"),
    "active": (GOOD, "check"),
    # where a branch issues
    "head_office": (GOOD, "building"),
    "own": (GOOD, "map-pin-check"),
    "authorised": (BUSY, "certificate"),
    "outside": (BAD, "map-off"),
    # products
    "on_sale": (GOOD, "shopping-cart-check"),
    "stopped": (WARNED, "hand-stop"),
    "watched": (CALM, "eye"),
    # messages
    "sending": (BUSY, "send"),
    "again": (BUSY, "send"),
    "started": (BUSY, "send"),
    "delivered": (GOOD, "check"),
    "unclear": (WARNED, "help-circle"),
    "declined": (CALM, "bell-off"),
    "read": (GOOD, "eye-check"),
    # authority
    "signed": (GOOD, "signature"),
    "revoked": (BAD, "ban"),
    "passed": (GOOD, "check"),
    "inquorate": (WARNED, "users-minus"),
    "asked": (BUSY, "clock"),
}
LEVEL_WORDS = {
    "red": _("Red"),
    "orange": _("Orange"),
    "yellow": _("Yellow"),
    "green": _("Green"),
    "unknown": _("Unknown"),
}


@register.filter
def yuan(amount: Decimal | int | None, places: int = 2) -> str:
    """Show yuan with thousands separators and two decimals, HALF_UP; a dash for nothing."""
    return _shown(amount, places)


@register.filter
def fen(amount: int | None) -> str:
    """Show whole fen as yuan."""
    return _shown(None if amount is None else Decimal(amount) / 100, 2)


@register.filter
def wan(amount: Decimal | int | None, places: int = 2) -> str:
    """Show yuan in 万元 (ten thousand yuan), two decimals, HALF_UP."""
    return _shown(None if amount is None else _exact(amount) / WAN, places)


@register.filter
def percent(share: Decimal | int | None, places: int = 2) -> str:
    """Show a fraction as a percentage, two decimals, HALF_UP: 0.07045 → 7.05%."""
    return UNKNOWN if share is None else _shown(_exact(share) * 100, places) + "%"


@register.filter
def ratio(value: Decimal | int | None, places: int = 4) -> str:
    """Show a plain ratio, four decimals, HALF_UP."""
    return _shown(value, places)


@register.filter
def count(number: int | None) -> str:
    """Show a whole number with thousands separators."""
    return _shown(number, 0)


@register.filter
def masked(text: str, kind: str) -> str:
    """Show a text masked as its kind asks: document, name, phone, card, address, email."""
    return mask(text, kind)


@register.filter
def shipped(text: str) -> str:
    """Show a shipped text in the language of the page, one that a person wrote as it is."""
    return in_words(text) if text else ""


def _shown(value: Decimal | int | None, places: int) -> str:
    if value is None:
        return UNKNOWN
    rounded = _exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,f}"


def _exact(value: Decimal | int) -> Decimal:
    if isinstance(value, float):
        raise TypeError("Money and rates are Decimal, never float.")
    return Decimal(value)


@register.simple_tag
def look_of(status: object, text: object = "") -> dict[str, object]:
    """Return the colour, icon and word of a status; an unlisted one is grey with a dot."""
    key = str(getattr(status, "value", status)).lower()
    if key not in LOOKS:  # a member of numbers
        key = getattr(status, "name", key).lower()
    colour, icon = LOOKS.get(key, (CALM, "point"))
    word = text or getattr(status, "label", "") or LEVEL_WORDS.get(key, key)
    return {"colour": colour, "icon": icon, "text": word}


@register.filter
def change_word(name: str) -> str:
    """Return the word for a thing that an endorsement changes."""
    return {
        "amount": _("Repaid early (yuan)"),
        "effect": _("Effect on the loan"),
        "periods": _("Longer by (months)"),
        "annual_rate": _("New interest per year"),
    }.get(name, name)


@register.simple_tag
def open_job_count(person: Any) -> int:
    """Return how many jobs of the person wait or run."""
    return selectors.open_job_count(person=person)


@register.filter
def control(field: BoundField) -> SafeString:
    """Render a form field's widget with the classes of the house."""
    invalid = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": _class_of(field) + invalid})


def _class_of(field: BoundField) -> str:
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return f"form-check-input {own}".strip()
    return f"{'form-select' if isinstance(widget, Select) else 'form-control'} {own}".strip()


@register.filter
def choice_control(choice: BoundWidget) -> SafeString:
    """Render one tick box or radio button of a list."""
    choice.data["attrs"]["class"] = "form-check-input"
    return choice.tag()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether the field is one tick box, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Tell whether the field is a list of tick boxes or radio buttons."""
    return isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect)


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Keep what stands inside: `{% capture name %}…{% endcapture %}`, used twice by the shell."""
    name = token.split_contents()[1]
    inside = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(name, inside)


class _Capture(template.Node):
    def __init__(self, name: str, nodelist: template.NodeList):
        self.name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())  # escaped inside
        return ""


@register.filter
def alert_class(level: str) -> str:
    """Return the colour of an alert for a message level."""
    return {"error": "danger", "debug": "secondary"}.get(level, level)


@register.filter
def alert_icon(level: str) -> str:
    """Return the icon of an alert for a message level."""
    icons = {"error": "alert-circle", "warning": "alert-triangle", "success": "circle-check"}
    return icons.get(level, "info-circle")


HOUR = dt.timedelta(hours=1)


@register.filter
def time_left(due_at: dt.datetime | None, at: dt.datetime) -> dict[str, object]:
    """Return the word and look of a clock: so many days or hours left, or late."""
    if due_at is None:
        return {}
    hours = abs(due_at - at) // HOUR
    is_days, is_late = hours >= 48, due_at < at
    number = hours // 24 if is_days else hours
    if is_late and is_days:
        words = ngettext("%d day late", "%d days late", number)
    elif is_late:
        words = ngettext("%d hour late", "%d hours late", number)
    elif is_days:
        words = ngettext("%d day left", "%d days left", number)
    else:
        words = ngettext("%d hour left", "%d hours left", number)
    calm = "queued" if is_days else "orange"
    return {"text": words % number, "look": "overdue" if is_late else calm}


OUTCOMES = {
    "acknowledge": _("Acknowledged"),
    "dispose": _("Disposed of"),
    "review": _("Accepted"),
    "return": _("Returned"),
    "close": _("Closed"),
    "closed": _("Closed"),
    "worsened": _("Worsened"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "confirmed": _("Confirmed"),
    "signed_off": _("Signed off"),
    "withdrawn": _("Withdrawn"),
    "reviewed": _("Reviewed"),
    "released": _("Released"),
    "superseded": _("Superseded"),
    "assigned": _("Assigned"),
    "sign": _("Case signed"),
    "refuse": _("Refused"),
    "resubmitted": _("Sent in again"),
    "voted": _("Voted"),
    "counted": _("Votes counted"),
    "recused": _("Stays out"),
    "left": _("Left"),
    "answered": _("Answered"),
    "concluded": _("Concluded"),
    "published": _("Published"),
    "recorded": _("Recorded"),
    "rectified": _("Put right"),
    "submitted": _("Handed in"),
    "contain": _("Contained"),
    "report": _("Reported"),
    "aligned": _("Put in order"),
}


@register.filter
def vote_look(outcome: str) -> str:
    """Return the look of a resolution: an open warning alarms, an open vote does not."""
    return "submitted" if outcome == "open" else outcome


@register.filter
def outcome_word(outcome: str) -> object:
    """Return the word of how a work item ended."""
    return OUTCOMES.get(outcome, _("Done"))


@register.filter
def permission_word(code: str) -> str:
    """Return the word of a permission."""
    return str(Permission(code).label) if code in Permission.values else code
