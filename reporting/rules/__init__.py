"""Pure rules of reporting: rows of figures and how they are written."""
