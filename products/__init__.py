"""Products and their versions: overdue basis and filed terms."""
