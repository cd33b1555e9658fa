"""The one way by which a file leaves the house: registered, marked, above a size approved.

Small exports are made at once (`export_now`); above the free number of rows, over the daily quota
or where the content is unmasked, one person asks (`ask_export`), another decides, a job makes the
file, and only who asked for it fetches it. Source: PRE-45c, CRM-22, CRM-34, A20.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core import files, jobs
from core.models import StoredFile
from core.selectors import parameter
from core.services import record_audit, tell
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import check
from organization.services.awaiting import align_work
from parties.enums import ExportStatus, UseKind
from parties.errors import Missing, OverQuota, RuleBroken, WrongState
from parties.models import Export
from parties.permissions import check_decide_export
from parties.services.uses import alert_over_quota, count_use

KIND = "make_export"
DECISIONS = {
    True: pgettext_lazy("export", "approved"),
    False: pgettext_lazy("export", "turned down"),
}
Maker = Callable[[Export, str, jobs.Heartbeat], IO[bytes]]
_makers: dict[str, Maker] = {}


def register_maker(kind: str, maker: Maker) -> None:
    """Name what makes the files of this kind again from the filters of an export."""
    _makers[kind] = maker


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody wants as a file. `filters` hold no personal data and make it again.

    `is_unmasked` content always needs another person's approval.
    """

    kind: str
    title: str
    file_name: str
    rows: int
    unit: Unit
    filters: dict[str, Any] = field(default_factory=dict)
    permission: Permission = Permission.EXPORT
    is_unmasked: bool = False


def mark_of(export: Export) -> str:
    """Return the watermark of an export: who, when, which number."""
    return _(
        "Exported by %(name)s (%(staff_no)s, %(unit)s) at %(at)s, number %(number)s. "
        "Internal: do not pass on."
    ) % {
        "name": export.asked_by.name,
        "staff_no": export.asked_by.username,
        "unit": export.asked_by.unit.name,
        "at": f"{timezone.localtime(export.asked_at):%Y-%m-%d %H:%M:%S}",
        "number": export.number,
    }


def export_now(
    *, order: Order, make: Callable[[str], IO[bytes]], by: Staff, at: dt.datetime
) -> IO[bytes] | None:
    """Register and make a free export and return the open file; nothing where it needs approval.

    `make` takes the watermark. Over the daily quota an alert is raised and approval is needed.

    Raises:
        NotPermitted: the person may not take this out of this unit.
        RuleBroken: no workbook holds so many rows.
    """
    _check_order(order, by, at)
    if order.is_unmasked or order.rows > _figure("privacy.export_rows_free", at):
        return None
    try:
        with transaction.atomic():
            count_use(staff=by, kind=UseKind.EXPORT_ROW, amount=order.rows, at=at)
            export = _entered(order, by, at, status=ExportStatus.CLEARED)
            book = make(mark_of(export))
            _finish(export, sha256=_sha256(book), size=book.seek(0, 2), at=at)
            book.seek(0)
            return book
    except OverQuota as refusal:
        alert_over_quota(staff=by, kind=UseKind.EXPORT_ROW, refusal=refusal, at=at)
        return None


@transaction.atomic
def ask_export(*, order: Order, reason: str, by: Staff, at: dt.datetime) -> Export:
    """Ask for an export that needs another person's approval.

    Raises:
        NotPermitted: the person may not take this out of this unit.
        RuleBroken: no reason is given, or no workbook holds so many rows.
    """
    _check_order(order, by, at)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say what the file is needed for."), "reason")
    export = _entered(
        order, by, at, status=ExportStatus.WAITING, needs_approval=True, reason=reason.strip()
    )
    record_audit(
        action="export_asked", subject=export, by=by, at=at, reason=reason, rows=order.rows
    )
    align_work(subjects=[export], by=by, at=at)
    return export


@transaction.atomic
def decide_export(
    *, export: Export, is_approved: bool, remark: str, by: Staff, at: dt.datetime
) -> Export:
    """Approve an export, whose file a job then makes, or turn it down with a remark.

    Raises:
        NotPermitted: the permission is lacking, or the person asked for it.
        WrongState: it does not wait for a decision.
        RuleBroken: turned down without a remark, or whoever asked is here no more.
    """
    export = _locked(export)
    check_decide_export(by, export=export)
    if export.status != ExportStatus.WAITING:
        raise WrongState("export_decided", _("This export does not wait for a decision any more."))
    if is_approved and not export.asked_by.is_active:
        raise RuleBroken(
            "asker_left", _("Whoever asked for it is away or has left: turn it down with a remark.")
        )
    if not is_approved and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why it is turned down."), "remark")
    export.status = ExportStatus.CLEARED if is_approved else ExportStatus.TURNED_DOWN
    export.decided_by, export.decided_at, export.remark = by, at, remark.strip()
    export.save(update_fields=["status", "decided_by", "decided_at", "remark"])
    record_audit(
        action="export_approved" if is_approved else "export_turned_down",
        subject=export,
        by=by,
        at=at,
        reason=remark,
        rows=export.rows,
    )
    align_work(subjects=[export], by=by, at=at, outcome="approved" if is_approved else "refused")
    if is_approved:
        count_use(
            staff=export.asked_by,
            kind=UseKind.EXPORT_ROW,
            amount=export.rows,
            at=at,
            is_limited=False,
        )
        jobs.enqueue(
            kind=KIND,
            key=str(export.pk),
            title=f"{export.title} · {export.number}"[:200],
            payload={"export_id": export.pk},
            by=export.asked_by,
            at=at,
        )
    _tell("export_decided", export, at, decision=DECISIONS[is_approved])
    return export


