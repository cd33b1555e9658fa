"""What happens by itself: files dropped into the inbox, the month that has just ended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from core.errors import DomainError
from core.files import StoreUnavailable
from core.jobs import enqueue
from core.models import Job
from core.months import add_months, month_text
from partners.models import Lender, LenderFile
from partners.selectors import lender_by_code
from postloss.selectors.history import files_in_order
from postloss.selectors.month_ends import latest_closed
from postloss.services.importing import receive_file

SETTLED_SECONDS = 30  # a file untouched for so long is no longer being written
TAKEN, REFUSED = "taken", "refused"


def collect_inbox(*, at: dt.datetime) -> list[LenderFile]:
    """Receive what lenders dropped into `LENDER_INBOX/<lender code>/` and load it in jobs.

    A file that was taken moves to `taken/` beside it, one that cannot be to `refused/` with its
    sentence in a text file of the same name.
    """
    inbox = Path(settings.LENDER_INBOX)
    folders = sorted(entry for entry in inbox.iterdir() if entry.is_dir()) if inbox.is_dir() else []
    return [file for folder in folders for file in _collect_folder(folder, at)]


def _collect_folder(folder: Path, at: dt.datetime) -> list[LenderFile]:
    waiting = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and at.timestamp() - path.stat().st_mtime >= SETTLED_SECONDS
    )
    if not waiting:
        return []
    try:
        lender = lender_by_code(code=folder.name)
    except DomainError:
        return []  # a folder that no lender owns is left alone
    taken = []
    for path in waiting:
        try:
            taken.append(_take(lender, path, at))
        except StoreUnavailable:
            break  # they wait for the next look
        except DomainError as refusal:
            _move(path, REFUSED, at).with_suffix(".txt").write_text(refusal.message)
    return taken


def _take(lender: Lender, path: Path, at: dt.datetime) -> LenderFile:
    with path.open("rb") as stream:
        file = receive_file(lender=lender, name=path.name, stream=stream, by=None, at=at)
    enqueue(
        kind="load_lender_file",
        key=str(file.pk),
        title=f"{lender.code} {file.name}",
        payload={"file_id": file.pk},
        by=None,
        at=at,
    )
    _move(path, TAKEN, at)
    return file


def _move(path: Path, folder: str, at: dt.datetime) -> Path:
    target = path.parent / folder / f"{at:%Y%m%dT%H%M%S}-{path.name}"
    target.parent.mkdir(exist_ok=True)
    return path.rename(target)


def close_last_month(*, today: dt.date, at: dt.datetime) -> Job | None:
    """Start closing the month before this one once every lender that reports has sent its file.

    Older months are closed by people: nobody knows what else will come for them.
    """
    month = add_months(today, -1)
    if latest_closed(month=month) is not None:
        return None
    files = files_in_order()
    delivered = set(files.filter(month=month).values_list("lender_id", flat=True))
    expected = set(files.filter(month=add_months(month, -1)).values_list("lender_id", flat=True))
    if not delivered or expected - delivered:
        return None
    text = month_text(month)
    return enqueue(
        kind="close_month",
        key=text,
        title=text,
        payload={"month": text, "reason": ""},
        by=None,
        at=at,
    )
