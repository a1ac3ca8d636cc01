"""Last year's edition with its promises; this year's half answered."""
