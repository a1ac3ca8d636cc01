"""Marks of what a person's record says, by which an undo sees that somebody edited it since. Nothing is opened."""

import enum
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed, mark
from yishang_crm.people.models import EDITABLE, ContactPoint, Organization, Person, Position, Stewardship

_PERSON = EDITABLE | {"do_not_contact_at", "confirmed_at", "confirmed_by", "id_number_index"}
_CONTACT = frozenset(("kind", "value", "label", "holder", "connected_user_id", "state"))
_POST = frozenset(("organization_id", "title", "since", "until"))
_WHY = "seeing what was edited since an import"


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it, the same before it is written and after it is read."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (Sealed, str, int)) or value is None:
        return value
    return str(value)


def mark_of(value: Any, salt: str) -> str:
    """The mark of one value."""
    value = plain(value)
    return (
        value.mark(salt) if isinstance(value, Sealed) else mark(json.dumps(value, ensure_ascii=False), salt)
    )


def person_print(
    salt: str,
    person: Mapping[str, Any],
    contacts: Sequence[Mapping[str, Any]],
    posts: Sequence[Mapping[str, Any]],
    unit_ids: Sequence[int],
) -> str:
    """The mark of a whole record. What stands at its default does not count, so that a later column changes nothing."""
    said = [
        _told(Person, _PERSON, person, salt),
        sorted(json.dumps(_told(ContactPoint, _CONTACT, one, salt)) for one in contacts),
        sorted(json.dumps(_told(Position, _POST, one, salt)) for one in posts),
        sorted(unit_ids),
    ]
    return mark(json.dumps(said, ensure_ascii=False), salt)


def _told(table: type[SQLModel], names: Set[str], row: Mapping[str, Any], salt: str) -> list[Any]:
    defaults, told = _defaults(table), []
    for name, value in row.items():
        if value is None or value == "" or value is False or name not in names:
            continue
        said = plain(value)
        if said != defaults[name]:
            told.append([name, said.mark(salt) if isinstance(said, Sealed) else said])
    return sorted(told)


@cache
def _defaults(table: type[SQLModel]) -> dict[str, Any]:
    return {name: plain(field.default) for name, field in table.model_fields.items()}


def prints_now(ids: Sequence[int], salt: str) -> dict[int, str]:
    """The marks of these records as they now stand; who is gone is not there."""
    people = _read(Person, ("id", *_PERSON), col(Person.id), ids)
    contacts = _by_person(_read(ContactPoint, ("person_id", *_CONTACT), col(ContactPoint.person_id), ids))
    posts = _by_person(_read(Position, ("person_id", *_POST), col(Position.person_id), ids))
    units = _by_person(_read(Stewardship, ("person_id", "unit_id"), col(Stewardship.person_id), ids))
    return {
        person["id"]: person_print(
            salt,
            person,
            contacts.get(person["id"], ()),
            posts.get(person["id"], ()),
            [one["unit_id"] for one in units.get(person["id"], ())],
        )
        for person in people
    }


def people_now(ids: Sequence[int], names: Sequence[str]) -> dict[int, Mapping[str, Any]]:
    """Some columns of these people."""
    return {row["id"]: row for row in _read(Person, ("id", "version", *names), col(Person.id), ids)}


def contacts_now(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    return {row["id"]: row for row in _read(ContactPoint, ("id", *_CONTACT), col(ContactPoint.id), ids)}


def posts_now(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    return {row["id"]: row for row in _read(Position, ("id", *_POST), col(Position.id), ids)}


def parts_of(ids: Sequence[int]) -> dict[type[SQLModel], list[int]]:
    """The ids of everything of this room that hangs on these people."""
    return {
        table: [row["id"] for row in _read(table, ("id",), table.person_id, ids)]  # type: ignore[attr-defined]
        for table in (ContactPoint, Position, Stewardship)
    }


def empty_organizations(ids: Sequence[int]) -> set[int]:
    """Those of these where nobody has a post and which no other belongs to."""
    held = select(Position.organization_id).where(col(Position.organization_id).in_(list(ids)))
    parents = select(Organization.parent_id).where(col(Organization.parent_id).in_(list(ids)))
    taken = {row for wanted in (held, parents) for row in db.session.scalars(unscoped_for(_WHY, wanted))}
    untouched = select(Organization.id).where(col(Organization.id).in_(list(ids)), Organization.version == 1)
    return {int(one or 0) for one in db.session.scalars(untouched)} - taken


def _read(
    table: type[SQLModel], names: Sequence[str], at: Any, ids: Sequence[int]
) -> Sequence[Mapping[str, Any]]:
    wanted = sa.select(*(getattr(table, name) for name in names)).where(at.in_(list(ids)))
    return [dict(row) for row in db.session.execute(unscoped_for(_WHY, wanted)).mappings()]


def _by_person(rows: Sequence[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    grouped: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["person_id"]].append(row)
    return grouped
