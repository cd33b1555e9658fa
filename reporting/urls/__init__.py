"""Addresses of the regulator's reports."""

from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.report_list, name="reports"),
    path("drafts/", views.draft, name="draft"),
    path("<str:quarter>/<int:number>/", views.report_detail, name="report"),
    path("<str:quarter>/<int:number>/review/", views.review, name="review"),
    path("<str:quarter>/<int:number>/release/", views.release, name="release"),
    path("<str:quarter>/<int:number>/files/<str:name>", views.report_file, name="file"),
]
