"""The books: monthly finance figures imported and signed off; double entry follows."""
