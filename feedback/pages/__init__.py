"""Pages behind sign-in, one file a room."""
