"""Which keys the encrypted values stand under, and putting those values under the newest."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from yishang_crm.core import sealed
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.scope import unscoped_for


@action(Permission.HOUSEKEEPING)
def reencrypt(actor: Actor) -> int:  # noqa: ARG001 - an action names its actor first
    """Put every encrypted value under the newest key. Returns how many were not.

    A column with a blind index beside it is its room's business and comes first: the index changes with the key.
    """
    moved = 0
    for table, column in encrypted_columns():
        for row_id, value in db.session.execute(unscoped_for("rotating", _elsewhere(table, column))).all():
            again = sa.update(table).where(table.c.id == row_id).values({column.name: value})
            db.session.execute(again)
            moved += 1
    note(moved=moved)
    return moved


def keys_in_use() -> dict[str, bool]:
    """Every column with encrypted values, and whether the ring has a key for each of them."""
    known = set(sealed.marks())
    return {
        f"{table.name}.{column.name}": marks <= known
        for table, column in encrypted_columns()
        if (marks := _marks(table, column))
    }


def behind() -> int:
    """How many values still stand under an older key, so that it must not be taken away."""
    return sum(
        len(db.session.execute(unscoped_for("rotating", _elsewhere(table, column, only_ids=True))).all())
        for table, column in encrypted_columns()
    )


def encrypted_columns() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    for mapper in SQLModel._sa_registry.mappers:
        table: Any = mapper.local_table
        for column in table.columns:
            if isinstance(column.type, (sealed.EncryptedText, sealed.EncryptedBytes)):
                yield table, column


def _elsewhere(table: sa.Table, column: sa.Column[Any], *, only_ids: bool = False) -> sa.Select[Any]:
    wanted = [table.c.id] if only_ids else [table.c.id, column]
    return sa.select(*wanted).where(column.is_not(None), _mark(column) != sealed.marks()[0])


def _marks(table: sa.Table, column: sa.Column[Any]) -> set[bytes]:
    found = sa.select(_mark(column)).select_from(table).where(column.is_not(None)).distinct()
    return {bytes(mark) for mark in db.session.scalars(unscoped_for("rotating", found))}


def _mark(column: sa.Column[Any]) -> Any:
    # Behind the version byte; see `sealed.EncryptedText`.
    return sa.func.substr(sa.type_coerce(column, sa.LargeBinary), 2, 4, type_=sa.LargeBinary)
