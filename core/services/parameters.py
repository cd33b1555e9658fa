"""Propose a value of a parameter; another person approves or rejects it. Asks no permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.enums import ParameterStatus, Verification
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.models import RegulatoryParameter
from core.parameters import kind_of, read_value
from core.services.audit import record_audit

_LOCK = 0x504152  # "PAR": the name space of locks on parameters


@transaction.atomic
def propose_parameter(
    *,
    name: str,
    value_text: str,
    valid_from: dt.date,
    source: str,
    reason: str,
    by: Any,
    at: dt.datetime,
    verification: str = Verification.COMPANY,
    note: str = "",
) -> RegulatoryParameter:
    """Write a new value of a known parameter; nothing follows it before another person approves.

    Raises:
        RuleBroken: there is no such parameter, the value is not of its kind, or source or reason
            is missing.
        Conflict: a proposal of the same name and first day waits already.
    Source: section 4 (a compliance officer confirms), architecture rule 10.
    """
    _lock(name)
    known = RegulatoryParameter.objects.filter(name=name).order_by("-valid_from", "pk").first()
    if known is None:
        raise RuleBroken("parameter_unknown", _("There is no such parameter."), field="name")
    for field, text in (("source", source), ("reason", reason)):
        if not text.strip():
            raise RuleBroken("words_missing", _("Fill in source and reason."), field=field)
    waiting = RegulatoryParameter.objects.filter(
        name=name, valid_from=valid_from, status=ParameterStatus.PROPOSED
    )
    if waiting.exists():
        raise Conflict(
            "parameter_proposed_already",
            _("A value from this day waits for approval already; decide on that one first."),
        )
    kind = known.kind or kind_of(known.value)
    proposed = RegulatoryParameter.objects.create(
        name=name,
        kind=kind,
        value=read_value(value_text, kind=kind),
        unit=known.unit,
        owner=known.owner,
        valid_from=valid_from,
        source=source,
        note=note,
        verification=verification,
        status=ParameterStatus.PROPOSED,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    record_audit(
        action="core.parameter_proposed",
        subject=proposed,
        by=by,
        at=at,
        reason=reason,
        name=name,
        value=proposed.value,
        valid_from=valid_from.isoformat(),
    )
    return proposed


@transaction.atomic
def approve_parameter(
    *, row: RegulatoryParameter, by: Any, at: dt.datetime, remark: str = ""
) -> RegulatoryParameter:
    """Put a proposed value in force from its day to the next approved one.

    The approved value before it ends there; one that began on the same day is superseded.

    Raises:
        NotPermitted: the person proposed it.
        WrongState: it does not wait for approval.
    """
    locked = _decidable(row, by, _("Whoever proposes a value does not approve it."))
    series = list(
        RegulatoryParameter.objects.select_for_update()
        .filter(name=locked.name, status=ParameterStatus.APPROVED)
        .order_by("valid_from")
    )
    _make_room(locked, series)
    locked.status = ParameterStatus.APPROVED
    locked.approved_by, locked.approved_at, locked.decision_remark = by, at, remark
    locked.save()
    record_audit(
        action="core.parameter_approved",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        name=locked.name,
        value=locked.value,
        valid_from=locked.valid_from.isoformat(),
    )
    return locked


@transaction.atomic
def reject_parameter(
    *, row: RegulatoryParameter, by: Any, at: dt.datetime, remark: str
) -> RegulatoryParameter:
    """Reject a proposed value, saying why.

    Raises:
        NotPermitted: the person proposed it.
        WrongState: it does not wait for approval.
        RuleBroken: nothing is said.
    """
    locked = _decidable(row, by, _("Whoever proposes a value does not decide on it."))
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why it is rejected."), field="remark")
    locked.status = ParameterStatus.REJECTED
    locked.rejected_by, locked.rejected_at, locked.decision_remark = by, at, remark
    locked.save()
    record_audit(
        action="core.parameter_rejected",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        name=locked.name,
    )
    return locked


def _make_room(locked: RegulatoryParameter, series: Sequence[RegulatoryParameter]) -> None:
    locked.valid_to = min(
        (each.valid_from for each in series if each.valid_from > locked.valid_from), default=None
    )
    for each in series:
        if each.valid_from == locked.valid_from:
            each.status, each.superseded_by = ParameterStatus.SUPERSEDED, locked
            each.save(update_fields=["status", "superseded_by"])
    earlier = [each for each in series if each.valid_from < locked.valid_from]
    if earlier:
        earlier[-1].valid_to = locked.valid_from
        earlier[-1].save(update_fields=["valid_to"])


def _decidable(row: RegulatoryParameter, by: Any, message: str) -> RegulatoryParameter:
    _lock(row.name)
    locked = RegulatoryParameter.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.status != ParameterStatus.PROPOSED:
        raise WrongState(
            "parameter_not_proposed", _("This value does not wait for approval any more.")
        )
    if locked.proposed_by_id == by.pk:
        raise NotPermitted("maker_is_checker", message)
    return locked


def _lock(name: str) -> None:
    """Let one person at a time change the series of a name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, name])
