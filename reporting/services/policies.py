"""Policies: enter one, draft a version, publish it once another person read it."""

import datetime as dt
from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.months import add_months, month_end
from core.selectors import figure
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from reporting.enums import VersionStatus
from reporting.models import PolicyDocument, PolicyVersion
from reporting.selectors.policies import mandatory_clauses
from reporting.services.words import check_words

DOCUMENT = Purpose(name="policy_document", limit="evidence_bytes")


@transaction.atomic
def enter_policy(
    *,
    code: str,
    title: str,
    kind: str,
    owner_department: str,
    division_of_duties: str,
    by: Staff,
    at: dt.datetime,
) -> PolicyDocument:
    """Enter a policy with its owner department and division of duties.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: a word is missing.
        Conflict: the code is taken.
    Source: PRE-26a, PRE-33a, PRE-38b, PRE-45a.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    check_words(
        _("Fill in code, title, owner department and division of duties."),
        code=code,
        title=title,
        owner_department=owner_department,
        division_of_duties=division_of_duties,
    )
    if PolicyDocument.objects.filter(code=code).exists():
        raise Conflict("policy_code", _("This code is taken."), field="code")
    entered = PolicyDocument.objects.create(
        code=code,
        title=title,
        kind=kind,
        owner_department=owner_department,
        division_of_duties=division_of_duties,
        created_by=by,
        created_at=at,
    )
    record_audit(action="reporting.policy_entered", subject=entered, by=by, at=at)
    return entered


@transaction.atomic
def draft_policy_version(
    *,
    document: PolicyDocument,
    stream: BinaryIO,
    name: str,
    effective_from: dt.date,
    clauses: Mapping[str, str],
    by: Staff,
    at: dt.datetime,
) -> PolicyVersion:
    """Store a draft with its file; `clauses` says by code where each mandatory clause stands.

    Raises:
        NotPermitted: the person does not maintain registers.
        RuleBroken: the file is too large.
    """
    check(by, Permission.MAINTAIN_REGISTERS)
    locked = PolicyDocument.objects.select_for_update().get(pk=document.pk)
    last = locked.versions.aggregate(last=Max("number"))["last"] or 0
    draft = PolicyVersion.objects.create(
        document=locked,
        number=last + 1,
        stored=accept(
            stream=stream, name=name, by=by, at=at, kinds=tuple(ContentKind), purpose=DOCUMENT
        ),
        clauses={code: place.strip() for code, place in clauses.items() if place.strip()},
        effective_from=effective_from,
        drafted_by=by,
        drafted_at=at,
    )
    record_audit(
        action="reporting.policy_drafted",
        subject=draft,
        by=by,
        at=at,
        sha256=draft.stored.sha256,
        number=draft.number,
    )
    align_work(subjects=[draft], by=by, at=at)
    return draft


@transaction.atomic
def publish_policy_version(
    *, version: PolicyVersion, by: Staff, at: dt.datetime, remark: str = ""
) -> PolicyVersion:
    """Publish a draft; the version before it ends the day this one begins.

    Raises:
        NotPermitted: the person does not approve registers, or drafted this version.
        WrongState: it is no draft.
        RuleBroken: a mandatory clause has no place in the text (`findings` names every one), or
            it begins no later than the version in force.
    Source: PRE-12g, PRE-26b, PRE-38b, PRE-45b.
    """
    document = PolicyDocument.objects.select_for_update().get(pk=version.document_id)
    locked = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    check(by, Permission.APPROVE_REGISTERS)
    if locked.drafted_by_id == by.pk:
        raise NotPermitted("maker_is_checker", _("Whoever drafts a policy does not publish it."))
    if locked.status != VersionStatus.DRAFT:
        raise WrongState("version_no_draft", _("Only a draft can be published."))
    _check_clauses(document, locked, as_of=timezone.localdate(at))
    before = _end_earlier(document, locked)
    locked.status = VersionStatus.PUBLISHED
    locked.published_by, locked.published_at = by, at
    locked.review_due_on = _next_review(locked.effective_from, as_of=timezone.localdate(at))
    locked.save()
    record_audit(
        action="reporting.policy_published",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        sha256=locked.stored.sha256,
    )
    align_work(subjects=[locked], by=by, at=at, outcome="published")
    overtaken = [*before, *document.versions.filter(status=VersionStatus.DRAFT)]
    align_work(subjects=overtaken, by=by, at=at, outcome="superseded")
    return locked


def _check_clauses(document: PolicyDocument, version: PolicyVersion, *, as_of: dt.date) -> None:
    wanted = mandatory_clauses(kind=document.kind, as_of=as_of)
    lacking = [words for code, words in wanted.items() if not version.clauses.get(code)]
    if lacking:
        raise RuleBroken(
            "clauses_missing",
            _("This version lacks what such a policy must say: %(clauses)s.")
            % {"clauses": "; ".join(lacking)},
            findings=lacking,
        )


def _end_earlier(document: PolicyDocument, version: PolicyVersion) -> list[PolicyVersion]:
    before = document.versions.filter(status=VersionStatus.PUBLISHED).first()
    if before is None:
        return []
    if version.effective_from <= before.effective_from:
        raise RuleBroken(
            "version_too_early",
            _("It must begin after the version in force, which began on %(day)s.")
            % {"day": before.effective_from},
        )
    before.status, before.effective_to = VersionStatus.SUPERSEDED, version.effective_from
    before.save(update_fields=["status", "effective_to"])
    return [before]


@transaction.atomic
def ask_for_policy_reviews(*, at: dt.datetime) -> int:
    """Let the policies in force whose review is near wait for it, each once; return how many.

    Source: PRE-26b, PRE-38b (policies are kept up to date).
    """
    today = timezone.localdate(at)
    notice = int(figure(name="policy.review_notice_days", as_of=today))
    near = list(
        PolicyVersion.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            status=VersionStatus.PUBLISHED,
            review_asked_at__isnull=True,
            review_due_on__lte=today + dt.timedelta(days=notice),
        )
        .order_by("pk")
    )
    for version in near:
        version.review_asked_at = at
        version.save(update_fields=["review_asked_at"])
        record_audit(action="reporting.policy_review_asked", subject=version, by=None, at=at)
    align_work(subjects=near, by=None, at=at)
    return len(near)


@transaction.atomic
def review_policy_version(
    *, version: PolicyVersion, remark: str, by: Staff, at: dt.datetime
) -> PolicyVersion:
    """Say that a policy in force was looked over and stays; what no longer fits gets a new version.

    Raises:
        NotPermitted: the person does not maintain registers.
        WrongState: no review of it is asked for.
        RuleBroken: it is not said what was looked at.
    Source: PRE-26b, PRE-38b.
    """
    locked = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    check(by, Permission.MAINTAIN_REGISTERS)
    if locked.status != VersionStatus.PUBLISHED or locked.review_asked_at is None:
        raise WrongState("no_review_asked", _("No review of this version is asked for."))
    check_words(_("Say what was looked at, and why it stays."), remark=remark)
    today = timezone.localdate(at)
    locked.review_asked_at = None
    locked.review_due_on = _next_review(today, as_of=today)
    locked.save(update_fields=["review_asked_at", "review_due_on"])
    record_audit(
        action="reporting.policy_reviewed",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        next_review=locked.review_due_on.isoformat(),
    )
    align_work(subjects=[locked], by=by, at=at, outcome="reviewed")
    return locked


def _next_review(day: dt.date, *, as_of: dt.date) -> dt.date:
    months = int(figure(name="policy.review_months", as_of=as_of))
    first = add_months(day.replace(day=1), months)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), month_end(first))
