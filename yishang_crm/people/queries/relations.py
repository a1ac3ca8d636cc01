"""Relations: seen by those who may see both people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.acquaintance import Bond, Tie
from yishang_crm.people.models import Person
from yishang_crm.people.models.dictionary import Dictionary, DictionaryWord
from yishang_crm.people.models.relations import Relation
from yishang_crm.people.queries import persons

MOST = 300


def visible_to(actor: Actor) -> SelectOfScalar[Relation]:
    """Those between two people both of whom the actor may see: nobody out of scope is named by a relation."""
    return scoped(Relation, actor).where(
        seen(actor, col(Relation.person_id)), seen(actor, col(Relation.other_id))
    )


def seen(actor: Actor, person_id: Any) -> sa.ColumnElement[bool]:
    """That the person in this column is one whom the actor may see; nothing to ask for those who see all."""
    if actor.sees_all:
        return sa.true()
    found = persons.visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id) == person_id)
    return found.correlate(person_id.class_).exists()


def relation(actor: Actor, relation_id: int) -> Relation | None:
    """One that has not ended."""
    wanted = visible_to(actor).where(Relation.id == relation_id, col(Relation.ended_at).is_(None))
    return db.session.scalars(wanted).one_or_none()


@dataclass(frozen=True)
class Related:
    """One relation as it stands on a person's page: what the other is to them."""

    relation: Relation
    other: Person
    said: str


def relations_of(actor: Actor, person: Person) -> list[Related]:
    """The relations of a person already found for the actor, in the order of the dictionary; one statement."""
    touching = sa.or_(Relation.person_id == person.id, Relation.other_id == person.id)
    beside = sa.case((Relation.person_id == person.id, Relation.other_id), else_=Relation.person_id)
    wanted = (
        visible_to(actor)
        .join(DictionaryWord, col(DictionaryWord.id) == Relation.word_id)
        .join(Person, col(Person.id) == beside)
        .add_columns(Person, DictionaryWord.name, DictionaryWord.other)
        .where(touching, col(Relation.ended_at).is_(None))
        .order_by(col(DictionaryWord.display_order), col(Relation.id))
        .limit(MOST)
    )
    return [
        Related(row, other, name if row.person_id == person.id else back)
        for row, other, name, back in db.session.execute(wanted)
    ]


def ties_by_relation(actor: Actor, ids: Sequence[int]) -> list[Tie]:
    """Open relations that touch any of these people; one statement."""
    touching = sa.or_(col(Relation.person_id).in_(ids), col(Relation.other_id).in_(ids))
    wanted = (
        visible_to(actor)
        .join(DictionaryWord, col(DictionaryWord.id) == Relation.word_id)
        .with_only_columns(
            col(Relation.person_id), col(Relation.other_id), DictionaryWord.name, DictionaryWord.other
        )
        .where(touching, col(Relation.ended_at).is_(None))
        .limit(MOST * 4)
    )
    return [Tie(a, b, Bond.RELATION, name, back) for a, b, name, back in db.session.execute(wanted)]


def is_related(row: Relation) -> bool:
    """Whether the same stands already, whoever may see it: said only after both people were found for the actor."""
    wanted = sa.select(Relation.id).where(
        Relation.person_id == row.person_id,
        Relation.other_id == row.other_id,
        Relation.word_id == row.word_id,
        col(Relation.ended_at).is_(None),
    )
    return db.session.scalar(unscoped_for("the same relation twice", wanted.limit(1))) is not None


def with_any_of(person_ids: Sequence[int]) -> Sequence[Relation]:
    """Every relation of these people, ended ones too, whoever asks: for a merge, for telling, for forgetting."""
    ids = list(person_ids)
    either = sa.or_(col(Relation.person_id).in_(ids), col(Relation.other_id).in_(ids))
    wanted = select(Relation).where(either).order_by(col(Relation.id))
    return db.session.scalars(unscoped_for("relations of a merge or a right", wanted)).all()


def mutual_words() -> set[int]:
    """The words that are the same from both sides: their relations stand with the lower number first."""
    wanted = select(DictionaryWord.id).where(
        DictionaryWord.dictionary == Dictionary.RELATION, DictionaryWord.name == DictionaryWord.other
    )
    return {int(one) for one in db.session.scalars(wanted) if one}
