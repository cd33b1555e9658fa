"""Addresses of the app; the finance figures that a report needs stand below it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

reports: list = [
    path("<str:quarter>/<int:number>/", lambda r, **k: HttpResponse(""), name="report"),
    path("", lambda r: HttpResponse(""), name="reports"),
]
urlpatterns = [
    path("finance/", include("ledger.urls")),
    path("", include((reports, "reporting"))),
]
