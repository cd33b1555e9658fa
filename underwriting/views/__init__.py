"""Pages of underwriting, cut by noun."""
