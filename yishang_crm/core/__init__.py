"""The house rules. Knows no word of the domain, except the bunch of keys in `actor.Permission`."""
