"""Answering what persons ask of their data, against a clock. Source: PIPL 44-50, 15; HQ-25."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.encryption import blind_index
from core.selectors import parameter
from core.services import record_audit
from organization.enums import Permission, RecusalStage
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from organization.services.recusal import check_stays_in, recusals_kept
from parties.enums import AnswerKind, RequestKind
from parties.errors import RuleBroken
from parties.models import Export, Party, PersonRequest
from parties.selectors.identities import clear_identity, party_by_document
from parties.services.exports import Order, ask_export
from parties.services.identities import know_parties
from parties.services.uses import count_look_up

COPY_KIND = "person_copy"
_FITTING = {  # what was asked → what may be answered, when something is held
    RequestKind.ACCESS: {AnswerKind.TOLD, AnswerKind.REFUSED},
    RequestKind.COPY: {AnswerKind.COPIED, AnswerKind.REFUSED},
    RequestKind.CORRECT: {AnswerKind.CORRECTED, AnswerKind.REFUSED},
    RequestKind.DELETE: {AnswerKind.DELETED, AnswerKind.RESTRICTED},
    RequestKind.WITHDRAW: {AnswerKind.RESTRICTED, AnswerKind.REFUSED},
}


@transaction.atomic
def enter_request(
    *,
    kind: RequestKind,
    document: str,
    channel: str,
    received_on: dt.date,
    by: Staff,
    at: dt.datetime,
) -> PersonRequest:
    """Enter a request; the person is found by the blind index of the document number.

    The number itself is not kept. The clock runs from the day of receipt.

    Raises:
        NotPermitted: the person may not answer requests.
        RuleBroken: the number is empty, or the day of receipt is to come.
    """
    check(by, Permission.ANSWER_PERSONS)
    today = timezone.localdate(at)
    if not document.strip():
        raise RuleBroken("document_missing", _("Enter the document number."), "document")
    if received_on > today:
        raise RuleBroken(
            "received_in_future", _("The day of receipt is not in the future."), "received_on"
        )
    count_look_up(staff=by, at=at, is_limited=False)  # whoever asks is answered
    days = int(parameter(name="pipl.answer_days", as_of=today).value)
    asked = PersonRequest.objects.create(
        kind=kind,
        party=party_by_document(number=document),
        document_index=blind_index(document, purpose="document"),
        channel=channel,
        received_on=received_on,
        due_on=received_on + dt.timedelta(days=days),
        entered_by=by,
        entered_at=at,
    )
    record_audit(
        action="person_request_entered", subject=asked, by=by, at=at, kind=str(kind),
        is_known=asked.party_id is not None,
    )  # fmt: skip
    align_work(subjects=[asked], by=by, at=at)
    return asked


@recusals_kept
@transaction.atomic
def check_identity(
    *, request: PersonRequest, is_shown: bool, note: str, by: Staff, at: dt.datetime
) -> PersonRequest:
    """Note how the asker showed who they are, or turn them away.

    Raises:
        NotPermitted: the person may not answer requests, or is related to the asker (logged).
        WrongState: the identity was looked at already.
        RuleBroken: nothing is noted.
    """
    asked = _locked(request)
    _check_handler(asked, by, at)
    if not note.strip():
        raise RuleBroken("note_missing", _("Note how the person showed who they are."), "note")
    (asked.verify if is_shown else asked.turn_away)(by=by, at=at, note=note.strip())
    asked.save(update_fields=["state", "checked_by", "checked_at", "identity_note"])
    record_audit(
        action="person_request_verified" if is_shown else "person_request_turned_away",
        subject=asked,
        by=by,
        at=at,
        reason=note,
    )
    align_work(subjects=[asked], by=by, at=at, outcome="refused")
    return asked


@recusals_kept
@transaction.atomic
def answer_request(
    *,
    request: PersonRequest,
    answer: AnswerKind,
    reason: str,
    by: Staff,
    at: dt.datetime,
    correct_name: str = "",
) -> PersonRequest:
    """Answer a request and do what the answer says.

    A copy is asked for as an unmasked export, which another person approves. A deletion that the
    law forbids yet becomes a restriction: kept, and shown to nobody. `deleted` is said only of an
    identity whose deletion with proof was approved.

    Raises:
        NotPermitted: the person may not answer requests, or is related to the asker (logged).
        WrongState: the identity is not checked, or the request is answered.
        RuleBroken: no reason, or an answer that does not fit what was asked or what is held.
    """
    asked = _locked(request)
    _check_handler(asked, by, at)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say what the person is told, and why."), "reason")
    _refuse_unfitting(asked, answer)
    asked.give_answer(by=by, at=at, answer=answer, reason=reason.strip())
    if answer == AnswerKind.COPIED:
        asked.copy = _ask_copy(asked, by, at)
    elif answer == AnswerKind.CORRECTED:
        _correct(asked.party, correct_name.strip(), by, at)
    elif answer == AnswerKind.RESTRICTED and asked.party.restricted_at is None:
        Party.objects.filter(pk=asked.party_id).update(restricted_at=at)
        record_audit(action="identity_restricted", subject=asked.party, by=by, at=at, reason=reason)
    asked.save(
        update_fields=["state", "answered_by", "answered_at", "answer", "answer_reason", "copy"]
    )
    record_audit(action="person_request_answered", subject=asked, by=by, at=at, answer=str(answer))
    align_work(subjects=[asked], by=by, at=at, outcome="answered")
    return asked


def _check_handler(asked: PersonRequest, by: Staff, at: dt.datetime) -> None:
    """Refuse a request to whoever may not answer, or is related to whom it is about."""
    check(by, Permission.ANSWER_PERSONS)
    check_stays_in(person=by, subject=asked, unit=by.unit, stage=RecusalStage.SIGNING, at=at)


def _refuse_unfitting(asked: PersonRequest, answer: AnswerKind) -> None:
    party = asked.party
    if party is None:
        fitting = {AnswerKind.NOTHING_HELD}
    elif party.is_erased:
        fitting = {AnswerKind.DELETED, AnswerKind.NOTHING_HELD}
    else:
        fitting = _FITTING[RequestKind(asked.kind)] - {AnswerKind.DELETED}
    if answer not in fitting:
        words = ", ".join(str(each.label) for each in AnswerKind if each in fitting)
        raise RuleBroken(
            "answer_unfitting", _("This request can be answered by: %s.") % words, "answer"
        )


def _ask_copy(asked: PersonRequest, by: Staff, at: dt.datetime) -> Export:
    order = Order(
        kind=COPY_KIND,
        title=_("Copy for person request %(number)s") % {"number": asked.pk},
        file_name=f"person_copy_{asked.pk}.xlsx",
        rows=1,
        unit=by.unit,
        filters={"request_id": asked.pk, "party_id": asked.party_id},
        permission=Permission.ANSWER_PERSONS,
        is_unmasked=True,
    )
    return ask_export(order=order, reason=order.title, by=by, at=at)


def _correct(party: Party, name: str, by: Staff, at: dt.datetime) -> None:
    if not name:
        raise RuleBroken("name_missing", _("Enter the correct name."), "correct_name")
    know_parties(names_by_document={clear_identity(party).document: name}, at=at)
    record_audit(action="identity_corrected", subject=party, by=by, at=at, fields=["name"])


def _locked(request: PersonRequest) -> PersonRequest:
    return (
        PersonRequest.objects.select_for_update(of=("self",))
        .select_related("party", "checked_by")
        .get(pk=request.pk)
    )
