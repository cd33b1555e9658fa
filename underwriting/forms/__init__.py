"""Forms of underwriting, cut by noun."""
