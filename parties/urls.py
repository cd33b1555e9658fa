"""Addresses of what is done with personal data."""

from django.urls import path

from parties.views import exports, requests, retention, retention_rules, use, watermark

app_name = "parties"
urlpatterns = [
    path("watermark.svg", watermark.watermark, name="watermark"),
    # exports
    path("exports/", exports.export_list, name="exports"),
    path("exports/<int:pk>/", exports.export_detail, name="export"),
    path("exports/<int:pk>/decision/", exports.export_decision, name="export_decision"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    # use of personal data
    path("personal-data/use/", use.use_list, name="use"),
    path("personal-data/alerts/<int:pk>/", use.alert_detail, name="alert"),
    path("personal-data/alerts/<int:pk>/conclusion/", use.alert_conclusion, name="conclusion"),
    # retention
    path("retention/", retention.record_list, name="retention"),
    path("retention/proposals/", retention.proposal, name="proposal"),
    path("retention/holds/", retention.hold_list, name="holds"),
    path("retention/records/<int:pk>/hold/", retention.hold, name="hold"),
    path("retention/holds/<int:pk>/lifting/", retention.lifting, name="lifting"),
    path("retention/rules/", retention_rules.rule_list, name="rules"),
    path("retention/rules/proposal/", retention_rules.rule_proposal, name="rule_proposal"),
    path("retention/rules/<int:pk>/", retention_rules.rule_detail, name="rule"),
    path("retention/rules/<int:pk>/decision/", retention_rules.rule_decision, name="rule_decision"),
    path("retention/deletions/<int:pk>/", retention.deletion_detail, name="deletion"),
    path(
        "retention/deletions/<int:pk>/decision/",
        retention.deletion_decision,
        name="deletion_decision",
    ),
    # requests of persons
    path("person-requests/", requests.request_list, name="requests"),
    path("person-requests/entry/", requests.entry, name="request_entry"),
    path("person-requests/<int:pk>/", requests.request_detail, name="request"),
    path("person-requests/<int:pk>/identity/", requests.identity, name="request_identity"),
    path("person-requests/<int:pk>/hold/", requests.hold, name="request_hold"),
    path("person-requests/<int:pk>/answer/", requests.answer, name="request_answer"),
]
