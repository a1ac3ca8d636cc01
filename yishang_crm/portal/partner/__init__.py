"""The portal of ambassadors, partners and chambers, on a phone: their own people, and no others."""
