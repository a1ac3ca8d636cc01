"""The dictionary of native places a new installation starts from (every row is 待核定)."""

import csv
from functools import cache
from importlib.resources import files

from yishang_crm.people.places.gazetteer import Gazetteer, PlaceRow


def seed_rows() -> list[PlaceRow]:
    """The rows of `dictionaries/native_places.csv`, in customary order."""
    text = files("yishang_crm").joinpath("dictionaries/native_places.csv").read_text("utf-8")
    return [PlaceRow.from_mapping(row) for row in csv.DictReader(text.splitlines())]


@cache
def seed_gazetteer() -> Gazetteer:
    """A gazetteer over the seed, for use without a database."""
    return Gazetteer(seed_rows())
