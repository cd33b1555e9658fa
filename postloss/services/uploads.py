"""Take files that somebody uploads in the browser, and load them in jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from core.jobs import enqueue
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from partners.models import Lender, LenderFile
from postloss.errors import FileRefused
from postloss.rules.lender_files import identify
from postloss.services.importing import receive_file


def upload_files(
    *,
    lender: Lender,
    uploads: Iterable[UploadedFile],
    is_replacement: bool,
    by: Staff,
    at: dt.datetime,
) -> tuple[list[LenderFile], list[str]]:
    """Receive uploaded files, loans first, then by month, and load each in a job.

    Returns what was taken in, and one sentence for each file that was refused.

    Raises:
        NotPermitted: the person may not load files.
    """
    check(by, Permission.LOAD_FILES)
    taken: list[LenderFile] = []
    refused: list[str] = []
    for each in sorted(uploads, key=_place):
        try:
            file = receive_file(
                lender=lender,
                name=each.name or "",
                stream=each,
                by=by,
                at=at,
                is_replacement=is_replacement,
            )
        except FileRefused as refusal:
            refused.append(refusal.message)
            continue
        enqueue(
            kind="load_lender_file",
            key=str(file.pk),
            title=f"{lender.code} {file.name}",
            payload={"file_id": file.pk},
            by=by,
            at=at,
        )
        taken.append(file)
    return taken, refused


def _place(upload: UploadedFile) -> tuple[int, str]:
    identity = identify(upload.name or "")
    if identity is None or identity.month is None:
        return (0, "")
    return (1, identity.month.isoformat())
