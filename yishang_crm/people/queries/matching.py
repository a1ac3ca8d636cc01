"""What is kept ready for finding duplicates, in step with the person: facts, keys, and who shares them.

Kept as the search index is (`queries.index`): in the same flush as the row, and by `write_profiles` where many are added.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, db, is_sqlite
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.duplicates.facts import LOOSE, Facts, Reached, facts, keys
from yishang_crm.people.duplicates.models import MatchKey, MatchProfile
from yishang_crm.people.models import (
    BirthCalendar,
    ContactKind,
    ContactLabel,
    ContactPoint,
    ContactState,
    Organization,
    Person,
    Position,
)

MOST_IN_BLOCK = 60  # a key that more people share tells nothing; its square would be looked at
MOST_IN_LOOSE_BLOCK = 3
IN_ONE_LIST = 5000
_WHY = "duplicates"


# Keeping it


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts and keys as they are kept; worked out without the database, before the write lock is taken."""

    facts: list[Any]
    keys: list[int]

    @classmethod
    def of(cls, one: Facts) -> "Profile":
        return cls(one.as_json(), keys(one))


def write_profiles(rows: Sequence[tuple[int, Profile]]) -> None:
    """Put these profiles beside the people (inside an action); they wait for the next scan."""
    if not rows:
        return
    connection, at = db.session.connection(), now()
    connection.execute(
        sa.insert(MatchProfile),
        [
            {"person_id": person_id, "facts": one.facts, "changed_at": at, "scanned_at": None}
            for person_id, one in rows
        ],
    )
    shared = [(key, person_id) for person_id, one in rows for key in one.keys]
    if shared and is_sqlite():
        # Nine plain numbers a person: looked at by nobody on the way, they take a third of the time.
        connection.exec_driver_sql('INSERT INTO match_key ("key", person_id) VALUES (?, ?)', shared)
    elif shared:
        connection.execute(sa.insert(MatchKey), [{"key": key, "person_id": one} for key, one in shared])


def refresh(person_ids: Iterable[int]) -> None:
    """Compare anew what is kept of these people with what they are; write what differs (inside an action)."""
    ids = sorted(set(person_ids))
    for some in _portions(ids):
        kept = _kept_facts(some)
        now_are = dict(_facts_of(some))
        changed = [
            person_id
            for person_id in some
            if person_id not in now_are or kept.get(person_id) != now_are[person_id].as_json()
        ]
        _forget([person_id for person_id in changed if person_id in kept])
        write_profiles([(one, Profile.of(now_are[one])) for one in changed if one in now_are])


def _kept_facts(ids: Sequence[int]) -> dict[int, list[Any]]:
    wanted = select(MatchProfile.person_id, MatchProfile.facts).where(col(MatchProfile.person_id).in_(ids))
    return {person_id: said for person_id, said in db.session.execute(unscoped_for(_WHY, wanted))}  # noqa: C416 - rows are no pairs to `dict`


def _forget(ids: Sequence[int]) -> None:
    connection = db.session.connection()
    for table in (MatchKey, MatchProfile):
        if ids:
            connection.execute(sa.delete(table).where(col(table.person_id).in_(ids)))


