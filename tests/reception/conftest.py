"""A house of one's own, for desks that work at the same time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outbox.arranged import OwnHouse


@pytest.fixture
def own_house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OwnHouse]:
    """A house with a real database of its own, which threads may use at once."""
    with OwnHouse.at(tmp_path, request) as own:
        yield own
