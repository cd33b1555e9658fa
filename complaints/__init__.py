"""Complaints and their clocks. Not yet built."""
