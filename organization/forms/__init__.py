"""Shape of what people enter about authority, cases and committees."""
