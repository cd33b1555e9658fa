"""Addresses of the app; the finance figures that a report needs stand below it."""

from django.urls import include, path

from reporting import views

reports = [
    path("", views.report_list, name="reports"),
    path("drafts/", views.draft, name="draft"),
    path("<str:quarter>/<int:number>/", views.report_detail, name="report"),
    path("<str:quarter>/<int:number>/review/", views.review, name="review"),
    path("<str:quarter>/<int:number>/release/", views.release, name="release"),
    path("<str:quarter>/<int:number>/files/<str:name>", views.report_file, name="file"),
]
urlpatterns = [
    path("finance/", include("ledger.urls")),
    path("quarterly/", include((reports, "reporting"))),
]
