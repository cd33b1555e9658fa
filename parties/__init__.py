"""One identity for every person and enterprise, and what is done with what we know of them:
revealing, exporting, keeping, deleting, answering. Customer, obligor and guarantor are roles.
"""
