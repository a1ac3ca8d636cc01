"""The search index: one row a person, one character a token; kept in step in the same flush as the row.

SQLite has it as an FTS5 table, PostgreSQL as a `tsvector` with a GIN index; the tokens are the same.
The units that see a person stand in the index as tokens, so that a county is not starved by the city's matches.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import SQLModel, col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.scope import guard_also, unscoped_for
from yishang_crm.people import names, search_terms
from yishang_crm.people.models import (
    ContactKind,
    ContactPoint,
    ContactState,
    Organization,
    Person,
    Position,
    Stewardship,
)

guard_also("person_search")

_COLUMNS = ", ".join(search_terms.FTS5_COLUMNS)
CREATE_SQLITE = (
    f"CREATE VIRTUAL TABLE person_search USING fts5({_COLUMNS}, tokenize='{search_terms.FTS5_TOKENIZE}')"
)
CREATE_POSTGRESQL = (
    "CREATE TABLE person_search (person_id INTEGER PRIMARY KEY REFERENCES person(id) ON DELETE CASCADE, "
    "terms TSVECTOR NOT NULL)"
)
CREATE_POSTGRESQL_INDEX = "CREATE INDEX ix_person_search_terms ON person_search USING gin (terms)"

for _statement, _dialect in (
    (CREATE_SQLITE, "sqlite"), (CREATE_POSTGRESQL, "postgresql"), (CREATE_POSTGRESQL_INDEX, "postgresql"),
):  # fmt: skip
    sa.event.listen(SQLModel.metadata, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))


def people_matching(actor: Actor, text: str) -> sa.Select[Any] | None:
    """Ids of the people in the actor's scope that fit what was typed, as a subquery; None if nothing was typed."""
    query = search_terms.parse_query(text)
    units = None if actor.sees_all else actor.unit_ids
    # Parameters without a name of ours: a segment holds several searches in one statement.
    if is_sqlite():
        wanted = search_terms.fts5_match(query, units=units)
        key, fits = "rowid", sa.literal_column("person_search").op("MATCH")(wanted)
    else:
        wanted = search_terms.tsquery(query, units=units)
        key, fits = "person_id", sa.literal_column("terms").op("@@")(sa.cast(wanted, TSQUERY))
    if wanted is None:
        return None
    return sa.select(sa.literal_column(key)).select_from(sa.table("person_search")).where(fits)


# Keeping it


def write_rows(rows: Sequence[tuple[int, search_terms.SearchTerms]]) -> None:
    """Put the terms of these people into the index (inside an action)."""
    if not rows:
        return
    if is_sqlite():
        slots = ", ".join(f":{name}" for name in search_terms.FTS5_COLUMNS)
        insert = f"INSERT INTO person_search (rowid, {_COLUMNS}) VALUES (:id, {slots})"
        values = [
            {"id": person_id, **dict(zip(search_terms.FTS5_COLUMNS, terms.row(), strict=True))}
            for person_id, terms in rows
        ]
    else:
        insert = "INSERT INTO person_search (person_id, terms) VALUES (:id, CAST(:terms AS tsvector))"
        values = [{"id": person_id, "terms": search_terms.tsvector_text(terms)} for person_id, terms in rows]
    db.session.connection().execute(sa.text(insert), values)


def refresh(person_ids: Iterable[int]) -> None:
    """Write the index rows of these people anew (inside an action)."""
    ids = sorted(set(person_ids))
    if not ids:
        return
    key = "rowid" if is_sqlite() else "person_id"
    gone = sa.text(f"DELETE FROM person_search WHERE {key} = :id")
    db.session.connection().execute(gone, [{"id": one} for one in ids])
    rows, told = _rows_for(ids)
    write_rows(rows)
    if told:
        _write_told(told)


def forget_deleted() -> None:
    """Take out of the index what was only marked as deleted (inside an action, once the rows are gone).

    FTS5 leaves the words of a deleted row in its segments until these happen to be merged; merging all of them takes a
    quarter of a second for 200,000 people, twice that where freed pages are overwritten. PostgreSQL deletes the row.
    """
    if is_sqlite():
        db.session.connection().execute(
            sa.text("INSERT INTO person_search (person_search) VALUES ('optimize')")
        )


