"""Ambassadors, partners and chambers, with what they introduced."""
