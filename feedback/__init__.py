"""Give back: reports, exports, staff pages, commands. The only package that wires things together."""
