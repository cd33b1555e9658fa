"""Shapes of what is entered about products."""
