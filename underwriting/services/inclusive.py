"""Freeze the inclusive ratio at each quarter's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.canonical import canonical, plain
from core.digests import digest
from core.errors import Missing, RuleBroken
from core.money import round_fen
from core.row_security import past_the_wall
from core.services import record_audit
from organization.models import Staff
from underwriting.models import InclusiveRatio
from underwriting.permissions import check_restate_ratio
from underwriting.rules.inclusive import (
    InsuredLoan,
    inclusive_balance,
    quarter_end,
    quarter_of,
)
from underwriting.rules.insured import InsuredBook
from underwriting.selectors.inclusive import inclusive_limit, insured_books
from underwriting.services.treaties import LOCK

UNDEFINED = gettext_noop("No insured financing balance at the quarter's end")


@transaction.atomic
def freeze_inclusive_ratio(
    *,
    quarter: dt.date,
    by: Staff | None,
    at: dt.datetime,
    reason: str = "",
    books: Iterable[InsuredBook] | None = None,
) -> InclusiveRatio:
    """Freeze numerator and denominator of the inclusive ratio at the end of a quarter.

    `quarter`: any day of it. Both sides are gross of co-insurance and reinsurance. A frozen quarter
    is frozen again as another version, with a reason; what was decided keeps the version it used.
    Without an insured balance the ratio is undefined, with the reason, and raises nothing.

    Raises:
        NotPermitted: the person does not restate months.
        RuleBroken: the quarter has not ended; it was frozen already and no reason is given.
        Missing: nobody knows the insured loans of its last day yet.

    Source: F12, PRE-02n.
    """
    check_restate_ratio(by)
    quarter = quarter_of(quarter)
    day = quarter_end(quarter)
    if day >= at.date():
        raise RuleBroken("quarter_not_ended", _("The quarter has not ended."), field="quarter")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 3)", [LOCK])
    last = InclusiveRatio.objects.filter(quarter=quarter).order_by("-version").first()
    if last and not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    with past_the_wall():
        books = insured_books(as_of=day) if books is None else list(books)
        if books is None:
            raise Missing(
                "insured_loans_unknown", _("The insured loans of that day are not known yet.")
            )
        loans = [loan for book in books for loan in book.loans]
        limit = inclusive_limit(as_of=day)
        found = inclusive_balance(loans, limit)
        row = InclusiveRatio.objects.create(
            quarter=quarter,
            version=last.version + 1 if last else 1,
            inclusive_balance=round_fen(found.inclusive),
            insured_balance=round_fen(found.insured),
            unknown_balance=round_fen(found.unknown),
            obligors=found.obligors,
            loans=found.loans,
            limit_amount=limit,
            ratio=found.ratio,
            undefined_because="" if found.insured else UNDEFINED,
            made_from={
                "as_of": f"{day:%Y-%m-%d}",
                "sources": [dict(book.made_from) for book in books],
                "digest": _digest(loans),
            },
            reason=reason,
            frozen_by=by,
            frozen_at=at,
        )
        record_audit(
            action="underwriting.ratio_frozen",
            subject=row,
            by=by,
            at=at,
            reason=reason,
            quarter=quarter,
            version=row.version,
            inclusive=row.inclusive_balance,
            insured=row.insured_balance,
        )
    return row


def _digest(loans: Iterable[InsuredLoan]) -> str:
    content = sorted(
        [each.policy_no, each.obligor, f"{each.insured_amount:.2f}", f"{each.balance:.2f}",
         str(each.is_small)]
        for each in loans
    )  # fmt: skip
    return digest(canonical(plain(content)), algorithm=settings.EVIDENCE_DIGEST)


def freeze_last_quarter(*, today: dt.date, at: dt.datetime) -> InclusiveRatio | None:
    """Freeze the quarter that ended last, once the loans of its last day are known; None before."""
    day = quarter_of(today) - dt.timedelta(days=1)
    quarter = quarter_of(day)
    is_frozen = InclusiveRatio.objects.filter(quarter=quarter).exists()
    if is_frozen or insured_books(as_of=day) is None:
        return None
    return freeze_inclusive_ratio(quarter=quarter, by=None, at=at)
