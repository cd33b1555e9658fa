"""Reads of lenders, their licences and their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from organization.models import Staff
from partners.enums import FileKind, FileState, LicenceStatus
from partners.errors import LenderMissing
from partners.models import FunderLicence, Lender, LenderFile
from partners.permissions import check_view_lenders
from partners.rules import LicenceFacts, funder_findings, is_locally_supervised, is_non_bank


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


# licences


def licences_on(
    *, lenders: Collection[int], day: dt.date, known_at: dt.datetime | None = None
) -> dict[int, FunderLicence]:
    """Return the licence record that holds on a day, by the id of the lender; one query.

    The approved one with the latest first day up to the day; of the same day the one decided last,
    as known at an instant (now, without one). It may have ended or be suspended. Source: PRE-02k.
    """
    found = FunderLicence.objects.filter(
        lender__in=lenders, status=LicenceStatus.APPROVED, valid_from__lte=day
    )
    if known_at is not None:
        found = found.filter(decided_at__lte=known_at)
    rows = found.order_by("lender", "-valid_from", "-decided_at", "-pk").distinct("lender")
    return {row.lender_id: row for row in rows}


def why_no_funder(*, lender: Lender, day: dt.date) -> list[str]:
    """Return in sentences why a lender is no funder on a day; none where it is. PRE-02k, PRE-02l.

    See `funder_refusals`.
    """
    licence = licences_on(lenders=[lender.pk], day=day).get(lender.pk)
    return funder_refusals(lender=lender, licence=licence, day=day)


def funder_refusals(*, lender: Lender, licence: FunderLicence | None, day: dt.date) -> list[str]:
    """Return in sentences why a lender is no funder on a day and what to do; none where it is.

    `licence`: what `licences_on` says of the lender. Each names its article. Source: PRE-02k,
    PRE-02l.
    """
    facts = licence and LicenceFacts(
        standing=licence.standing, funds_source=licence.funds_source, valid_to=licence.valid_to
    )
    return [
        f"{_sentence(each.code, lender, licence, day)} ({each.article})"
        for each in funder_findings(facts, day=day)
    ]


def _sentence(code: str, lender: Lender, licence: FunderLicence | None, day: dt.date) -> str:
    words = {"lender": lender.name, "day": f"{day:%Y-%m-%d}"}
    if licence is not None:
        words |= {
            "no": licence.licence_no,
            "standing": licence.get_standing_display(),
            "end": f"{licence.valid_to:%Y-%m-%d}" if licence.valid_to else "",
        }
    return {
        "not_licensed": _(
            "No licence of %(lender)s was approved for %(day)s: enter it under Lenders and have it"
            " approved."
        ),
        "not_active": _(
            "Licence %(no)s of %(lender)s stands as “%(standing)s”: cover its loans only once the"
            " licence is active again and that is entered under Lenders."
        ),
        "licence_ended": _(
            "Licence %(no)s of %(lender)s ended on %(end)s: enter its renewal under Lenders and"
            " have it approved."
        ),
        "funds_entrusted": _(
            "%(lender)s lends entrusted funds; whoever entrusts them is no funder: cover only loans"
            " of its own funds and enter its new declaration under Lenders."
        ),
    }[code] % words


@dataclass(frozen=True, kw_only=True)
class LenderRow:
    """A lender with the licence that holds on a day, and why it is no funder, if it is none."""

    lender: Lender
    licence: FunderLicence | None
    refusals: list[str]
    is_non_bank: bool | None
    is_locally_supervised: bool


def lender_row(*, lender: Lender, licence: FunderLicence | None, day: dt.date) -> LenderRow:
    """Return what a page says of a lender on a day; `is_non_bank` is None without a licence."""
    kind = licence.funder_type if licence else ""
    return LenderRow(
        lender=lender,
        licence=licence,
        refusals=funder_refusals(lender=lender, licence=licence, day=day),
        is_non_bank=is_non_bank(kind) if licence else None,
        is_locally_supervised=is_locally_supervised(kind),
    )


def lender_register(*, staff: Staff) -> QuerySet[Lender]:
    """Return every lender by code.

    Raises:
        NotPermitted: the person does not see lenders.
    """
    check_view_lenders(staff)
    return Lender.objects.order_by("code")


def lender_of(*, staff: Staff, pk: int) -> Lender:
    """Return one lender.

    Raises:
        NotPermitted: the person does not see lenders.
        Http404: there is none.
    """
    return get_object_or_404(lender_register(staff=staff), pk=pk)


def licence_history(*, lender: Lender) -> QuerySet[FunderLicence]:
    """Return every licence record of a lender, the youngest first."""
    found = lender.licences.select_related("proposed_by", "decided_by")
    return found.order_by("-proposed_at", "-pk")


def licence_of(*, staff: Staff, pk: int) -> FunderLicence:
    """Return one licence record with its lender.

    Raises:
        NotPermitted: the person does not see lenders.
        Http404: there is none.
    """
    check_view_lenders(staff)
    return get_object_or_404(
        FunderLicence.objects.select_related("lender", "proposed_by", "decided_by"), pk=pk
    )
