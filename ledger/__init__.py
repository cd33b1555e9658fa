"""The books: double entry by rule, vouchers, closings; monthly finance figures signed off."""
