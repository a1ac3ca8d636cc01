"""Whom a search puts first: one's own people and those lately in touch, as far as they answer to what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.scope import scoped
from yishang_crm.people import search_terms
from yishang_crm.people.models import Person, Stewardship
from yishang_crm.people.queries.persons import visible_to
from yishang_crm.people.ranking import lately_queries

MOST_OWN = 400


@dataclass(frozen=True)
class Near:
    """One person near the reader: whether they keep them, and the turn of the last contact, 0 for none."""

    own: bool = False
    turn: int = 0


def near(actor: Actor, text: str) -> dict[int, Near]:
    """Of the reader's own people (the newest 400) and those lately in touch, whoever answers; one statement.

    SQLite asked by row number runs a search by prefix anew for each row (117 ms for forty, measured), so what stands in
    the index for these few is fetched and compared here; PostgreSQL compares by itself.
    """
    query = search_terms.parse_query(text)
    if not query.terms:
        return {}
    about = _about(actor)
    if is_sqlite():
        rowid, terms = sa.column("rowid"), [sa.column(name) for name in search_terms.FTS5_COLUMNS[:-1]]
        index = sa.table("person_search", rowid, *terms)
        wanted = sa.select(about, *terms).join(index, rowid == about.c.person_id)
    else:
        key = sa.column("person_id")
        index = sa.table("person_search", key)
        fits = sa.literal_column("terms").op("@@")(sa.cast(search_terms.tsquery(query), TSQUERY))
        wanted = sa.select(about).join(index, index.c.person_id == about.c.person_id).where(fits)
    rows = db.session.execute(wanted.execution_options(scope=actor.key)).all()
    answers = search_terms.asker(query)
    return _together([row for row in rows if not is_sqlite() or answers(row[3:])])


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
    return sa.union_all(*parts).subquery()


def _together(rows: Sequence[Any]) -> dict[int, Near]:
    found: dict[int, Near] = {}
    for person_id, own, turn, *_terms in rows:
        known = found.get(person_id, Near())
        found[person_id] = Near(known.own or bool(own), max(known.turn, turn))
    return found
