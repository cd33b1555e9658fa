"""One identity for every person and enterprise; customer, obligor and guarantor are roles."""
