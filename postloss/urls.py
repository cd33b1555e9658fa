"""Addresses of watching, cut by noun."""

from django.urls import path

from postloss.views import (
    ageing,
    dashboard,
    files,
    loans,
    lookup,
    month_ends,
    reveals,
    thresholds,
    warnings,
)

app_name = "postloss"
urlpatterns = [
    # lender files
    path("files/", files.file_list, name="files"),
    path("files/upload/", files.upload, name="upload"),
    path("files/lenders/", files.lender_create, name="lender_create"),
    path("files/<int:pk>/", files.file_detail, name="file"),
    path("files/<int:pk>/lines/<int:line_no>/", files.file_line, name="file_line"),
    path("files/<int:pk>/rejects.xlsx", files.file_rejects, name="file_rejects"),
    path("files/<int:pk>/reconciliation/", files.file_reconciliation, name="file_reconciliation"),
    # warnings
    path("warnings/", warnings.warning_list, name="warnings"),
    path("warnings/<int:pk>/", warnings.warning_detail, name="warning"),
    path(
        "warnings/<int:pk>/acknowledgement/",
        warnings.warning_acknowledgement,
        name="warning_acknowledgement",
    ),
    path("warnings/<int:pk>/disposal/", warnings.warning_disposal, name="warning_disposal"),
    path("warnings/<int:pk>/review/", warnings.warning_review, name="warning_review"),
    path("warnings/<int:pk>/closing/", warnings.warning_closing, name="warning_closing"),
    path(
        "warnings/<int:pk>/steps/<int:step_pk>/evidence/",
        warnings.warning_evidence,
        name="warning_evidence",
    ),
    # thresholds
    path("thresholds/", thresholds.threshold_list, name="thresholds"),
    path("thresholds/proposal/", thresholds.threshold_proposal, name="threshold_proposal"),
    path("thresholds/<int:pk>/", thresholds.threshold_set, name="threshold_set"),
    path("thresholds/<int:pk>/approval/", thresholds.threshold_approval, name="threshold_approval"),
    # daily ageing
    path("ageing/", ageing.ageing, name="ageing"),
    # dashboard
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/export.xlsx", dashboard.export, name="dashboard_export"),
    # month-ends
    path("month-ends/", month_ends.month_end_list, name="month_ends"),
    path("month-ends/<str:month>/", month_ends.month_end, name="month_end"),
    path("month-ends/<str:month>/closing/", month_ends.closing, name="closing"),
    path(
        "month-ends/<str:month>/difference.xlsx",
        month_ends.difference_export,
        name="difference_export",
    ),
    # loans behind a figure
    path("month-ends/<str:month>/loans/", loans.snapshot_loans, name="snapshot_loans"),
    path("month-ends/<str:month>/loans.xlsx", loans.export, name="snapshot_loans_export"),
    path("loans/look-up/", lookup.loan_look_up, name="look_up"),
    path("loans/<int:pk>/", loans.loan, name="loan"),
    path("loans/<int:pk>/obligor/", reveals.obligor_reveal, name="obligor_reveal"),
]
