"""Where allauth and axes ask the house."""
