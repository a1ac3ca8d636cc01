"""Lists of people that leave the house: as Excel, Word or cards, with purpose, receiver and a trace."""
