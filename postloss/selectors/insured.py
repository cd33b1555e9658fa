"""Balances of the loans taken on, from the frozen month-ends: for cessions and the inclusive ratio.

A loan that was taken on without a policy of its own goes by the number of lender and loan. Source:
F12, F13.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection

from core.money import from_fen
from core.months import add_months, month_text
from postloss.models import MonthEnd
from postloss.selectors.month_ends import closed_month_ends, latest_closed
from underwriting.selectors import InsuredBalance, InsuredBook, InsuredLoan

_CEDED = """
SELECT coalesce(pol.policy_no, lender.code || '/' || l.loan_no),
    coalesce(sold.code, product.code, name.name), lender.code, s.balance_fen
FROM postloss_snapshot s
JOIN underwriting_loan l ON l.id = s.loan_id
JOIN partners_lender lender ON lender.id = l.lender_id
JOIN underwriting_segment g ON g.id = s.segment_id
JOIN underwriting_bookname name ON name.id = g.product_id
LEFT JOIN underwriting_policy pol ON pol.loan_id = l.id
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
    AND coalesce(pol.policy_no, lender.code || '/' || l.loan_no)
        IN (SELECT policy_no FROM underwriting_cessionline)
ORDER BY 1
"""
_INSURED = """
SELECT coalesce(pol.policy_no, lender.code || '/' || l.loan_no), l.obligor_id,
    l.principal, s.balance_fen, size.size
FROM postloss_snapshot s
JOIN underwriting_loan l ON l.id = s.loan_id
JOIN partners_lender lender ON lender.id = l.lender_id
LEFT JOIN underwriting_policy pol ON pol.loan_id = l.id
LEFT JOIN LATERAL (
    SELECT c.size FROM underwriting_sizeclassification c
    WHERE c.obligor_id = l.obligor_id AND c.classified_on <= %s
    ORDER BY c.classified_on DESC, c.id DESC LIMIT 1
) size ON true
WHERE s.month_end_id = %s AND s.bucket <= 4 AND s.balance_fen > 0
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


def insured_loans_at(as_of: dt.date) -> InsuredBook | None:
    """Return every loan taken on with a balance at the end of a month; None until it is closed."""
    row = latest_closed(month=as_of.replace(day=1))
    if row is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_INSURED, [as_of, row.pk])
        loans = [
            InsuredLoan(
                policy_no=policy_no,
                obligor=str(obligor),
                insured_amount=principal,
                balance=from_fen(fen),
                is_small=None if size is None else size != "large",
            )
            for policy_no, obligor, principal, fen, size in cursor.fetchall()
        ]
    return InsuredBook(
        as_of=as_of,
        loans=loans,
        made_from={"month_end": f"{month_text(row.month)} v{row.version}"},
    )
