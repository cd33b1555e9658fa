"""Lenders and other partners, and the files that they deliver."""
