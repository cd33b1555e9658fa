"""Balances of the loans taken on, from the frozen month-ends: for cessions and the inclusive ratio.

A loan that was taken on without a policy of its own goes by the number of lender and loan. Source:
F12, F13.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection

from core.money import from_fen, round_fen
from core.months import add_months, month_text
from core.months import month_end as last_day
from postloss.models import MonthEnd
from postloss.selectors.month_ends import closed_month_ends, latest_closed
from underwriting.selectors import (
    USE_OF_LOAN,
    Coinsurance,
    InsuredBalance,
    InsuredBook,
    InsuredLoan,
)

END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)

POLICY = """
LEFT JOIN (
    SELECT DISTINCT ON (lender_id, contract_no)
        id, lender_id, contract_no, policy_no, product_version_id
    FROM underwriting_policy ORDER BY lender_id, contract_no, issued_at DESC, id DESC
) pol ON pol.lender_id = l.lender_id AND pol.contract_no = l.loan_no
"""
SIZE = """
LEFT JOIN LATERAL (
    SELECT c.size FROM underwriting_sizeclassification c
    WHERE c.obligor_id = coalesce(use.enterprise_id, {obligor}) AND c.classified_on <= %(day)s
    ORDER BY c.classified_on DESC, c.id DESC LIMIT 1
) size ON true
"""
# A person's loan is small business only where it is for a business, as noted (PRE-02d).
SMALL = """
CASE WHEN use.is_business IS FALSE THEN false
    WHEN use.is_business IS NULL AND obligor.kind = 'person' THEN NULL
    WHEN size.size IS NULL THEN NULL
    ELSE size.size <> 'large' END
"""
_CEDED = f"""
SELECT coalesce(pol.policy_no, lender.code || '/' || l.loan_no),
    coalesce(sold.code, product.code, name.name), lender.code, s.balance_fen
FROM postloss_snapshot s
JOIN underwriting_loan l ON l.id = s.loan_id
JOIN partners_lender lender ON lender.id = l.lender_id
JOIN underwriting_segment g ON g.id = s.segment_id
JOIN underwriting_bookname name ON name.id = g.product_id
{POLICY}
LEFT JOIN products_productversion sale ON sale.id = pol.product_version_id
LEFT JOIN products_product sold ON sold.id = sale.product_id
LEFT JOIN LATERAL (
    SELECT p.code FROM underwriting_namemapping m
    JOIN products_productversion v ON v.id = m.product_version_id
    JOIN products_product p ON p.id = v.product_id
    WHERE m.lender_id = l.lender_id AND m.book_name_id = name.id AND m.confirmed_at IS NOT NULL
    ORDER BY m.valid_from DESC LIMIT 1
) product ON true
WHERE s.month_end_id = %s AND s.bucket <= 4 AND s.balance_fen > 0
    AND (pol.id IS NOT NULL OR lender.code || '/' || l.loan_no
        IN (SELECT policy_no FROM underwriting_cessionline))
ORDER BY 1
"""
_INSURED = f"""
SELECT coalesce(pol.policy_no, lender.code || '/' || l.loan_no),
    coalesce(use.enterprise_id, l.obligor_id), l.principal, s.balance_fen, {SMALL}
FROM postloss_snapshot s
JOIN underwriting_loan l ON l.id = s.loan_id
JOIN partners_lender lender ON lender.id = l.lender_id
JOIN parties_party obligor ON obligor.id = l.obligor_id
{POLICY}
{USE_OF_LOAN.format(loan="l", number="loan_no")}
{SIZE.format(obligor="l.obligor_id")}
WHERE s.month_end_id = %(month_end)s AND s.bucket <= 4 AND s.balance_fen > 0
"""
# Policies of whose loans no lender's file has told by the month-end: what is owed is what was
# agreed. A loan that was told and is gone from the files owes nothing, whatever its schedule says.
_NOT_TOLD = f"""
SELECT pol.policy_no, product.code, lender.code, coalesce(use.enterprise_id, pol.obligor_id),
    pol.sum_insured, {SMALL},
    coalesce(
        (SELECT (row->>'balance')::numeric FROM jsonb_array_elements(terms.schedule) row
            WHERE (row->>'due_on')::date <= %(day)s
            ORDER BY (row->>'due_on')::date DESC LIMIT 1),
        (SELECT sum((row->>'principal')::numeric) FROM jsonb_array_elements(terms.schedule) row)
    )
