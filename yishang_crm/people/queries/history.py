"""What was changed of a person: of the record, of the ways to reach them, of their posts."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.history import Happened, happened_to
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import ContactPoint, Person, Position


def history_of(actor: Actor, person: Person, *, most: int = 50) -> Sequence[Happened]:
    """The latest changes of a person already found for the actor, newest first; two statements."""
    parts = [
        sa.select(sa.literal(str(table.__tablename__)), col(table.id)).where(
            col(table.person_id) == person.id
        )
        for table in (ContactPoint, Position)
    ]
    own = db.session.execute(unscoped_for("rows of a person already found", sa.union_all(*parts)))
    return happened_to(actor, [person.key, *(f"{table}:{number}" for table, number in own)], most=most)
