"""Collect: surveys, answers, imports, posters. Knows nothing of themes, reports or staff."""
