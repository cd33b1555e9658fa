"""Jobs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.selectors import job_of, jobs_of
from desk import selectors

NEWEST = 50


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    template = "desk/_job_list.html" if request.htmx else "desk/job_list.html"
    jobs = list(jobs_of(person=request.user)[:NEWEST])
    is_open = any(job.status in selectors.OPEN for job in jobs)
    return render(request, template, {"jobs": jobs, "is_open": is_open})


@require_safe
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    template = "desk/_job.html" if request.htmx else "desk/job_detail.html"
    job = job_of(person=request.user, pk=pk)
    return render(request, template, {"job": job, "is_open": job.status in selectors.OPEN})


@require_safe
def job_badge(request: HttpRequest) -> HttpResponse:
    number = selectors.open_job_count(person=request.user)
    response = render(request, "desk/_job_badge.html", {"number": number})
    if not number:
        response.headers["HX-Trigger"] = "messages-changed"  # whose job ended was told so
    return response
