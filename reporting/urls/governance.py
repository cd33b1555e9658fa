"""Addresses of parameters, calendar and the governance registers."""

from django.urls import path

from reporting.views import (
    calendar,
    controls,
    findings,
    incidents,
    parameters,
    policies,
    regulations,
    self_checks,
)

app_name = "governance"
urlpatterns = [
    path("parameters/", parameters.parameter_list, name="parameters"),
    path("parameters/<str:name>/", parameters.parameter_detail, name="parameter"),
    path(
        "parameters/<str:name>/proposals/", parameters.parameter_proposal, name="parameter_proposal"
    ),
    path(
        "parameters/<str:name>/proposals/<int:pk>/decision/",
        parameters.parameter_decision,
        name="parameter_decision",
    ),
    path("calendar/", calendar.calendar_year, name="calendar"),
    path("calendar/notices/", calendar.calendar_proposal, name="calendar_proposal"),
    path(
        "calendar/notices/<int:pk>/decision/",
        calendar.calendar_decision,
        name="calendar_decision",
    ),
    path("regulations/", regulations.regulation_list, name="regulations"),
    path("regulations/new/", regulations.regulation_entry, name="regulation_entry"),
    path("regulations/<int:pk>/", regulations.regulation_detail, name="regulation"),
    path("regulations/<int:pk>/checks/", regulations.regulation_check, name="regulation_check"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/new/", policies.policy_entry, name="policy_entry"),
    path("policies/<int:pk>/", policies.policy_detail, name="policy"),
    path("policies/<int:pk>/versions/", policies.policy_draft, name="policy_draft"),
    path(
        "policies/<int:pk>/versions/<int:number>/publication/",
        policies.policy_publication,
        name="policy_publication",
    ),
    path(
        "policies/<int:pk>/versions/<int:number>/review/",
        policies.policy_review,
        name="policy_review",
    ),
    path("policies/<int:pk>/versions/<int:number>/file/", policies.policy_file, name="policy_file"),
    path("self-checks/", self_checks.self_check_list, name="self_checks"),
    path("self-checks/new/", self_checks.questionnaire_entry, name="questionnaire_entry"),
    path("self-checks/<int:pk>/", self_checks.self_check_detail, name="self_check"),
    path(
        "self-checks/<int:pk>/sign-off/", self_checks.self_check_sign_off, name="self_check_signed"
    ),
    path("controls/", controls.control_list, name="controls"),
    path("coverage/", self_checks.coverage, name="coverage"),
    path("findings/", findings.finding_list, name="findings"),
    path("findings/<int:pk>/", findings.finding_detail, name="finding"),
    path(
        "findings/<int:pk>/rectification/",
        findings.finding_rectification,
        name="finding_rectification",
    ),
    path(
        "findings/<int:pk>/verification/",
        findings.finding_verification,
        name="finding_verification",
    ),
    path("inspections/", findings.inspection_list, name="inspections"),
    path("inspections/<int:pk>/", findings.inspection_detail, name="inspection"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/new/", incidents.incident_entry, name="incident_entry"),
    path("incidents/<int:pk>/", incidents.incident_detail, name="incident"),
    path("incidents/<int:pk>/steps/<str:step>/", incidents.incident_step, name="incident_step"),
    path(
        "incidents/<int:pk>/clocks/<int:clock>/<str:step>/",
        incidents.incident_clock,
        name="incident_clock",
    ),
]