FROM underwriting_policy pol
JOIN partners_lender lender ON lender.id = pol.lender_id
JOIN parties_party obligor ON obligor.id = pol.obligor_id
JOIN products_productversion sale ON sale.id = pol.product_version_id
JOIN products_product product ON product.id = sale.product_id
LEFT JOIN LATERAL (
    SELECT t.schedule FROM underwriting_policyterms t
    WHERE t.policy_id = pol.id AND (t.number = 0 OR t.effective_on <= %(day)s)
        AND t.recorded_at <= %(known_at)s
    ORDER BY t.number DESC LIMIT 1
) terms ON true
{USE_OF_LOAN.format(loan="pol", number="contract_no")}
{SIZE.format(obligor="pol.obligor_id")}
WHERE pol.issued_at <= %(known_at)s
    AND least(pol.cover_from, (pol.issued_at AT TIME ZONE %(zone)s)::date) <= %(day)s
    AND CASE WHEN pol.ended_at <= %(known_at)s THEN pol.ended_on ELSE pol.cover_to END > %(day)s
    AND NOT EXISTS (
        SELECT FROM underwriting_loan l
        JOIN postloss_loanstatus s ON s.loan_id = l.id AND s.as_of <= %(told_by)s
        JOIN partners_lenderfile f ON f.id = s.file_id AND f.state = 'complete'
        WHERE l.lender_id = pol.lender_id AND l.loan_no = pol.contract_no
    )
ORDER BY 1
"""


def month_end_known(*, as_of: dt.date, known_at: dt.datetime | None = None) -> MonthEnd | None:
    """Return the month-end that tells balances on a day: the last one up to it, as then closed."""
    is_last_day = (as_of + dt.timedelta(days=1)).day == 1
    month = as_of.replace(day=1) if is_last_day else add_months(as_of, -1)
    found = closed_month_ends().filter(month__lte=month)
    if known_at is not None:
        found = found.filter(closed_at__lte=known_at)
    return found.order_by("-month", "-version").first()


def balances_of_ceded_loans(
    as_of: dt.date, known_at: dt.datetime | None = None
) -> Iterator[InsuredBalance]:
    """Yield the balance of each loan taken on that is ceded by lines, at the last month-end."""
    row = month_end_known(as_of=as_of, known_at=known_at)
    if row is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CEDED, [row.pk])
        for policy_no, product, lender, fen in cursor.fetchall():
            yield InsuredBalance(
                policy_no=policy_no,
                product_code=product,
                lender_code=lender,
                balance=from_fen(fen),
            )


def balances_of_policies_not_told(
    as_of: dt.date, known_at: dt.datetime | None = None
) -> Iterator[InsuredBalance]:
    """Yield the balance of each policy under cover that no month-end tells, from its issue on.

    What its schedule in force leaves to be repaid, of the whole loan: our part divided by our own
    share of the co-insurance, HALF_UP to the fen. Once a closed month-end knows the loan, that
    counts instead, and nothing is counted twice. Source: F13, PRE-02b.
    """
    for row in _not_told(as_of, known_at):
        yield InsuredBalance(
            policy_no=row.policy_no,
            product_code=row.product_code,
            lender_code=row.lender_code,
            balance=row.balance,
        )


def insured_loans_at(as_of: dt.date) -> InsuredBook | None:
    """Return every insured loan with a balance at the end of a month; None until it is closed.

    Loans as the month-end tells them, and policies that it does not know yet by their schedules. A
    loan taken by an owner for a business counts to it. Source: F12, PRE-02d, HQ-17.
    """
    month_end = latest_closed(month=as_of.replace(day=1))
    if month_end is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_INSURED, {"day": as_of, "month_end": month_end.pk})
        loans = [
            InsuredLoan(
                policy_no=policy_no,
                obligor=str(obligor),
                insured_amount=principal,
                balance=from_fen(fen),
                is_small=is_small,
            )
            for policy_no, obligor, principal, fen, is_small in cursor.fetchall()
        ]
    made_from = {"month_end": f"{month_text(month_end.month)} v{month_end.version}"}
    fresh = [
        InsuredLoan(
            policy_no=row.policy_no,
            obligor=str(row.obligor),
            insured_amount=row.insured_amount,
            balance=row.balance,
            is_small=row.is_small,
        )
        for row in _not_told(as_of, None)
    ]
    if fresh:
        made_from["policies_not_told"] = len(fresh)
    return InsuredBook(as_of=as_of, loans=loans + fresh, made_from=made_from)


@dataclass(frozen=True, kw_only=True)
class _Fresh:
    """A policy that no month-end tells: amounts of the whole loan, in yuan."""

    policy_no: str
    product_code: str
    lender_code: str
    obligor: int
    insured_amount: Decimal
    balance: Decimal
    is_small: bool | None


def _not_told(as_of: dt.date, known_at: dt.datetime | None) -> Iterator[_Fresh]:
    month_end = month_end_known(as_of=as_of, known_at=known_at)
    words = {
        "day": as_of,
        "known_at": known_at or END_OF_TIME,
        "told_by": last_day(month_end.month) if month_end else None,
        "zone": settings.TIME_ZONE,
    }
    coinsurance = Coinsurance(known_at)
    with connection.cursor() as cursor:
        cursor.execute(_NOT_TOLD, words)
        rows = cursor.fetchall()
    for policy_no, product, lender, obligor, insured, is_small, owed in rows:
        own = coinsurance.own_share_on(policy_no, lender, product, as_of)
        if owed:
            yield _Fresh(
                policy_no=policy_no,
                product_code=product,
                lender_code=lender,
                obligor=obligor,
                insured_amount=round_fen(insured / own),
                balance=round_fen(owed / own),
                is_small=is_small,
            )
