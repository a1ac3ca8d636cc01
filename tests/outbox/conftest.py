"""The outbox on its own: the room is opened whether or not the app already lists it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outbox.arranged import OwnHouse
from tests.outbox.servers import MailServer
from yishang_crm import app as house

if "outbox" not in house.ROOMS:
    house.ROOMS = ("outbox", *house.ROOMS)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def own_house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OwnHouse]:
    """A house with a real database of its own, which threads and other processes may use at once."""
    with OwnHouse.at(tmp_path, request) as house_:
        yield house_
