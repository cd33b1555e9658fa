"""Self-checks: put questions to units, answer them, sign them off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.errors import RuleBroken, WrongState
from core.selectors import add_working_days, figure
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import check
from organization.services.awaiting import align_work
from reporting.enums import AnswerKind, FindingSeverity
from reporting.models import Answer, Finding, Question, Questionnaire, SelfCheck
from reporting.permissions import check_sign_self_check
from reporting.services.words import check_words

DOCUMENT = Purpose(name="self_check_evidence", limit="evidence_bytes")


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """What a person says to one question, with a file where there is one."""

    question: Question
    answer: str
    remark: str = ""
    evidence: BinaryIO | None = None
    evidence_name: str = ""


@transaction.atomic
def open_questionnaire(
    *,
    title: str,
    period: str,
    questions: Sequence[str],
    units: Sequence[Unit],
    by: Staff,
    at: dt.datetime,
) -> Questionnaire:
    """Put the questions of a period to units; due after the working days that the parameter says.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: title, period, questions or units are missing.
        Missing: the calendar does not reach the due day.
    Source: POST-34d.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    check_words(_("Fill in title and period."), title=title, period=period)
    asked = [text.strip() for text in questions if text.strip()]
    if not asked or not units:
        raise RuleBroken("questionnaire_empty", _("Name at least one question and one unit."))
    today = timezone.localdate(at)
    days = int(figure(name="self_check.answer_working_days", as_of=today))
    due_on = add_working_days(day=today, count=days)
    opened = Questionnaire.objects.create(
        title=title, period=period, due_on=due_on, opened_by=by, opened_at=at
    )
    Question.objects.bulk_create(
        Question(questionnaire=opened, number=number, text=text)
        for number, text in enumerate(asked, 1)
    )
    checks = SelfCheck.objects.bulk_create(
        SelfCheck(questionnaire=opened, unit=unit, due_on=due_on) for unit in units
    )
    record_audit(
        action="reporting.questionnaire_opened", subject=opened, by=by, at=at, units=len(units)
    )
    align_work(subjects=checks, by=by, at=at)
    return opened


@transaction.atomic
def submit_self_check(
    *, self_check: SelfCheck, answers: Sequence[GivenAnswer], by: Staff, at: dt.datetime
) -> SelfCheck:
    """Answer every question; each “does not comply” becomes a finding of the unit.

    Raises:
        NotPermitted: the person does not answer self-checks of this unit.
        WrongState: it was submitted already.
        RuleBroken: a question has no answer, or “does not comply” is not explained.
    Source: POST-34d.
    """
    locked = _locked(self_check)
    check(by, Permission.SELF_CHECK, unit=locked.unit)
    if locked.submitted_at is not None:
        raise WrongState("self_check_submitted", _("This self-check was submitted already."))
    _check_complete(locked, answers)
    kept = [
        Answer.objects.create(
            self_check=locked,
            question=each.question,
            answer=each.answer,
            remark=each.remark,
            evidence=_stored(each, by, at),
            answered_by=by,
            answered_at=at,
        )
        for each in answers
    ]
    _raise_findings(locked, kept, by, at)
    locked.submitted_by, locked.submitted_at = by, at
    locked.save(update_fields=["submitted_by", "submitted_at"])
    record_audit(action="reporting.self_check_submitted", subject=locked, by=by, at=at)
    align_work(subjects=[locked], by=by, at=at, outcome="submitted")
    return locked


@transaction.atomic
def sign_self_check(
    *, self_check: SelfCheck, by: Staff, at: dt.datetime, remark: str = ""
) -> SelfCheck:
    """Sign off a submitted self-check.

    Raises:
        NotPermitted: the person answered it, or has no say over the unit.
        WrongState: it is not submitted, or signed off already.
    Source: POST-34d.
    """
    locked = _locked(self_check)
    check_sign_self_check(by, locked)
    if locked.submitted_at is None or locked.signed_at is not None:
        raise WrongState("self_check_state", _("Only a submitted self-check is signed off, once."))
    locked.signed_by, locked.signed_at = by, at
    locked.save(update_fields=["signed_by", "signed_at"])
    record_audit(action="reporting.self_check_signed", subject=locked, by=by, at=at, reason=remark)
    align_work(subjects=[locked], by=by, at=at, outcome="signed_off")
    return locked


@transaction.atomic
def escalate_late_self_checks(*, at: dt.datetime) -> int:
    """Mark self-checks not submitted by their due day, once; return how many."""
    late = list(
        SelfCheck.objects.select_for_update(skip_locked=True)
        .filter(
            due_on__lt=timezone.localdate(at), submitted_at__isnull=True, escalated_at__isnull=True
        )
        .order_by("pk")
    )
    for each in late:
        each.escalated_at = at
        each.save(update_fields=["escalated_at"])
        record_audit(action="reporting.self_check_escalated", subject=each, by=None, at=at)
    return len(late)


def _locked(self_check: SelfCheck) -> SelfCheck:
    return (
        SelfCheck.objects.select_for_update(of=("self",))
        .select_related("unit", "questionnaire")
        .get(pk=self_check.pk)
    )


def _check_complete(locked: SelfCheck, answers: Sequence[GivenAnswer]) -> None:
    asked = set(locked.questionnaire.questions.values_list("pk", flat=True))
    given = [each.question.pk for each in answers]
    if set(given) != asked or len(given) != len(asked):
        raise RuleBroken("answers_incomplete", _("Answer every question."))
    for each in answers:
        if each.answer == AnswerKind.NO and not each.remark.strip():
            raise RuleBroken(
                "answer_unexplained",
                _("Question %(number)s: say what does not comply.")
                % {"number": each.question.number},
                field=f"remark_{each.question.pk}",
            )


def _raise_findings(
    locked: SelfCheck, answers: Sequence[Answer], by: Staff, at: dt.datetime
) -> None:
    lacking = [each for each in answers if each.answer == AnswerKind.NO]
    if not lacking:
        return
    today = timezone.localdate(at)
    days = int(figure(name="finding.rectify_working_days", as_of=today))
    due_on = add_working_days(day=today, count=days)
    raised = Finding.objects.bulk_create(
        Finding(
            unit=locked.unit,
            self_check=locked,
            title=f"{each.question.text}: {each.remark}"[:500],
            severity=FindingSeverity.ORDINARY,
            owner=by,
            due_on=due_on,
            raised_by=by,
            raised_at=at,
        )
        for each in lacking
    )
    align_work(subjects=raised, by=by, at=at)


def _stored(given: GivenAnswer, by: Staff, at: dt.datetime) -> object:
    if given.evidence is None:
        return None
    return accept(
        stream=given.evidence,
        name=given.evidence_name,
        by=by,
        at=at,
        kinds=tuple(ContentKind),
        purpose=DOCUMENT,
    )
