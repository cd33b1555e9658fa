"""Addresses of the desk."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from desk import views
from desk.urls import evidence, messages
from desk.views import keys, policies, second_factor, security, sessions
from desk.views.data_inventory import data_inventory


class TokenConverter(StringConverter):
    """A signed token: three parts with colons between, as no other address has."""

    regex = "[A-Za-z0-9_-]+:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+"


register_converter(TokenConverter, "token")
app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("healthz", login_not_required(views.healthz), name="healthz"),
    path("policies/<int:pk>/", policies.policy_detail, name="policy"),
    # work
    path("work/next/", views.next_work, name="next_work"),
    path("work/<int:pk>/", views.work_item, name="work"),
    path("work/<int:pk>/holder/", views.work_holder, name="work_holder"),
    path("work/<int:pk>/hand-over/", views.work_hand_over, name="work_hand_over"),
    path("work/<int:pk>/copies/", views.work_copy, name="work_copy"),
    path("workload/", views.workload, name="workload"),
    path("files/<token:token>/", views.signed_file, name="signed_file"),
    # jobs
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/badge/", views.job_badge, name="job_badge"),
    path("jobs/<int:pk>/", views.job_detail, name="job"),
    # the own sign-in
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/others/ending/", sessions.other_sessions_ending, name="other_sessions_ending"),
    path("sessions/<int:pk>/ending/", sessions.session_ending, name="session_ending"),
    path("password/", sessions.password, name="password"),
    path(
        "second-factor/app/secret.svg",
        second_factor.second_factor_image,
        name="second_factor_image",
    ),
    path("activity/", sessions.activity, name="activity"),
    # the security administrator's
    path("security/sessions/", security.live_sessions, name="live_sessions"),
    path(
        "security/sessions/<int:pk>/ending/",
        security.live_session_ending,
        name="live_session_ending",
    ),
    path("security/log/", security.security_log, name="security_log"),
    path("security/limits/", security.policy_list, name="policies"),
    path("security/limits/proposal/", security.policy_proposal, name="policy_proposal"),
    path("security/limits/<int:pk>/approval/", security.policy_approval, name="policy_approval"),
    path("security/reset/", security.sign_in_reset, name="sign_in_reset"),
    *evidence.urlpatterns,
    *messages.urlpatterns,
    # keys of sealed values, and what is kept of whom
    path("keys/", keys.key_list, name="keys"),
    path("keys/counting/", keys.key_count, name="key_count"),
    path("keys/rotations/<int:pk>/approval/", keys.rotation_approval, name="rotation_approval"),
    path("keys/rotations/<int:pk>/rejection/", keys.rotation_rejection, name="rotation_rejection"),
    path("data-inventory/", data_inventory, name="data_inventory"),
]
