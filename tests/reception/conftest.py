"""The rooms are opened whether or not the app already lists them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outbox.arranged import OwnHouse
from yishang_crm import app as house

_ORDER = (
    "outbox",
    "accounts",
    "people",
    "followup",
    "network",
    "projects",
    "conference",
    "reception",
    "portal",
    "insight",
)
house.ROOMS = tuple(
    room
    for room in _ORDER
    if room in {*house.ROOMS, "outbox", "followup", "conference", "reception", "portal"}
)


@pytest.fixture
def own_house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OwnHouse]:
    """A house with a real database of its own, which threads may use at once."""
    with OwnHouse.at(tmp_path, request) as own:
        yield own
