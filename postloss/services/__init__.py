"""Writes of watching, cut by noun."""
