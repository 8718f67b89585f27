"""What staff corrected: events, checked before they are stored and replayed at every fit."""
