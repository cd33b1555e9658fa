"""The shape of what people enter about the organisation, authority, cases and committees."""
