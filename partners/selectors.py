"""Reads of lenders and their files."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from partners.enums import FileKind, FileState
from partners.errors import LenderMissing
from partners.models import Lender, LenderFile


def lender_by_code(*, code: str) -> Lender:
    """Return the lender with this code.

    Raises:
        LenderMissing: there is none.
    """
    lender = Lender.objects.filter(code=code).first()
    if lender is None:
        raise LenderMissing(code)
    return lender


def complete_files(*, kind: FileKind, known_at: dt.datetime | None = None) -> QuerySet[LenderFile]:
    """Return files whose rows count, as known at an instant (default: by now)."""
    files = LenderFile.objects.filter(kind=kind, state=FileState.COMPLETE)
    return files if known_at is None else files.filter(recorded_at__lte=known_at)
