"""Loans under cover with their shares, names and places, and the controls that warnings set."""
