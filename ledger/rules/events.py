"""What each event of the book carries: the names of its amounts, in yuan."""

from dataclasses import dataclass

from ledger.enums import LedgerEvent

BALANCE, CHANGE = "balance", "change"


@dataclass(frozen=True)
class EventShape:
    """The amounts that a part of the event may name; what it leaves out is zero.

    `is_set`: a part says what the reserve stands at from now on (`balance`); what is posted is the
    `change` since the last time, which may be negative. `may_return`: what is below zero goes back,
    by the same accounts with their sides exchanged. All other amounts are never negative.
    """

    given: tuple[str, ...]
    is_set: bool = False
    may_return: bool = False

    @property
    def posted(self) -> tuple[str, ...]:
        """Return the names that a posting rule may use."""
        return (CHANGE,) if self.is_set else self.given


_SET = EventShape((BALANCE,), is_set=True)
_ONE = EventShape(("amount",))
_BOTH_WAYS = EventShape(("amount",), may_return=True)

EVENTS: dict[LedgerEvent, EventShape] = {
    LedgerEvent.BALANCES_BROUGHT_FORWARD: EventShape(
        (
            "bank",
            "premium_receivable",
            "premium_due",
            "premium_overdue",
            "premium_in_advance",
            "subrogation",
            "subrogation_allowance",
            "ri_receivable",
            "ri_payable",
            "claims_payable",
            "unearned_premium",
            "ri_unearned_premium",
            "claim_reserve",
            "ri_claim_reserve",
        )
    ),
    LedgerEvent.POLICY_ISSUED: EventShape(("premium", "vat")),
    LedgerEvent.PREMIUM_DUE: _ONE,
    LedgerEvent.PREMIUM_RECEIVED: EventShape(("not_due", "due", "overdue", "in_advance")),
    LedgerEvent.PREMIUM_RETURNED: EventShape(("not_due", "due", "overdue")),
    LedgerEvent.PREMIUM_OVERDUE: _ONE,
    LedgerEvent.PREMIUM_WRITTEN_OFF: _ONE,
    LedgerEvent.POLICY_CANCELLED: EventShape(
        ("not_due", "due", "overdue", "refund", "vat_not_due", "vat_refund")
    ),
    LedgerEvent.PREMIUM_REFUND: _ONE,
    LedgerEvent.COMMISSION: _ONE,
    LedgerEvent.COMMISSION_PAID: _ONE,
    LedgerEvent.CEDED_PREMIUM: _BOTH_WAYS,
    LedgerEvent.CEDING_COMMISSION: _BOTH_WAYS,
    LedgerEvent.CEDED_CLAIM: _ONE,
    LedgerEvent.RI_SETTLED: EventShape(("paid", "received")),
    LedgerEvent.INWARD_RI: EventShape(("premium", "expense", "claim")),
    LedgerEvent.UNEARNED_PREMIUM: _SET,
    LedgerEvent.RI_UNEARNED_PREMIUM: _SET,
    LedgerEvent.CLAIM_RESERVE: _SET,
    LedgerEvent.RI_CLAIM_RESERVE: _SET,
    LedgerEvent.CLAIM_APPROVED: _ONE,
    LedgerEvent.CLAIM_PAID: _ONE,
    LedgerEvent.SUBROGATION_RECOGNISED: _ONE,
    LedgerEvent.SUBROGATION_IMPAIRED: _SET,
    LedgerEvent.SUBROGATION_WRITTEN_OFF: _ONE,
    LedgerEvent.RECOVERY_RECEIVED: EventShape(("recognised", "unrecognised")),
    LedgerEvent.RECOVERY_CEDED: _ONE,
}
"""Every event that is posted by rule; a manual voucher names its accounts itself."""
