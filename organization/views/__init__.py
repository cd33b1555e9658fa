"""Pages of the organisation, cut by noun."""
