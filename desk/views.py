"""Landing, signing in, jobs, health and error pages."""

import redis
from django.conf import settings
from django.contrib.auth.views import LoginView
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from core import clock
from core.errors import DomainError
from core.selectors import job_of, jobs_of
from desk import selectors
from desk.forms import SignInForm

NEWEST = 50
REDIS_SECONDS = 1


def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    context = {
        "at": at,
        "tiles": selectors.tiles_for(person=request.user, at=at),
        "recent_jobs": selectors.recent_jobs(person=request.user),
    }
    return render(request, "desk/home.html", context)


class SignIn(LoginView):
    template_name = "desk/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.htmx:  # the session ran out under a fragment: reload the page around it
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)


def job_list(request: HttpRequest) -> HttpResponse:
    template = "desk/_job_list.html" if request.htmx else "desk/job_list.html"
    jobs = list(jobs_of(person=request.user)[:NEWEST])
    is_open = any(job.status in selectors.OPEN for job in jobs)
    return render(request, template, {"jobs": jobs, "is_open": is_open})


def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    template = "desk/_job.html" if request.htmx else "desk/job_detail.html"
    job = job_of(person=request.user, pk=pk)
    return render(request, template, {"job": job, "is_open": job.status in selectors.OPEN})


def job_badge(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/_job_badge.html")


def healthz(request: HttpRequest) -> JsonResponse:
    database, cache = _database_state(), _redis_state()
    is_well = database == "ok"
    body = {"status": "ok" if is_well else "failing", "database": database, "redis": cache}
    return JsonResponse(body, status=200 if is_well else 503)


def _database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as failure:
        return type(failure).__name__
    return "ok"


def _redis_state() -> str:
    wait = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **wait) as line:
            line.ping()
    except (redis.RedisError, ValueError) as failure:
        return type(failure).__name__
    return "ok"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, _("You may not open this page."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, _("There is no such page, or it is not yours to see."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, _("The form was too old. Reload the page and send it again."), "csrf"
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseServerError(render_to_string("errors/_500.html"))
    return HttpResponseServerError(render_to_string("errors/500.html"))


def _error(request: HttpRequest, status: int, message: str, page: str = "") -> HttpResponse:
    if getattr(request, "htmx", False):
        refusal = DomainError(f"http_{status}", message)
        return render(request, "errors/_refusal.html", {"refusal": refusal}, status=status)
    return render(request, f"errors/{page or status}.html", {"message": message}, status=status)
