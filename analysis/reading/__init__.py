"""A comment into opinions, and opinions into words, features and meanings."""
