"""Addresses of underwriting, cut by noun."""

from django.urls import path

from underwriting.views import cessions, controls, inclusive, names

app_name = "underwriting"
urlpatterns = [
    # names that lenders use
    path("names/", names.name_list, name="names"),
    path("names/<int:pk>/confirmation/", names.name_confirm, name="name_confirm"),
    # controls on new business
    path("controls/", controls.control_list, name="controls"),
    # cessions and retained exposure
    path("cessions/", cessions.register, name="cessions"),
    path("cessions/exposure/", cessions.exposure, name="exposure"),
    path("cessions/lines/", cessions.policy_lines, name="policy_lines"),
    path("cessions/treaties/", cessions.treaty_list, name="treaties"),
    path("cessions/treaties/new/", cessions.treaty_proposal, name="treaty_proposal"),
    path("cessions/treaties/<int:pk>/", cessions.treaty_detail, name="treaty"),
    path("cessions/treaties/<int:pk>/decision/", cessions.treaty_decision, name="treaty_decision"),
    path("cessions/reinsurers/", cessions.reinsurer_entry, name="reinsurer_entry"),
    # the inclusive ratio
    path("inclusive/", inclusive.quarter_list, name="inclusive"),
    path("inclusive/restatement/", inclusive.restatement, name="inclusive_restatement"),
]
