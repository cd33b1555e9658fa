"""Forms of watching, cut by noun."""
