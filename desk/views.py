"""Landing, jobs, health and error pages."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.selectors import job_of, jobs_of


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html")


def job_list(request: HttpRequest) -> HttpResponse:
    template = "desk/_job_list.html" if request.htmx else "desk/job_list.html"
    return render(request, template, {"jobs": jobs_of(person=request.user)[:50]})


def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    template = "desk/_job.html" if request.htmx else "desk/job_detail.html"
    return render(request, template, {"job": job_of(person=request.user, pk=pk)})


def healthz(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, f"errors/{template}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "403", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, "404", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, "500", 500)
