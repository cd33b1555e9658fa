"""One identity for every natural person and enterprise; customer, obligor and guarantor are roles."""
