"""Rows that a merge moves, merges that were made, and where an old address leads."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.duplicates.models import MatchKey, MatchProfile, MergedPerson, PersonMerge
from yishang_crm.people.models import ContactPoint, Organization, Person, Position, Stewardship
from yishang_crm.people.models.brought import ImportRow
from yishang_crm.people.queries.persons import visible_to as people_visible_to

_WHY = "merge"


def _all(wanted: Any) -> Sequence[Any]:
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def held(actor: Actor, person_ids: Iterable[int]) -> list[Person]:
    """These people, read anew and kept from others until the transaction ends, by id; only whom the actor may see."""
    wanted = people_visible_to(actor).where(col(Person.id).in_(list(person_ids))).order_by(col(Person.id))
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def of_people(person_ids: Iterable[int]) -> list[Person]:
    """The same for a merge that is made again, whoever may see them."""
    wanted = select(Person).where(col(Person.id).in_(list(person_ids))).order_by(col(Person.id))
    return list(_all(wanted.with_for_update().execution_options(populate_existing=True)))


def contacts_of(person_ids: Iterable[int]) -> Sequence[ContactPoint]:
    return _all(
        select(ContactPoint)
        .where(col(ContactPoint.person_id).in_(list(person_ids)))
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    )


def posts_of(person_ids: Iterable[int]) -> Sequence[Position]:
    return _all(
        select(Position)
        .where(col(Position.person_id).in_(list(person_ids)))
        .order_by(col(Position.until).is_not(None), col(Position.rank), col(Position.id))
    )


def firms_of(posts: Iterable[Position]) -> dict[int, Organization]:
    ids = {post.organization_id for post in posts}
    found = db.session.scalars(select(Organization).where(col(Organization.id).in_(ids)))
    return {firm.id or 0: firm for firm in found}


def stewards_of(person_ids: Iterable[int]) -> Sequence[Stewardship]:
    return _all(
        select(Stewardship)
        .where(col(Stewardship.person_id).in_(list(person_ids)))
        .order_by(col(Stewardship.since), col(Stewardship.id))
    )


def accounts_of(person_ids: Iterable[int]) -> Sequence[User]:
    return _all(select(User).where(col(User.person_id).in_(list(person_ids))))


def rows_to_write(person_ids: Iterable[int]) -> Sequence[ImportRow]:
    """Rows of files that were checked and are not yet written, and mean one of these people."""
    return _all(
        select(ImportRow).where(
            col(ImportRow.person_id).in_(list(person_ids)), col(ImportRow.written_at).is_(None)
        )
    )


def leading_to(person_ids: Iterable[int]) -> Sequence[MergedPerson]:
    """Old addresses that lead to these people."""
    return _all(select(MergedPerson).where(col(MergedPerson.person_id).in_(list(person_ids))))


_KEPT_IN_STEP = (MatchKey, MatchProfile)


def still_pointing_at(person_ids: Collection[int]) -> Iterator[tuple[Any, str]]:
    """Rows of any room that point at these people by a foreign key, with the column: for whatever no part has moved."""
    people: Any = Person.__table__  # type: ignore[attr-defined]
    for mapper in SQLModel._sa_registry.mappers:
        table: Any = mapper.local_table
        for key in table.foreign_keys:
            if key.column is not people.c.id or mapper.class_ in _KEPT_IN_STEP:
                continue
            for row in _all(sa.select(mapper.class_).where(key.parent.in_(list(person_ids)))):
                yield row, key.parent.name


# Merges that were made


def merges_visible_to(actor: Actor) -> SelectOfScalar[PersonMerge]:
    """Merges whose record, as it stands now, the actor may see."""
    merges = scoped(PersonMerge, actor)
    if actor.sees_all:
        return merges
    leads = sa.select(MergedPerson.person_id).where(MergedPerson.old_id == PersonMerge.survivor_id)
    stands = sa.func.coalesce(leads.scalar_subquery(), PersonMerge.survivor_id)
    kept = sa.exists().where(
        col(Stewardship.person_id) == stands, col(Stewardship.unit_id).in_(actor.unit_ids)
    )
    return merges.where(kept)


def merge(actor: Actor, merge_id: int, *, hold: bool = False) -> PersonMerge | None:
    wanted = merges_visible_to(actor).where(PersonMerge.id == merge_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def merges_into(actor: Actor, person: Person) -> Sequence[PersonMerge]:
    """Standing merges whose records went into a person already found for the actor, the latest first."""
    gone = sa.select(MergedPerson.merge_id).where(MergedPerson.person_id == person.id)
    wanted = scoped(PersonMerge, actor).where(
        col(PersonMerge.id).in_(gone), col(PersonMerge.undone_at).is_(None)
    )
    return db.session.scalars(wanted.order_by(col(PersonMerge.id).desc())).all()


def latest_merges(actor: Actor, *, most: int = 50) -> Sequence[PersonMerge]:
    """The latest, undone ones too."""
    return db.session.scalars(merges_visible_to(actor).order_by(col(PersonMerge.id).desc()).limit(most)).all()


def later_merges(first: PersonMerge) -> list[PersonMerge]:
    """Standing merges after this one that took its record further, in their order: they stand on it."""
    wanted = select(PersonMerge).where(col(PersonMerge.id) > first.id, col(PersonMerge.undone_at).is_(None))
    group, found = {first.survivor_id}, []
    for one in _all(wanted.order_by(col(PersonMerge.id)).with_for_update()):
        if group & {person["id"] for person in one.people}:
            group.add(one.survivor_id)
            found.append(one)
    return found


def merges_of_person(person_id: int) -> Sequence[PersonMerge]:
    """Merges whose images hold what was known of a person: erasing one erases these."""
    gone = sa.select(MergedPerson.merge_id).where(MergedPerson.person_id == person_id)
    return _all(
        select(PersonMerge).where(sa.or_(PersonMerge.survivor_id == person_id, col(PersonMerge.id).in_(gone)))
    )


def merged_names(person_id: int) -> list[str]:
    """The names of the records that became this one."""
    standing = [one for one in merges_of_person(person_id) if one.undone_at is None]
    return [person["name"] for one in standing for person in one.people if person["name"]]


def standing_for(actor: Actor, old_id: int) -> Person | None:
    """Into whom a record went, if the actor may see them; what is out of scope was never there."""
    leads = (
        scoped(MergedPerson, actor)
        .with_only_columns(col(MergedPerson.person_id))
        .where(MergedPerson.old_id == old_id)
    )
    wanted = people_visible_to(actor).where(col(Person.id).in_(leads.scalar_subquery()))
    return db.session.scalars(wanted).one_or_none()