def _write_told(told: list[dict[str, Any]]) -> None:
    person: Any = Person.__table__  # type: ignore[attr-defined]
    values = {name: sa.bindparam(name) for name in told[0] if name != "of_id"}
    setting = sa.update(person).where(person.c.id == sa.bindparam("of_id")).values(values)
    db.session.connection().execute(setting, told)


def told_by_name(name: str) -> dict[str, str]:
    """The keys a person's name is sorted by."""
    return {"stroke_key": names.stroke_order(name), "pinyin_key": names.pinyin_order(name)}


def _rows_for(ids: list[int]) -> tuple[list[tuple[int, search_terms.SearchTerms]], list[dict[str, Any]]]:
    """Index rows, and the columns of the person that other rows tell (`of_id` is the person's)."""
    why = "search index"
    read = db.session.execute
    people = read(unscoped_for(why, select(
        Person.id, Person.name, Person.former_names, Person.romanized_name, Person.traditional_name,
    ).where(col(Person.id).in_(ids), col(Person.erased_at).is_(None)))).all()  # fmt: skip
    contacts = read(unscoped_for(why, select(
        ContactPoint.person_id, ContactPoint.kind, ContactPoint.value, ContactPoint.state,
    ).where(col(ContactPoint.person_id).in_(ids)))).all()  # fmt: skip
    posts = read(unscoped_for(why, select(
        Position.person_id, Position.title, Organization.name, Organization.short_name,
    ).join(Organization, col(Organization.id) == Position.organization_id).where(
        col(Position.person_id).in_(ids)))).all()  # fmt: skip
    units = read(unscoped_for(why, select(Stewardship.person_id, Stewardship.unit_id).where(
        col(Stewardship.person_id).in_(ids)).order_by(
        col(Stewardship.answerable).desc(), col(Stewardship.id)))).all()  # fmt: skip
    contacts_of, posts_of, units_of = (_by_person(found) for found in (contacts, posts, units))
    rows, told = [], []
    for person in people:
        contacts, keepers = contacts_of[person.id], [unit.unit_id for unit in units_of[person.id]]
        told.append({"of_id": person.id, **told_by_name(person.name), **_told_by_rows(contacts, keepers)})
        rows.append((person.id, _terms_of(person, contacts, posts_of[person.id], keepers)))
    return rows, told


def _told_by_rows(contacts: Sequence[Any], keepers: Sequence[int]) -> dict[str, Any]:
    usable = {one.kind for one in contacts if one.state == ContactState.OK}
    return {
        "has_phone": not usable.isdisjoint(_PHONES),
        "has_mail": ContactKind.EMAIL in usable,
        "home_unit_id": keepers[0] if keepers else None,
    }


def _terms_of(
    person: Any, contacts: Sequence[Any], posts: Sequence[Any], keepers: Sequence[int]
) -> search_terms.SearchTerms:
    return search_terms.person_terms(
        person.name,
        former_names=[name for name in (person.former_names, person.traditional_name) if name],
        romanized=[person.romanized_name],
        organizations=[(post[2], post[3]) for post in posts],
        titles=[post.title for post in posts if post.title],
        phones=[_plain(one.value) for one in contacts if one.kind in _PHONES],
        wechat=[_plain(one.value) for one in contacts if one.kind not in _PHONES],
        units=keepers,
    )


def _by_person(found: Sequence[Any]) -> defaultdict[int, list[Any]]:
    """Rows under their `person_id`; nobody's is an empty list."""
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for row in found:
        grouped[row.person_id].append(row)
    return grouped


_PHONES = (ContactKind.MOBILE, ContactKind.LANDLINE)


def _plain(value: Any) -> str:
    return str(value.whole())


@sa.event.listens_for(OrmSession, "after_flush")
def _note_whom_to_index(session: OrmSession, _context: object) -> None:
    touched: set[int] = session.info.setdefault("to_index", set())
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Person) and row.id:
            touched.add(row.id)
        elif isinstance(row, (ContactPoint, Position, Stewardship)):
            touched.add(row.person_id)
        elif isinstance(row, Organization) and row not in session.new:
            holders = select(Position.person_id).where(Position.organization_id == row.id)
            touched.update(session.connection().execute(unscoped_for("search index", holders)).scalars())


@sa.event.listens_for(OrmSession, "after_flush_postexec")
def _keep_in_step(session: OrmSession, _context: object) -> None:
    touched: set[int] = session.info.pop("to_index", set())
    if touched:
        refresh(touched)