def _facts_of(ids: Sequence[int]) -> Iterator[tuple[int, Facts]]:
    read = db.session.execute
    people = read(unscoped_for(_WHY, select(
        Person.id, Person.name, Person.traditional_name, Person.former_names, Person.romanized_name, Person.id_number_index,
        Person.native_place, Person.native_town, Person.residence, Person.birth_year, Person.birth_month, Person.birth_day,
        Person.birth_calendar, Person.gender,
    ).where(col(Person.id).in_(ids)))).all()  # fmt: skip
    contacts: dict[int, list[Reached]] = {}
    for contact in read(unscoped_for(_WHY, select(
        ContactPoint.person_id, ContactPoint.kind, ContactPoint.value, ContactPoint.label,
    ).where(col(ContactPoint.person_id).in_(ids), col(ContactPoint.state) != ContactState.WRONG).order_by(
        col(ContactPoint.id)))):  # fmt: skip
        reached = Reached(
            contact.kind.value, _plain(contact.kind, contact.value), contact.label == ContactLabel.SELF
        )
        contacts.setdefault(contact.person_id, []).append(reached)
    posts: dict[int, list[tuple[str, str]]] = {}
    for post in read(unscoped_for(_WHY, select(
        Position.person_id, Organization.name, Position.title,
    ).join(Organization, col(Organization.id) == Position.organization_id).where(
        col(Position.person_id).in_(ids)).order_by(col(Position.id)))):  # fmt: skip
        posts.setdefault(post.person_id, []).append((post.name, post.title))
    for one in people:
        yield (
            one.id,
            facts(
                one.name,
                traditional_name=one.traditional_name,
                former_names=one.former_names,
                romanized_name=one.romanized_name,
                contacts=contacts.get(one.id, ()),
                identity=one.id_number_index or "",
                posts=posts.get(one.id, ()),
                native_place=one.native_place,
                native_town=one.native_town,
                residence=one.residence,
                birth=(one.birth_year, one.birth_month, one.birth_day),
                is_lunar=one.birth_calendar == BirthCalendar.LUNAR,
                gender=one.gender.value if one.gender else "",
            ),
        )


def _plain(kind: ContactKind, value: Any) -> str:
    text = str(value.whole())
    return text.casefold() if kind in (ContactKind.EMAIL, ContactKind.WECHAT) else text


@sa.event.listens_for(OrmSession, "after_flush")
def _note_whom_to_match(session: OrmSession, _context: object) -> None:
    touched: set[int] = session.info.setdefault("to_match", set())
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Person) and row.id:
            touched.add(row.id)
        elif isinstance(row, (ContactPoint, Position)):
            touched.add(row.person_id)
            was = sa.inspect(row).attrs.person_id.history.deleted
            touched.update(was or ())
        elif isinstance(row, Organization) and row not in session.new:
            holders = select(Position.person_id).where(Position.organization_id == row.id)
            touched.update(session.connection().execute(unscoped_for(_WHY, holders)).scalars())


@sa.event.listens_for(OrmSession, "after_flush_postexec")
def _keep_in_step(session: OrmSession, _context: object) -> None:
    touched: set[int] = session.info.pop("to_match", set())
    if touched:
        refresh(touched)


# Reading it


def profiles(ids: Iterable[int]) -> dict[int, Facts]:
    """What is kept of these people."""
    found: dict[int, Facts] = {}
    for some in _portions(sorted(set(ids))):
        wanted = select(MatchProfile.person_id, MatchProfile.facts).where(
            col(MatchProfile.person_id).in_(some)
        )
        rows = db.session.execute(unscoped_for(_WHY, wanted)).all()
        found.update((person_id, Facts.of_json(said)) for person_id, said in rows)
    return found


def people_behind(texts: Collection[int], *, most: int = MOST_IN_BLOCK) -> dict[int, list[int]]:
    """Who stands under each of these keys; a key that more than `most` share is left out."""
    found: dict[int, list[int]] = {}
    for some in _portions(sorted(texts)):
        common = (
            select(MatchKey.key)
            .where(col(MatchKey.key).in_(some))
            .group_by(col(MatchKey.key))
            .having(_is_telling(most))
        )
        wanted = select(MatchKey.key, MatchKey.person_id).where(
            col(MatchKey.key).in_(common.scalar_subquery())
        )
        for key, person_id in db.session.execute(unscoped_for(_WHY, wanted)):
            found.setdefault(key, []).append(person_id)
    return found


def _is_telling(most: int) -> sa.ColumnElement[bool]:
    is_loose = col(MatchKey.key) % 2 == LOOSE
    return sa.func.count() <= sa.case((is_loose, min(most, MOST_IN_LOOSE_BLOCK)), else_=most)


class Pairs:
    """Many pairs of ids in little room: two flat rows of numbers."""

    def __init__(self) -> None:
        self.low, self.high = array("q"), array("q")

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "Pairs":
        made = cls()
        for low, high in pairs:
            made.add(low, high)
        return made

    def add(self, low: int, high: int) -> None:
        self.low.append(low)
        self.high.append(high)

    def __len__(self) -> int:
        return len(self.low)

    def portions(self, size: int) -> Iterator[list[tuple[int, int]]]:
        for start in range(0, len(self), size):
            end = start + size
            yield list(zip(self.low[start:end], self.high[start:end], strict=True))


