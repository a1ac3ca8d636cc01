"""What happened to a guest: who, when, what. Read through the guest, whom the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col

from yishang_crm.conference.models import Guest
from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import AuditEntry, AuditValue
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped


@dataclass(frozen=True)
class Happened:
    """One deed: `changes` are old and new values by column."""

    at: Moment
    who: str
    verb: str
    note: dict[str, Any]
    changes: dict[str, list[Any]]


def trail(actor: Actor, guest: Guest, *, most: int = 40) -> Sequence[Happened]:
    """The latest deeds that changed this guest, newest first, for one already found for the actor; one statement."""
    wanted = (
        scoped(AuditValue, actor)
        .join(AuditEntry, col(AuditEntry.id) == AuditValue.entry_id)
        .add_columns(
            col(AuditEntry.at), col(AuditEntry.actor_name), col(AuditEntry.verb), col(AuditEntry.note)
        )
        .where(AuditValue.row == guest.key)
        .order_by(col(AuditValue.id).desc())
        .limit(most)
    )
    rows = db.session.execute(wanted)
    return [Happened(at, who, verb, note, value.changes) for value, at, who, verb, note in rows]
