"""Claims from submission to payment. Not yet built."""
