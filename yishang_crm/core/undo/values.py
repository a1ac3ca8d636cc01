"""Rows as plain values: read and held for an act, kept as JSON, and made into columns again."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from yishang_crm.core.db import db
from yishang_crm.core.plain import from_plain
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.undo.rules import Values


def columns_of(table: type[SQLModel]) -> dict[str, sa.Column[Any]]:
    return {column.name: column for column in table.__table__.columns}  # type: ignore[attr-defined]


def rows_now(table: type[SQLModel], ids: Sequence[int]) -> dict[int, Values]:
    """The rows as they stand, held until the transaction ends."""
    columns = columns_of(table)
    wanted = sa.select(*columns.values()).where(columns["id"].in_(ids)).with_for_update()
    found = db.session.execute(unscoped_for("before-images", wanted)).mappings()
    return {row["id"]: dict(row) for row in found}


def row_of(table: type[SQLModel], told: Values) -> dict[str, Any]:
    return {
        name: from_plain(column, told[name]) for name, column in columns_of(table).items() if name in told
    }


def next_version(row: Values) -> dict[str, int]:
    return {"version": row["version"] + 1} if "version" in row else {}
