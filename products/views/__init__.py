"""Pages of products, prices, clauses and reviews."""
