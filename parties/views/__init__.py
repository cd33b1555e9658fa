"""Pages of what is done with personal data."""
