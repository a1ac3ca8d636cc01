"""Files of people whom the actor may see."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.files.models import FileContent, FileKind, PersonFile
from yishang_crm.people.models import Person
from yishang_crm.people.queries import persons


def visible_to(actor: Actor) -> SelectOfScalar[PersonFile]:
    """Those on the records that the actor sees."""
    seen = persons.visible_to(actor).with_only_columns(col(Person.id))
    return scoped(PersonFile, actor).where(
        seen.where(col(Person.id) == PersonFile.person_id).correlate(PersonFile).exists()
    )


def files_of(actor: Actor, person: Person) -> Sequence[PersonFile]:
    """The papers of a person, the newest first."""
    wanted = visible_to(actor).where(PersonFile.person_id == person.id, PersonFile.kind == FileKind.PAPER)
    return db.session.scalars(wanted.order_by(col(PersonFile.id).desc())).all()


def file(actor: Actor, person: Person, file_id: int) -> PersonFile | None:
    wanted = visible_to(actor).where(PersonFile.id == file_id, PersonFile.person_id == person.id)
    return db.session.scalars(wanted).one_or_none()


def photo_of(actor: Actor, person: Person) -> PersonFile | None:
    """The newest photo of a person."""
    wanted = visible_to(actor).where(PersonFile.person_id == person.id, PersonFile.kind == FileKind.PHOTO)
    return db.session.scalars(wanted.order_by(col(PersonFile.id).desc()).limit(1)).first()


def content_of(actor: Actor, found: PersonFile) -> bytes:
    """The bytes of a file already found for the actor."""
    return content_row(actor, found).content


def content_row(actor: Actor, found: PersonFile) -> FileContent:
    wanted = scoped(FileContent, actor).where(FileContent.file_id == found.id)
    return db.session.scalars(wanted).one()


def kept_of(person_ids: Collection[int]) -> Sequence[PersonFile]:
    """The files of these people without their bytes, whoever asks: for records that become one."""
    wanted = select(PersonFile).where(col(PersonFile.person_id).in_(person_ids)).order_by(col(PersonFile.id))
    return db.session.scalars(unscoped_for("a merge moves files", wanted)).all()


def all_of(person_id: int) -> Sequence[tuple[PersonFile, FileContent]]:
    """Every file with its bytes, whoever asks: for telling a person all of it, and for forgetting it."""
    wanted = (
        select(PersonFile, FileContent)
        .join(FileContent, col(FileContent.file_id) == PersonFile.id)
        .where(PersonFile.person_id == person_id)
        .order_by(col(PersonFile.id))
    )
    found = db.session.execute(unscoped_for("a person's own rights", wanted))
    return [(one, content) for one, content in found]
