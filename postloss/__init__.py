"""Watch and warn: lender files, loan status history, month-ends, indicators, warnings."""
