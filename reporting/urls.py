"""Addresses of the app; the finance figures that a report needs stand below it."""

from django.urls import include, path

reports: list = []
urlpatterns = [
    path("finance/", include("ledger.urls")),
    path("", include((reports, "reporting"))),
]
