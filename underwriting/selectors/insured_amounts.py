"""Which insured loans count to whom, and with how much: for the inclusive flag.

A loan counts to its obligor, or to the enterprise for whose business an owner took it. Amounts are
those of the whole loan in yuan: the principal that its lender told, else the sum insured of its
policy divided by our own share of the co-insurance. Source: PRE-02d, PRE-02e, HQ-17.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db import connection

from core.money import round_fen
from underwriting.selectors.cessions import Coinsurance

USE_OF_LOAN = """
LEFT JOIN LATERAL (
    SELECT u.enterprise_id, u.is_business FROM underwriting_businessuse u
    WHERE u.lender_id = {loan}.lender_id AND u.contract_no = {loan}.{number}
        AND u.noted_on <= %(day)s
    ORDER BY u.noted_on DESC, u.id DESC LIMIT 1
) use ON true
"""
_WHOSE = f"""
SELECT DISTINCT coalesce(use.enterprise_id, p.obligor_id)
FROM underwriting_policy p {USE_OF_LOAN.format(loan="p", number="contract_no")}
WHERE p.id = ANY(%(policies)s)
"""
_POLICIES = f"""
WITH asked AS (
    SELECT p.id FROM underwriting_policy p WHERE p.obligor_id = ANY(%(parties)s)
    UNION
    SELECT p.id FROM underwriting_businessuse u
    JOIN underwriting_policy p ON p.lender_id = u.lender_id AND p.contract_no = u.contract_no
    WHERE u.enterprise_id = ANY(%(parties)s)
)
SELECT coalesce(use.enterprise_id, p.obligor_id), p.policy_no, lender.code, product.code,
    l.principal, p.sum_insured
FROM asked
JOIN underwriting_policy p ON p.id = asked.id AND p.status = 'in_force'
JOIN partners_lender lender ON lender.id = p.lender_id
JOIN products_productversion v ON v.id = p.product_version_id
JOIN products_product product ON product.id = v.product_id
LEFT JOIN underwriting_loan l ON l.lender_id = p.lender_id AND l.loan_no = p.contract_no
{USE_OF_LOAN.format(loan="p", number="contract_no")}
"""
_LOANS = f"""
WITH asked AS (
    SELECT l.id FROM underwriting_loan l WHERE l.obligor_id = ANY(%(parties)s)
    UNION
    SELECT l.id FROM underwriting_businessuse u
    JOIN underwriting_loan l ON l.lender_id = u.lender_id AND l.loan_no = u.contract_no
    WHERE u.enterprise_id = ANY(%(parties)s)
)
SELECT coalesce(use.enterprise_id, l.obligor_id), lender.code || '/' || l.loan_no, l.principal
FROM asked
JOIN underwriting_loan l ON l.id = asked.id AND l.maturity_on > %(day)s
JOIN partners_lender lender ON lender.id = l.lender_id
{USE_OF_LOAN.format(loan="l", number="loan_no")}
WHERE NOT EXISTS (
    SELECT FROM underwriting_policy p WHERE p.lender_id = l.lender_id AND p.contract_no = l.loan_no
)
"""


def parties_counted_to(*, policies: Collection[int], as_of: dt.date) -> list[int]:
    """Return the ids of those to whom the loans of policies (ids) count, in order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE, {"policies": list(policies), "day": as_of})
        return sorted(pk for (pk,) in cursor.fetchall())


def insured_amounts(*, parties: Collection[int], as_of: dt.date) -> dict[int, dict[str, Decimal]]:
    """Return the insured loans that count to each party (id): yuan by policy number.

    Policies in force, and loans taken on without a policy up to their maturity by lender and loan
    number. Source: PRE-02e, HQ-17.
    """
    words = {"parties": list(parties), "day": as_of}
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    coinsurance = Coinsurance()
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES, words)
        for party, policy_no, lender, product, principal, insured in cursor.fetchall():
            own = coinsurance.own_share_on(policy_no, lender, product, as_of)
            found[party][policy_no] = principal or round_fen(insured / own)
        cursor.execute(_LOANS, words)
        for party, number, principal in cursor.fetchall():
            found[party][number] = principal
    return {party: found[party] for party in parties}
