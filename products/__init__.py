"""Products and their versions: overdue basis, filed terms, and what a loan and its cover cost."""
