"""Reads of loans under cover."""

from __future__ import annotations

import polars as pl

from core.bulk import copy_out
from partners.models import Lender

FACTS_KNOWN = {
    "loan_no": pl.String,
    "loan_id": pl.Int64,
    "obligor_id_known": pl.Int64,
    "before_principal_fen": pl.Int64,
    "before_disbursed_on": pl.Date,
    "before_digest": pl.String,
}


def loans_of_lender(*, lender: Lender) -> pl.DataFrame:
    """Return `loan_no, loan_id, principal_fen` of every loan of a lender."""
    return copy_out(
        query="SELECT loan_no, id, (principal * 100)::bigint FROM underwriting_loan"
        " WHERE lender_id = %s",
        parameters=[lender.pk],
        schema={"loan_no": pl.String, "loan_id": pl.Int64, "principal_fen": pl.Int64},
    )


def facts_of_lender(*, lender: Lender) -> pl.DataFrame:
    """Return what is now known of every loan of a lender, to compare a loans file with.

    Columns: `loan_no, loan_id, obligor_id_known, before_principal_fen, before_disbursed_on,
    before_digest` (hexadecimal).
    """
    return copy_out(
        query="SELECT loan_no, id, obligor_id, (principal * 100)::bigint, disbursed_on,"
        " encode(facts_digest, 'hex') FROM underwriting_loan WHERE lender_id = %s",
        parameters=[lender.pk],
        schema=FACTS_KNOWN,
    )
