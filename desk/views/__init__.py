"""Landing, signing in, jobs, health and error pages."""

from desk.views.error_pages import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
)
from desk.views.files import signed_file
from desk.views.health import healthz
from desk.views.home import home
from desk.views.jobs import job_badge, job_detail, job_list
from desk.views.sign_in import locked_out, sign_in, sign_out
from desk.views.work import (
    next_work,
    work_copy,
    work_hand_over,
    work_holder,
    work_item,
    workload,
)

__all__ = [
    "bad_request",
    "csrf_failure",
    "healthz",
    "home",
    "job_badge",
    "job_detail",
    "job_list",
    "locked_out",
    "next_work",
    "page_not_found",
    "permission_denied",
    "server_error",
    "sign_in",
    "sign_out",
    "signed_file",
    "work_copy",
    "work_hand_over",
    "work_holder",
    "work_item",
    "workload",
]
