"""New themes where none explains, their names, and what becomes of them from fit to fit."""