def candidates(changed: Collection[int] | None = None) -> Pairs:
    """Pairs of people who share a key that is neither alone nor too common, the lower id first; of everybody, or those with
    one of `changed`."""
    if changed is None:
        return _all_candidates()
    found: set[tuple[int, int]] = set()
    for some in _portions(sorted(set(changed))):
        wanted = select(MatchKey.key).where(col(MatchKey.person_id).in_(some)).distinct()
        shared = people_behind(set(db.session.scalars(unscoped_for(_WHY, wanted))))
        fresh = set(some)
        found |= {
            (min(one, other), max(one, other))
            for group in shared.values()
            for one in group
            if one in fresh
            for other in group
            if one != other
        }
    return Pairs.of(sorted(found))


def _all_candidates() -> Pairs:
    """An index join over the blocks, in the order of the first id, so that a portion needs few profiles."""
    blocks = (
        select(MatchKey.key)
        .group_by(col(MatchKey.key))
        .having(sa.func.count() > 1, _is_telling(MOST_IN_BLOCK))
        .subquery()
    )
    one, other = aliased(MatchKey), aliased(MatchKey)
    wanted = (
        sa.select(one.person_id, other.person_id)
        .select_from(blocks)
        .join(one, one.key == blocks.c.key)
        .join(other, sa.and_(other.key == blocks.c.key, other.person_id > one.person_id))
        .distinct()
        .order_by(one.person_id, other.person_id)
    )
    rows = db.session.execute(unscoped_for(_WHY, wanted).execution_options(yield_per=IN_ONE_LIST))
    return Pairs.of((low, high) for low, high in rows)


def namesakes(name_keys: Iterable[str]) -> dict[str, int]:
    """How many people bear each of these names (by comparison key)."""
    found: dict[str, int] = {}
    for some in _portions(sorted(set(name_keys))):
        wanted = (
            select(Person.name_key, sa.func.count())
            .where(col(Person.name_key).in_(some))
            .group_by(col(Person.name_key))
        )
        found.update((key, int(count)) for key, count in db.session.execute(unscoped_for(_WHY, wanted)))
    return found


def held_by_many(digests: Iterable[int], *, more_than: int) -> set[int]:
    """Which of these phones and addresses more people call their own: an office's."""
    found: set[int] = set()
    for some in _portions(sorted(set(digests))):
        wanted = (
            select(MatchKey.key)
            .where(col(MatchKey.key).in_(some))
            .group_by(col(MatchKey.key))
            .having(sa.func.count() > more_than)
        )
        found.update(db.session.scalars(unscoped_for(_WHY, wanted)))
    return found


def to_scan() -> Sequence[int]:
    """Ids of people whose data changed since they were last compared."""
    wanted = select(MatchProfile.person_id).where(col(MatchProfile.scanned_at).is_(None))
    wanted = wanted.order_by(col(MatchProfile.person_id))
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def mark_scanned(ids: Collection[int] | None, *, at: Moment) -> None:
    """These people, or all, were compared as they stood at a moment; who changed since waits on (inside an action)."""
    connection = db.session.connection()
    waiting = (
        sa.update(MatchProfile)
        .values(scanned_at=at)
        .where(col(MatchProfile.scanned_at).is_(None), col(MatchProfile.changed_at) <= at)
    )
    if ids is None:
        connection.execute(waiting)
        return
    for some in _portions(sorted(ids)):
        connection.execute(waiting.where(col(MatchProfile.person_id).in_(some)))


def without_profile(*, after: int, most: int) -> Sequence[int]:
    """People of whom nothing is kept yet: they came before there was a table for it."""
    kept = sa.exists().where(col(MatchProfile.person_id) == Person.id)
    wanted = select(Person.id).where(~kept, col(Person.id) > after).order_by(col(Person.id)).limit(most)
    return [int(one or 0) for one in db.session.scalars(unscoped_for(_WHY, wanted))]


def known_names(found: Mapping[int, Facts]) -> set[str]:
    """The names, as keys, of these people."""
    return {one.names[0] for one in found.values() if one.names}


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + IN_ONE_LIST] for start in range(0, len(values), IN_ONE_LIST))