def make_approved_export(*, export: Export, at: dt.datetime, heartbeat: jobs.Heartbeat) -> Export:
    """Make and store the file of an approved export, once; the body of the job.

    Not one transaction: the file is made before its row is locked.
    """
    if export.status == ExportStatus.MADE:
        return export
    if export.status != ExportStatus.CLEARED:
        raise WrongState("export_not_cleared", _("This export is not approved."))
    with _makers[export.kind](export, mark_of(export), heartbeat) as book:
        stored = files.store(stream=book, name=export.file_name, by=export.asked_by, at=at)
    with transaction.atomic():
        export = _locked(export)
        if export.status == ExportStatus.CLEARED:
            _finish(export, sha256=stored.sha256, size=stored.size, at=at, stored=stored)
            _tell("export_ready", export, at, days=_figure("privacy.export_fetch_days", at))
    return export


@transaction.atomic
def fetch_export(*, export: Export, by: Staff, at: dt.datetime) -> StoredFile:
    """Hand out the file of an approved export to the one who asked for it, for some days.

    Raises:
        Missing: somebody else asked for it, or there is no file.
        WrongState: the days are over; it is asked for anew.
    """
    export = _locked(export)
    if export.asked_by_id != by.pk or export.stored is None:
        raise Missing("export_missing", _("There is no such export."))
    days = _figure("privacy.export_fetch_days", at)
    if at > export.made_at + dt.timedelta(days=days):
        raise WrongState(
            "export_too_old",
            _("A file is kept ready for %(days)s days; ask for it anew.") % {"days": days},
        )
    record_audit(action="export_fetched", subject=export, by=by, at=at, sha256=export.sha256)
    return export.stored


@transaction.atomic
def record_copy(*, order: Order, stored: StoredFile, by: Staff, at: dt.datetime) -> Export:
    """Register that a person took a copy of a stored file; the caller saw to the scope.

    Its bytes are evidence and go out as they are; the register says who has them.
    """
    export = _entered(order, by, at, status=ExportStatus.CLEARED)
    _finish(export, sha256=stored.sha256, size=stored.size, at=at)
    return export


def _tell(notice: str, export: Export, at: dt.datetime, **values: object) -> None:
    tell(
        notice=notice,
        people=[export.asked_by],
        values={"title": export.title, "number": export.number} | values,
        at=at,
        subject=export,
        url=reverse("parties:export", args=[export.pk]),
    )


def _check_order(order: Order, by: Staff, at: dt.datetime) -> None:
    check(by, order.permission, unit=order.unit)
    most = _figure("privacy.export_rows_most", at)
    if order.rows > most:
        words = _(
            "%(rows)s rows are too many for one workbook (at most %(most)s); narrow the slice, "
            "for example to one bucket or one branch."
        )
        raise RuleBroken(
            "export_too_large", words % {"rows": f"{order.rows:,}", "most": f"{most:,}"}
        )


def _entered(
    order: Order,
    by: Staff,
    at: dt.datetime,
    *,
    status: ExportStatus,
    needs_approval: bool = False,
    reason: str = "",
) -> Export:
    return Export.objects.create(
        kind=order.kind,
        title=order.title[:200],
        filters=order.filters,
        file_name=order.file_name[:255],
        rows=order.rows,
        unit=order.unit,
        reason=reason,
        status=status,
        needs_approval=needs_approval,
        asked_by=by,
        asked_at=at,
    )


def _finish(
    export: Export, *, sha256: str, size: int, at: dt.datetime, stored: StoredFile | None = None
) -> None:
    export.status, export.made_at = ExportStatus.MADE, at
    export.sha256, export.size, export.stored = sha256, size, stored
    export.save(update_fields=["status", "made_at", "sha256", "size", "stored"])
    record_audit(
        action="export_made",
        subject=export,
        by=export.asked_by,
        at=at,
        reason=export.reason,
        kind=export.kind,
        rows=export.rows,
        sha256=sha256,
        unit=export.unit.code,
        filters=export.filters,
    )


def _sha256(book: IO[bytes]) -> str:
    book.seek(0)
    digest = hashlib.sha256()
    for piece in iter(lambda: book.read(1 << 20), b""):
        digest.update(piece)
    return digest.hexdigest()


def _locked(export: Export) -> Export:
    return (
        Export.objects.select_for_update(of=("self",))
        .select_related("asked_by__unit", "unit", "stored")
        .get(pk=export.pk)
    )


def _figure(name: str, at: dt.datetime) -> int:
    return int(parameter(name=name, as_of=timezone.localdate(at)).value)
