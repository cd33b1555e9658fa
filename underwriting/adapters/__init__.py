"""Papers of policies as PDF."""
