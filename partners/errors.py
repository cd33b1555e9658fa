"""Refusals of the partners."""

from core.errors import Missing


class LenderMissing(Missing):
    """No lender has this code."""

    def __init__(self, code: str):
        super().__init__(
            "lender_missing",
            f"There is no lender {code}; create it with --create-lender NAME.",
            field="lender",
        )
