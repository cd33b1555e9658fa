"""Pure rules of the books: ratios from finance figures, and how a finance file is read."""
