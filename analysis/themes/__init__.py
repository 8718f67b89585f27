"""What an opinion is about: theme catalogues, lessons of staff, and the model that tags."""
