"""Propose a version of a message's words; another person approves or rejects it.

Asks no permission.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.enums import MessageChannel, TemplateStatus
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.models import MessageTemplate
from core.notices import notice_of
from core.services.audit import record_audit
from core.wording import clean, stray_braces, undeclared

LONGEST_SUBJECT, LONGEST_BODY = 120, 4000


@transaction.atomic
def propose_template(
    *,
    code: str,
    channel: str,
    language: str,
    subject: str,
    body: str,
    valid_from: dt.date,
    reason: str,
    by: Any,
    at: dt.datetime,
) -> MessageTemplate:
    """Write a new version of the words; nothing is sent in them before another person approves.

    Raises:
        Missing: there is no such kind of message.
        RuleBroken: channel or language is unknown, words or reason are missing, or the words hold
            a place that is not declared, or a brace that is no place; `findings` names all.
        Conflict: a proposal waits already.
    Source: issue 3, safety.md A11.
    """
    notice = notice_of(code)
    if channel not in MessageChannel.values or language not in dict(settings.LANGUAGES):
        raise RuleBroken("template_place", _("There is no such channel or language."), "channel")
    subject, body = clean(subject, at_most=LONGEST_SUBJECT), _lines(body)
    if not (subject and body and reason.strip()):
        raise RuleBroken("words_missing", _("Fill in subject, body and reason."), field="body")
    _check_places(subject, body, list(notice.samples))
    place = MessageTemplate.objects.select_for_update().filter(
        code=code, channel=channel, language=language
    )
    known = list(place.order_by("-version"))
    if any(row.status == TemplateStatus.PROPOSED for row in known):
        raise Conflict(
            "template_proposed", _("A proposal waits already; decide on that one first.")
        )
    proposed = MessageTemplate.objects.create(
        code=code,
        channel=channel,
        language=language,
        version=known[0].version + 1 if known else 1,
        subject=subject,
        body=body,
        placeholders=sorted(notice.samples),
        valid_from=valid_from,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    _record("proposed", proposed, by, at, reason)
    return proposed


@transaction.atomic
def decide_template(
    *, template: MessageTemplate, is_approved: bool, by: Any, at: dt.datetime, remark: str = ""
) -> MessageTemplate:
    """Approve a proposed version, which is in force from its day, or reject it with a remark.

    Raises:
        NotPermitted: the person proposed it.
        WrongState: it was decided already.
        RuleBroken: it is rejected without a word, or its values are no longer given.
    """
    locked = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if locked.status != TemplateStatus.PROPOSED:
        raise WrongState("template_decided", _("This proposal was decided already."))
    if locked.proposed_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a template does not decide on it.")
        )
    if not is_approved and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why it is rejected."), field="remark")
    if is_approved:
        _check_places(locked.subject, locked.body, list(notice_of(locked.code).samples))
    locked.status = TemplateStatus.APPROVED if is_approved else TemplateStatus.REJECTED
    locked.decided_by, locked.decided_at, locked.decision_remark = by, at, remark.strip()
    locked.save(update_fields=["status", "decided_by", "decided_at", "decision_remark"])
    _record(locked.status, locked, by, at, remark)
    return locked


def _check_places(subject: str, body: str, declared: list[str]) -> None:
    strange = undeclared(f"{subject}\n{body}", declared)
    findings = [_("“{%(name)s}” is not declared.") % {"name": name} for name in strange]
    if stray_braces(subject) or stray_braces(body):
        findings.append(_("A brace stands there that belongs to no declared place."))
    if findings:
        words = _("These may be used: %(names)s.") % {
            "names": "、".join(f"{{{name}}}" for name in declared)
        }
        raise RuleBroken(
            "place_undeclared", " ".join([*findings, words]), field="body", findings=findings
        )


def _lines(body: str) -> str:
    """Return a body line by line without what does not print."""
    lines = (clean(line, at_most=LONGEST_BODY) for line in body.splitlines())
    return "\n".join(lines).strip()[:LONGEST_BODY]


def _record(what: str, row: MessageTemplate, by: Any, at: dt.datetime, reason: str) -> None:
    record_audit(
        action=f"core.template_{what}",
        subject=row,
        by=by,
        at=at,
        reason=reason,
        code=row.code,
        channel=row.channel,
        language=row.language,
        version=row.version,
    )
