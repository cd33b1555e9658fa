"""Pages of watching, cut by noun."""
