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
from organization.models import Staff
from organization.selectors.sign_in import figure

FACT = "second_factor"
View = Callable[..., HttpResponse]


def note_second_factor(request: HttpRequest, *, staff: Staff, at: dt.datetime) -> None:
    """Keep in the session that the person has just shown the second factor."""
    request.session[FACT] = {"staff": staff.pk, "at": at.timestamp()}


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether the second factor was shown in this session, by this person."""
    return request.session.get(FACT, {}).get("staff") == request.user.pk


def is_confirmed_since(request: HttpRequest, *, since: float | None) -> bool:
    """Tell whether the second factor was shown in this session after an instant (epoch seconds)."""
    return since is not None and request.session.get(FACT, {}).get("at", 0) > since


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
