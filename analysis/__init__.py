"""Understand: Japanese comments into themes, figures and priorities. Knows no web."""
