"""Who the claim belonged to before cover, and whether its insured may change. Pure.

Source: PRE-02f, PRE-02g, HQ-15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One assignment of the claim: who gave it to whom, by which contract, when."""

    sequence: int
    from_name: str
    to_name: str
    contract_no: str
    transferred_on: dt.date


@dataclass(frozen=True, kw_only=True)
class AssignmentFinding:
    """Why the claim can not be insured, or its insured not changed."""

    code: str
    article: str


def assignment_findings(
    chain: Sequence[Transfer] | None, *, original_creditor: str, insured: str
) -> tuple[AssignmentFinding, ...]:
    """Return why a claim with this history can not be insured; none where it can.

    `None` is a history that nobody knows, which blocks. One transfer is allowed, by the original
    creditor to the insured. Source: PRE-02f, HQ-15.
    """
    if chain is None:
        return (AssignmentFinding(code="history_unknown", article="HQ-15"),)
    found = []
    if len(chain) > 1:
        found.append("second_transfer")
    if chain and chain[0].from_name.strip() != original_creditor.strip():
        found.append("not_by_original_creditor")
    holder = chain[-1].to_name if chain else original_creditor
    if holder.strip() != insured.strip():
        found.append("insured_holds_no_claim")
    return tuple(AssignmentFinding(code=code, article="PRE-02f") for code in found)


def change_of_insured_findings(
    *, transfers_before: int, changes_before: int, most_changes: int
) -> tuple[AssignmentFinding, ...]:
    """Return why the insured can not change: an assigned claim, or too many changes already.

    Source: PRE-02g, HQ-15 (the company's own number of changes is a parameter).
    """
    found = []
    if transfers_before >= 1:
        found.append(AssignmentFinding(code="assigned_before_cover", article="PRE-02g"))
    if changes_before >= most_changes:
        found.append(AssignmentFinding(code="changed_already", article="HQ-15"))
    return tuple(found)
