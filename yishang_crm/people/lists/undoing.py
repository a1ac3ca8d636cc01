"""Which rows of this room a bulk act may put back, for whom, and what follows: the search index comes along."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.undo import Values, may_be_undone, tell_names
from yishang_crm.people.lists.models import PersonTag
from yishang_crm.people.models import ContactPoint, Person, Position, Stewardship
from yishang_crm.people.queries.index import refresh
from yishang_crm.people.queries.persons import people_by_ids
from yishang_crm.people.queries.selected import seen_among


def open_undo() -> None:
    """Called once, when the room is opened."""
    may_be_undone(Person, seen=_seen_persons, follow=lambda rows: refresh(row["id"] for row in rows))
    for table in (ContactPoint, Position, Stewardship):
        may_be_undone(
            table,
            seen=_seen_parts,
            follow=lambda rows: refresh(row["person_id"] for row in rows),
            known_as=_person_of,
        )
    may_be_undone(PersonTag, seen=_seen_parts, known_as=_person_of)
    tell_names("person", _names)


def _person_of(row: Values) -> str:
    return f"person:{row['person_id']}"


def _names(actor: Actor, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    return {person.id or 0: (person.name, f"/people/{person.id}") for person in people_by_ids(actor, ids)}


def _seen_persons(actor: Actor, rows: Sequence[Values]) -> set[int]:
    return seen_among(actor, [row["id"] for row in rows])


def _seen_parts(actor: Actor, rows: Sequence[Values]) -> set[int]:
    seen = seen_among(actor, {row["person_id"] for row in rows})
    return {row["id"] for row in rows if row["person_id"] in seen}
