"""Whether rows of other tables point at some ids: for the registry of uses, and for nobody's eyes."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for


def held_in(*columns: Any, where: Any = None) -> Callable[[Sequence[int]], set[int]]:
    """A question for `uses.Use`: which of these ids stand in one of the columns (of rows that fit `where`); one statement."""

    def held(ids: Sequence[int]) -> set[int]:
        each = [sa.select(column).where(column.in_(list(ids))) for column in columns]
        wanted = sa.union(*(one if where is None else one.where(where) for one in each))
        return set(db.session.execute(unscoped_for("is it in use", wanted)).scalars())

    return held


def ids_at(column: Any, key: Any, ids: Sequence[int]) -> list[int]:
    """The keys of the rows whose column holds one of these ids."""
    wanted = sa.select(key).where(column.in_(list(ids)))
    return [int(one) for one in db.session.execute(unscoped_for("is it in use", wanted)).scalars()]
