"""Places people come from: matching what a file says against the dictionary of native places."""

from yishang_crm.people.places.gazetteer import Gazetteer, PlaceMatch, PlaceRow
from yishang_crm.people.places.seed import seed_gazetteer, seed_rows

__all__ = ["Gazetteer", "PlaceMatch", "PlaceRow", "seed_gazetteer", "seed_rows"]
