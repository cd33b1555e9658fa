"""The library of special agreements: proposed, approved, withdrawn; and the check of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from products.enums import ClaimParty, ClauseStatus
from products.errors import Conflict, RuleBroken, WrongState
from products.models import LibraryClause, Product, ProductVersion
from products.permissions import check_edit, check_review
from products.selectors import WorksheetFinding, agreement_problems, with_article


@transaction.atomic
def propose_clause(
    *,
    code: str,
    title: str,
    text: str,
    touches: Sequence[str],
    claimants: Sequence[str],
    product: Product | None,
    by: Staff,
    at: dt.datetime,
) -> LibraryClause:
    """Propose a clause of the library; it names the filed terms it speaks of, and who may claim.

    Raises:
        NotPermitted: the person does not draft products.
        Conflict: the code is taken.
        RuleBroken: it gives a right to claim to another than the insured (PRE-34c).
    Source: PRE-34b, PRE-34c.
    """
    check_edit(by)
    if set(claimants) - {ClaimParty.INSURED}:
        raise RuleBroken(
            "claimants",
            with_article(_("Nobody but the insured may claim."), "PRE-34c"),
            field="claimants",
            article="PRE-34c",
        )
    if LibraryClause.objects.filter(code=code).exists():
        raise Conflict("clause_code", _("This code is taken."), field="code")
    clause = LibraryClause.objects.create(
        code=code,
        title=title,
        text=text,
        touches=sorted(touches),
        claimants=list(claimants),
        product=product,
        proposed_by=by,
        proposed_at=at,
    )
    record_audit(
        action="products.clause_proposed", subject=clause, by=by, at=at, code=code,
        touches=clause.touches,
    )  # fmt: skip
    align_work(subjects=[clause], by=by, at=at)
    return clause


@transaction.atomic
def decide_clause(
    *, clause: LibraryClause, is_approved: bool, by: Staff, at: dt.datetime, remark: str = ""
) -> LibraryClause:
    """Approve a proposed clause, or refuse it with a reason.

    Raises:
        NotPermitted: the person proposed it, or does not review products.
        WrongState: it was decided already.
        RuleBroken: a refusal says nothing.
    Source: PRE-34b.
    """
    locked = LibraryClause.objects.select_for_update(of=("self",)).get(pk=clause.pk)
    check_review(by, maker_id=locked.proposed_by_id)
    if locked.status != ClauseStatus.PROPOSED:
        raise WrongState("clause_decided", _("This clause was decided already."))
    if not is_approved and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.status = ClauseStatus.APPROVED if is_approved else ClauseStatus.REFUSED
    return _decided(locked, by, at, remark)


@transaction.atomic
def withdraw_clause(
    *, clause: LibraryClause, by: Staff, at: dt.datetime, remark: str
) -> LibraryClause:
    """Withdraw an approved clause from the library; where it was agreed it stands.

    Raises:
        NotPermitted: the person proposed it, or does not review products.
        WrongState: it is not approved.
        RuleBroken: nothing is said.
    Source: PRE-34b.
    """
    locked = LibraryClause.objects.select_for_update(of=("self",)).get(pk=clause.pk)
    check_review(by, maker_id=locked.proposed_by_id)
    if locked.status != ClauseStatus.APPROVED:
        raise WrongState("clause_not_approved", _("Only an approved clause is withdrawn."))
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.status = ClauseStatus.WITHDRAWN
    return _decided(locked, by, at, remark)


def _decided(clause: LibraryClause, by: Staff, at: dt.datetime, remark: str) -> LibraryClause:
    clause.decided_by, clause.decided_at, clause.remark = by, at, remark
    clause.save()
    record_audit(
        action=f"products.clause_{clause.status}", subject=clause, by=by, at=at, reason=remark
    )
    align_work(subjects=[clause], by=by, at=at, outcome=clause.status)
    return clause


def check_special_agreements(
    version: ProductVersion, clause_codes: Sequence[str]
) -> tuple[WorksheetFinding, ...]:
    """Return all that forbids these special agreements beside filed terms; none: they may stand.

    Only approved clauses of the library that touch no filed term but those which the filing leaves
    to agreement, and that let nobody but the insured claim. There is no free text.

    Source: PRE-34b, PRE-34c.
    """
    return agreement_problems(version=version, clause_codes=clause_codes)
