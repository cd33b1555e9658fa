"""Addresses of underwriting, cut by noun."""

from django.urls import path

from underwriting.views import (
    cessions,
    controls,
    corrections,
    endings,
    inclusive,
    names,
    placements,
    policies,
    quotes,
    statements,
)

app_name = "underwriting"
urlpatterns = [
    # names that lenders use
    path("names/", names.name_list, name="names"),
    path("names/<int:pk>/confirmation/", names.name_confirm, name="name_confirm"),
    # controls on new business
    path("controls/", controls.control_list, name="controls"),
    # quotes
    path("quotes/", quotes.quote_list, name="quotes"),
    path("quotes/new/", quotes.quote_create, name="quote_create"),
    path("quotes/<int:pk>/", quotes.quote_detail, name="quote"),
    path("quotes/<int:pk>/policy/", quotes.quote_issue, name="quote_issue"),
    path("quotes/<int:pk>/withdrawal/", quotes.quote_withdrawal, name="quote_withdrawal"),
    # policies
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<int:pk>/endorsements/", policies.endorsement_create, name="endorsement_create"),
    path(
        "policies/<int:pk>/endorsements/<int:number>/decision/",
        policies.endorsement_decision,
        name="endorsement_decision",
    ),
    path(
        "policies/<int:pk>/endorsements/<int:number>/confirmation/",
        policies.endorsement_confirmation,
        name="endorsement_confirmation",
    ),
    path("policies/<int:pk>/end/", endings.policy_end, name="policy_end"),
    path("policies/<int:pk>/premium/", policies.premium_receipt, name="premium_receipt"),
    path("policies/<int:pk>/refund/", policies.refund_payment, name="refund_payment"),
    path("policies/<int:pk>/write-off/", corrections.write_off, name="write_off"),
    path(
        "policies/<int:pk>/receipts/<int:receipt>/return/",
        corrections.receipt_return,
        name="receipt_return",
    ),
    path(
        "policies/<int:pk>/corrections/<int:correction>/decision/",
        corrections.correction_decision,
        name="correction_decision",
    ),
    path(
        "policies/<int:pk>/deliveries/<str:to>/", policies.policy_delivery, name="policy_delivery"
    ),
    path(
        "policies/<int:pk>/notices/<int:number>/proof/", policies.notice_proof, name="notice_proof"
    ),
    path("policies/<int:pk>/papers/<str:kind>/", policies.policy_paper, name="policy_paper"),
    path(
        "policies/<int:pk>/papers/<str:kind>/<int:number>/",
        policies.policy_paper,
        name="endorsement_paper",
    ),
    # cessions and retained exposure
    path("cessions/", cessions.register, name="cessions"),
    path("cessions/exposure/", cessions.exposure, name="exposure"),
    path("cessions/lines/", cessions.policy_lines, name="policy_lines"),
    path("cessions/treaties/", cessions.treaty_list, name="treaties"),
    path("cessions/treaties/new/", cessions.treaty_proposal, name="treaty_proposal"),
    path("cessions/treaties/<int:pk>/", cessions.treaty_detail, name="treaty"),
    path("cessions/treaties/<int:pk>/decision/", cessions.treaty_decision, name="treaty_decision"),
    path("cessions/reinsurers/", cessions.reinsurer_entry, name="reinsurer_entry"),
    path("cessions/statements/", statements.statement_list, name="statements"),
    path(
        "cessions/reinsurers/<int:pk>/statements/<str:quarter>/",
        statements.statement,
        name="statement",
    ),
    path(
        "cessions/reinsurers/<int:pk>/statements/<str:quarter>/export/",
        statements.statement_export,
        name="statement_export",
    ),
    path(
        "cessions/reinsurers/<int:pk>/statements/<str:quarter>/paper/",
        statements.statement_paper,
        name="statement_paper",
    ),
    # certificates and co-insurance after the fact
    path("cessions/certificates/new/", placements.certificate, name="certificate"),
    path("cessions/coinsurance/new/", placements.coinsurance, name="coinsurance"),
    path("cessions/lines/<int:pk>/correction/", placements.correction, name="line_correction"),
    # the inclusive ratio
    path("inclusive/", inclusive.quarter_list, name="inclusive"),
    path("inclusive/restatement/", inclusive.restatement, name="inclusive_restatement"),
]
