"""Where bytes of lender files become typed frames, and frames become rows."""
