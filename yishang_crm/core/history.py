"""What happened to a row: who, when, which deed, and what it changed. Read from the trail, for as long as that is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import AuditEntry, AuditValue
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped


@dataclass(frozen=True)
class Happened:
    """One deed on one row (`person:5`): `changes` are old and new values by column, sealed ones as their outlines."""

    at: Moment
    who: str
    verb: str
    note: dict[str, Any]
    row: str
    changes: dict[str, list[Any]]


def visible_to(actor: Actor) -> SelectOfScalar[AuditValue]:
    """What was changed, of rows that were found for the actor: the caller names them."""
    return scoped(AuditValue, actor)


def happened_to(actor: Actor, rows: Collection[str], *, most: int) -> Sequence[Happened]:
    """The latest deeds that changed any of these rows, newest first; they were found for the actor. One statement.

    Rows written by a bulk deed are not among them: their old values lie with the deed that can be undone.
    """
    wanted = (
        visible_to(actor)
        .join(AuditEntry, col(AuditEntry.id) == AuditValue.entry_id)
        .add_columns(
            col(AuditEntry.at), col(AuditEntry.actor_name), col(AuditEntry.verb), col(AuditEntry.note)
        )
        .where(col(AuditValue.row).in_(rows))
        .order_by(col(AuditValue.id).desc())
        .limit(most)
    )
    found = db.session.execute(wanted)
    return [Happened(at, who, verb, note, value.row, value.changes) for value, at, who, verb, note in found]
