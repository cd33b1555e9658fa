"""Reads of watching, cut by noun."""
