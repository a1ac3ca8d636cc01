"""Adding, opening and removing files; opening one leaves a trace, for it may say anything of a person."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.words import N_
from yishang_crm.people.files import queries
from yishang_crm.people.files.contents import Content
from yishang_crm.people.files.models import FileContent, FileKind, PersonFile
from yishang_crm.people.models import Person

MOST_FILES = 50


@action(Permission.PEOPLE_WRITE)
def add_file(actor: Actor, person: Person, content: Content) -> PersonFile:
    """Put a paper on a person's record."""
    if len(queries.files_of(actor, person)) >= MOST_FILES:
        raise NotPossible(N_("一个人最多放%(most)s个文件，请先删去不用的。"), most=MOST_FILES)
    return _kept(actor, person, FileKind.PAPER, content)


@action(Permission.PEOPLE_WRITE)
def set_photo(actor: Actor, person: Person, content: Content, *, seen: int) -> PersonFile:
    """The photo that stands at the head of the record; an earlier one goes. `seen`: the photo that stood on the page, or 0."""
    _must_be_seen(person, seen)
    _drop_photo(actor, person)
    photo = _kept(actor, person, FileKind.PHOTO, content)
    person.photo_id = photo.id
    return photo


@action(Permission.PEOPLE_WRITE)
def remove_photo(actor: Actor, person: Person, *, seen: int) -> None:
    about(person)
    _must_be_seen(person, seen)
    person.photo_id = None
    _drop_photo(actor, person)


@action(Permission.PEOPLE_OPEN_CONTACT)
def open_file(actor: Actor, person: Person, found: PersonFile) -> bytes:
    """The bytes of a paper; the entry is the trace."""
    about(person)
    opened(actor, found.key, name=found.name)
    return queries.content_of(actor, found)


@action(Permission.PEOPLE_WRITE)
def remove_file(actor: Actor, person: Person, found: PersonFile) -> None:
    about(person)
    _drop(actor, found)


def _must_be_seen(person: Person, seen: int) -> None:
    if (person.photo_id or 0) != seen:
        raise NotPossible(N_("%(name)s的照片刚被换过，请看过现在的再办。"), name=person.name)


def _kept(actor: Actor, person: Person, kind: FileKind, content: Content) -> PersonFile:
    about(person)
    kept = PersonFile(
        person_id=person.id or 0,
        kind=kind,
        name=content.name,
        content_type=content.content_type,
        size=len(content.content),
        added_by=actor.name,
    )
    db.session.add(kept)
    db.session.flush()
    db.session.add(FileContent(file_id=kept.id or 0, content=content.content))
    return kept


def _drop_photo(actor: Actor, person: Person) -> None:
    while (photo := queries.photo_of(actor, person)) is not None:
        _drop(actor, photo)


def _drop(actor: Actor, found: PersonFile) -> None:
    db.session.delete(queries.content_row(actor, found))
    db.session.flush()
    db.session.delete(found)
    db.session.flush()
