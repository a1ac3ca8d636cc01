"""Places people come from, and places they live in: matching what was written against the two dictionaries."""

from yishang_crm.people.places.gazetteer import Gazetteer, PlaceMatch, PlaceRow
from yishang_crm.people.places.localities import Locality, localities, residence_key
from yishang_crm.people.places.seed import seed_gazetteer, seed_rows

__all__ = [
    "Gazetteer",
    "Locality",
    "PlaceMatch",
    "PlaceRow",
    "localities",
    "residence_key",
    "seed_gazetteer",
    "seed_rows",
]
