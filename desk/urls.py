"""Addresses of the desk."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("healthz", login_not_required(views.healthz), name="healthz"),
    # work
    path("work/next/", views.next_work, name="next_work"),
    path("work/<int:pk>/", views.work_item, name="work"),
    path("work/<int:pk>/holder/", views.work_holder, name="work_holder"),
    path("work/<int:pk>/hand-over/", views.work_hand_over, name="work_hand_over"),
    path("work/<int:pk>/copies/", views.work_copy, name="work_copy"),
    path("workload/", views.workload, name="workload"),
    # jobs
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/badge/", views.job_badge, name="job_badge"),
    path("jobs/<int:pk>/", views.job_detail, name="job"),
]
