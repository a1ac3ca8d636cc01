"""What a person may ask of the house about themselves (PIPL art. 44–50): to see it, to correct it, to have it erased."""
