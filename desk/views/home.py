"""The landing page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from desk import selectors


def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    context = {
        "at": at,
        "tiles": selectors.tiles_for(person=request.user, at=at),
        "recent_jobs": selectors.recent_jobs(person=request.user),
    }
    return render(request, "desk/home.html", context)
