"""What one cell says: names, phones, births, posts, places. Pure functions of the text."""
