"""Relations between people: naming one, taking it off."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note as note_on_entry
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.models import Person
from yishang_crm.people.models.dictionary import Dictionary, DictionaryWord
from yishang_crm.people.models.relations import Relation
from yishang_crm.people.queries import relations as reading


@action(Permission.PEOPLE_WRITE)
def relate(
    actor: Actor,
    person: Person,
    other: Person,
    *,
    word: DictionaryWord,
    backwards: bool = False,
    note: str = "",
) -> Relation:
    """`other` is the word's `name` to `person`; `backwards`: its other direction. Both were found for the actor."""
    about(person)
    if word.dictionary != Dictionary.RELATION or word.closed_at:
        raise NotPossible(N_("这种关系已经停用，请另选一种。"))
    first, second = (other, person) if backwards else (person, other)
    if word.is_symmetrical and (first.id or 0) > (second.id or 0):
        first, second = second, first
    row = Relation(
        person_id=first.id or 0,
        other_id=second.id or 0,
        word_id=word.id or 0,
        note=note,
        created_by=actor.name,
    )
    row.must_make_sense()
    if reading.is_related(row):
        raise NotPossible(N_("%(name)s和%(other)s的这层关系已经记过。"), name=person.name, other=other.name)
    db.session.add(row)
    return row


@action(Permission.PEOPLE_WRITE)
def end_relation(actor: Actor, relation: Relation) -> None:
    """Take a relation off both pages; that it stood there remains in the trail."""
    relation.end(at=now(), by=actor.name)
    note_on_entry(between=[relation.person_id, relation.other_id])
