"""Whom a search puts first: one's own people and those lately in touch, as far as they answer to what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.scope import scoped
from yishang_crm.people.models import Person, Stewardship
from yishang_crm.people.queries.index import people_matching
from yishang_crm.people.queries.persons import visible_to
from yishang_crm.people.ranking import lately_queries

MOST_OWN = 400


@dataclass(frozen=True)
class Near:
    """One person near the reader: whether they keep them, and the turn of the last contact, 0 for none."""

    own: bool = False
    turn: int = 0


def near(actor: Actor, text: str) -> dict[int, Near]:
    """Of the reader's own people (the newest 400) and those lately in touch, whoever answers; one statement."""
    found = people_matching(actor, text)
    if found is None:
        return {}
    about = _about(actor)
    # Asked by row number, FTS5 runs a search by prefix anew for each (117 ms for forty, measured). With a plus before it the
    # number is only compared in passing: one walk through the matches, 1 ms for a surname of 12,000.
    number = sa.literal_column("+rowid") if is_sqlite() else found.selected_columns[0]
    answering = found.where(number.in_(sa.select(about.c.person_id)))
    wanted = sa.select(about).where(about.c.person_id.in_(answering))
    return _together(db.session.execute(wanted.execution_options(scope=actor.key)).all())


def lately_met(actor: Actor, *, most: int) -> Sequence[Person]:
    """Those the reader was in touch with and may still see, the latest first; one statement."""
    found: list[Person] = []
    for lately in lately_queries(actor):
        turns = lately.subquery()
        wanted = visible_to(actor).join(turns, turns.c.person_id == Person.id)
        found += db.session.scalars(wanted.order_by(turns.c.turn.desc()).limit(most)).all()
    return found[:most]


def _about(actor: Actor) -> Any:
    own = scoped(Stewardship, actor).where(Stewardship.user_id == actor.id)
    newest = own.with_only_columns(col(Stewardship.person_id)).order_by(col(Stewardship.person_id).desc())
    kept = newest.limit(MOST_OWN).subquery()
    parts = [sa.select(kept.c.person_id, sa.literal(1).label("own"), sa.literal(0).label("turn"))]
    for lately in lately_queries(actor):
        turns = lately.subquery()
        parts.append(sa.select(turns.c.person_id, sa.literal(0).label("own"), turns.c.turn))
    return sa.union_all(*parts).cte("about")


def _together(rows: Sequence[Any]) -> dict[int, Near]:
    found: dict[int, Near] = {}
    for person_id, own, turn in rows:
        known = found.get(person_id, Near())
        found[person_id] = Near(known.own or bool(own), max(known.turn, turn))
    return found
