"""The weekly run over the database: what is due, claimed, read, fitted, measured and stored."""
