"""Leads, disclosures, applications and dual recording. Not yet built."""
