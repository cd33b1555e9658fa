"""Addresses of watching, cut by noun."""

from django.urls import path

from postloss.views import files

app_name = "postloss"
urlpatterns = [
    # lender files
    path("files/", files.file_list, name="files"),
    path("files/upload/", files.upload, name="upload"),
    path("files/lenders/", files.lender_create, name="lender_create"),
    path("files/<int:pk>/", files.file_detail, name="file"),
    path("files/<int:pk>/lines/<int:line_no>/", files.file_line, name="file_line"),
    path("files/<int:pk>/rejects.xlsx", files.file_rejects, name="file_rejects"),
    path(
        "files/<int:pk>/reconciliation/", files.file_reconciliation, name="file_reconciliation"
    ),
]
