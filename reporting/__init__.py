"""What leaves the house: the regulator's quarterly pack and its release."""
