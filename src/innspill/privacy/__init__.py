"""What points at a person, and pseudonyms for it."""
