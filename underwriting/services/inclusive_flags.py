"""Whether obligors stay inclusive: reckoned at every issue, with the amounts. PRE-02e, HQ-17."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.row_security import past_the_wall
from core.services import audit_record, record_audits
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.models import Party
from partners.models import Lender
from underwriting.enums import OwnerRole
from underwriting.models import BusinessUse, InclusiveFlag
from underwriting.rules.inclusive import is_inclusive
from underwriting.selectors.inclusive import inclusive_limit, latest_flags, limit_if_known
from underwriting.selectors.insured_amounts import insured_amounts, parties_counted_to
from underwriting.services.treaties import LOCK

ONE_BY_ONE = 500  # above, one lock for all: the server holds a few thousand
EVERYBODY = -1


@transaction.atomic
def flag_inclusive(
    *,
    obligor: Party,
    amounts: Mapping[str, Decimal],
    as_of: dt.date,
    at: dt.datetime,
) -> InclusiveFlag:
    """Reckon an obligor's inclusive flag from the insured loans handed in, yuan by policy number.

    With all loans of the obligor and those its owners took for its business (HQ-17: the tests of
    limits sum the whole related group, which is another sum). A row is added where the sum, the
    limit or the answer changed. `follow_obligors` finds the loans itself. Source: PRE-02e.
    """
    limit = inclusive_limit(as_of=as_of)
    with past_the_wall():
        _lock([obligor.pk])
        _write({obligor.pk: dict(amounts)}, limit, as_of, at)
        return latest_flags(obligors=[obligor.pk])[obligor.pk]


@transaction.atomic
def follow_obligors(
    *, policies: Collection[int], as_of: dt.date, at: dt.datetime
) -> list[InclusiveFlag]:
    """Reckon the inclusive flag of everybody to whom the loans of these policies (ids) count.

    Called when policies are issued or their amounts endorsed: every insured loan of the obligor is
    summed anew, the limit itself counts, and what is above takes the flag from all of its loans.
    Nothing on a day for which no limit is known. Returns the rows that were added; a fixed number
    of statements beside the locks. Source: PRE-02e, HQ-17.
    """
    limit = limit_if_known(as_of=as_of)
    if limit is None:
        return []
    with past_the_wall():
        parties = parties_counted_to(policies=policies, as_of=as_of)
        _lock(parties)
        return _write(insured_amounts(parties=parties, as_of=as_of), limit, as_of, at)


@dataclass(frozen=True, kw_only=True)
class UseOfLoan:
    """What a loan is for: `enterprise` and `role` where for a business, else neither."""

    lender: Lender
    contract_no: str
    obligor: Party
    purpose_proof: str
    enterprise: Party | None = None
    role: str = ""
    relation_proof: str = ""


@transaction.atomic
def note_business_use(
    *, uses: Sequence[UseOfLoan], on: dt.date, by: Staff | None, at: dt.datetime
) -> list[BusinessUse]:
    """Note what loans are for and whose business, with both proofs; the flags follow.

    Raises:
        NotPermitted: the person quotes no policies.
        RuleBroken: a proof is missing; a sole trader borrows for another, or another for himself.
    Source: PRE-02d, HQ-17.
    """
    check(by, Permission.QUOTE_POLICIES)
    for use in uses:
        _refuse_unsound(use)
    with past_the_wall():
        rows = BusinessUse.objects.bulk_create(
            BusinessUse(
                lender=use.lender,
                contract_no=use.contract_no,
                obligor=use.obligor,
                is_business=use.enterprise is not None,
                enterprise=use.enterprise,
                role=use.role,
                relation_proof=use.relation_proof,
                purpose_proof=use.purpose_proof,
                noted_on=on,
                recorded_by=by,
                recorded_at=at,
            )
            for use in uses
        )
        record_audits(
            records=[
                audit_record(
                    action="underwriting.business_use_noted",
                    subject=row,
                    by=by,
                    at=at,
                    contract_no=row.contract_no,
                    is_business=row.is_business,
                    role=row.role,
                )
                for row in rows
            ]
        )
        limit = limit_if_known(as_of=on)
        if limit is not None:
            earlier = BusinessUse.objects.filter(
                lender__in={row.lender_id for row in rows},
                contract_no__in={row.contract_no for row in rows},
                enterprise__isnull=False,
            )
            parties = {row.obligor_id for row in rows}
            parties |= set(earlier.values_list("enterprise", flat=True))
            _lock(sorted(parties))
            amounts = insured_amounts(parties=sorted(parties), as_of=on)
            flagged = latest_flags(obligors=parties)
            asked = {pk: loans for pk, loans in amounts.items() if loans or pk in flagged}
            _write(asked, limit, on, at)
    return rows


def _refuse_unsound(use: UseOfLoan) -> None:
    if not use.purpose_proof.strip():
        raise RuleBroken(
            "purpose_unproved", _("Name the proof of the loan's purpose."), field="purpose_proof"
        )
    if use.enterprise is None:
        if use.role or use.relation_proof:
            raise RuleBroken(
                "use_of_none", _("A loan for no business has no owner's role."), field="role"
            )
        return
    if not use.role or not use.relation_proof.strip():
        raise RuleBroken(
            "relation_unproved",
            _("Say what the obligor is to the business, and name the proof."),
            field="relation_proof",
        )
    if (use.role == OwnerRole.SOLE_TRADER) != (use.enterprise.pk == use.obligor.pk):
        raise RuleBroken(
            "sole_trader",
            _("A sole trader borrows for the own trade; any other owner for the enterprise."),
            field="role",
        )


def _lock(parties: Sequence[int]) -> None:
    """Let nobody else reckon these flags until this transaction ends."""
    is_many = len(parties) > ONE_BY_ONE
    word = "pg_advisory_xact_lock" if is_many else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {word}(%s, %s)", [LOCK, EVERYBODY])
        for pk in [] if is_many else sorted(parties):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, pk % 2**31])


def _write(
    amounts: Mapping[int, Mapping[str, Decimal]],
    limit: Decimal,
    as_of: dt.date,
    at: dt.datetime,
) -> list[InclusiveFlag]:
    """Add a flag for each party whose sum, limit or answer is not that of its last one."""
    known = latest_flags(obligors=amounts)
    fresh = []
    for party, loans in amounts.items():
        total = sum(loans.values(), Decimal(0))
        answer = is_inclusive(loans.values(), limit)
        last = known.get(party)
        same = last and (last.total_amount, last.limit_amount, last.is_inclusive) == (
            total,
            limit,
            answer,
        )
        if same:
            continue
        fresh.append(
            InclusiveFlag(
                obligor_id=party,
                total_amount=total,
                limit_amount=limit,
                is_inclusive=answer,
                amounts={number: f"{amount:.2f}" for number, amount in sorted(loans.items())},
                as_of=as_of,
                recorded_at=at,
            )
        )
    flags = InclusiveFlag.objects.bulk_create(fresh)
    record_audits(
        records=[
            audit_record(
                action="underwriting.inclusive_flagged",
                subject=flag,
                by=None,
                at=at,
                is_inclusive=flag.is_inclusive,
                loans=len(flag.amounts),
            )
            for flag in flags
        ]
    )
    return flags
