"""A house of its own, for what needs several threads, processes or broken things."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import arrange_cast
from tests.core.hall import Hall
from tests.outbox.arranged import OwnHouse
from yishang_crm.core import sealed
from yishang_crm.core.db import db, writing


@pytest.fixture
def own_house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OwnHouse]:
    """A house with a real database, with the cast and a hall in it; its keys are put away afterwards."""
    keys = sealed._Keyring.keys
    with OwnHouse.at(tmp_path, request) as own:
        own.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        with own.app.app_context(), writing():
            Hall.__table__.create(db.engine)
            arrange_cast()
            db.session.commit()
        yield own
    sealed.use_keys(keys)
