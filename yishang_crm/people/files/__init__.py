"""Files and the photo on a person's record."""
