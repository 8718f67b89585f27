"""Figures with their intervals: pure mathematics over counts (docs/statistics.md)."""
