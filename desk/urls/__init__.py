"""Addresses of the desk."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from desk import views
from desk.urls import evidence

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("healthz", login_not_required(views.healthz), name="healthz"),
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/badge/", views.job_badge, name="job_badge"),
    path("jobs/<int:pk>/", views.job_detail, name="job"),
    *evidence.urlpatterns,
]
