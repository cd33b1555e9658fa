"""Step-up: before money moves or a person is unmasked, the second factor must be fresh.

The one place where a service sees a request: freshness is a fact of the session. A view says
`@fresh_second_factor`; a form sent with a stale factor waits in the session, sealed, and is carried
on once the person has confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from core.encryption import keyed_digest
from core.visitor import visitor_of
from organization.models import Staff
from organization.selectors.sign_in import figure

FACT = "second_factor"
View = Callable[..., HttpResponse]


def note_second_factor(request: HttpRequest, *, staff: Staff, at: dt.datetime) -> None:
    """Keep in the session that the person has just shown the second factor, and from where."""
    network = visitor_of(request).network
    request.session[FACT] = {"staff": staff.pk, "at": at.timestamp(), "network": network}


def counted_as(staff: Staff) -> dict[str, str]:
    """Return under which name wrong codes within a session are counted: one nobody can type.

    So a name locked at the door by strangers does not stop its owner's work.
    """
    name = keyed_digest(staff.username, purpose="step-up").hex()
    return {"username": name, "person": staff.username}


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether the second factor was shown in this session, by this person."""
    return request.session.get(FACT, {}).get("staff") == request.user.pk


def was_shown_from(request: HttpRequest, *, network: str) -> bool:
    """Tell whether the second factor was last shown from this network."""
    return request.session.get(FACT, {}).get("network") == network


def is_fresh(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Tell whether the second factor was shown no longer ago than `security.step_up_minutes`."""
    if not has_second_factor(request):
        return False
    age = at.timestamp() - request.session[FACT]["at"]
    return age < 60 * figure(name="step_up_minutes", at=at)


def fresh_second_factor(view: View) -> View:
    """Ask for the second factor before the view runs, where it is not fresh.

    Source: safety.md A6, issue 3 (step-up before money and unmasking).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **words: object) -> HttpResponse:
        if is_fresh(request, at=clock.now()):
            return view(request, *args, **words)
        htmx = getattr(request, "htmx", None)
        if htmx:  # a fragment cannot show the page that asks; the person comes back to the page
            here = urlencode({"next": htmx.current_url_abs_path or "/"})
            return HttpResponseClientRedirect(f"{reverse('mfa_reauthenticate')}?{here}")
        raise ReauthenticationRequired

    guarded.needs_fresh_second_factor = True
    return guarded
