"""The books: monthly finance figures that finance staff import and sign off; double entry follows."""
