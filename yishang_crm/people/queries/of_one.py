"""Every row about one person, whoever asks: for telling them all of it, and for forgetting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.exports.models import Export, ExportState
from yishang_crm.people.models import (
    ContactPoint,
    Organization,
    Person,
    Position,
    Stewardship,
)
from yishang_crm.people.models.brought import BatchState, ImageKind, ImportBatch, ImportImage, ImportRow

_WHY = "a person's own rights"
MOST_DEEDS = 500


@dataclass(frozen=True)
class Rows:
    """One person with their parts, and the exports whose file still lies on the disk."""

    person: Person
    contacts: Sequence[ContactPoint]
    posts: Sequence[tuple[Position, Organization]]
    stewards: Sequence[tuple[Stewardship, Unit]]
    exports_standing: Sequence[Export]


def rows_of(person_id: int) -> Rows:
    """Five statements. Raises when there is no such person: whoever calls has found them before."""
    posts = (
        select(Position, Organization)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .where(Position.person_id == person_id)
        .order_by(col(Position.rank), col(Position.id))
    )
    stewards = (
        select(Stewardship, Unit)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .where(Stewardship.person_id == person_id)
        .order_by(col(Stewardship.answerable).desc(), col(Unit.display_order))
    )
    contacts = (
        select(ContactPoint).where(ContactPoint.person_id == person_id).order_by(col(ContactPoint.rank))
    )
    standing = select(Export).where(
        col(Export.state).in_((ExportState.READY, ExportState.MAKING, ExportState.ASKED))
    )
    return Rows(
        person=db.session.scalars(unscoped_for(_WHY, select(Person).where(Person.id == person_id))).one(),
        contacts=_all(contacts),
        posts=[tuple(row) for row in db.session.execute(unscoped_for(_WHY, posts))],
        stewards=[tuple(row) for row in db.session.execute(unscoped_for(_WHY, stewards))],
        exports_standing=_all(standing),
    )


def open_batches_with(person_id: int) -> Sequence[ImportBatch]:
    """Files not yet written or thrown away in which a row was recognized as this person."""
    rows = sa.exists().where(col(ImportRow.batch_id) == ImportBatch.id, col(ImportRow.person_id) == person_id)
    states = (BatchState.CHECKED, BatchState.WRITING)
    return _all(select(ImportBatch).where(col(ImportBatch.state).in_(states), rows))


def import_rows_of(person_id: int) -> Sequence[ImportRow]:
    return _all(select(ImportRow).where(ImportRow.person_id == person_id))


def images_of(person_id: int) -> Sequence[ImportImage]:
    """What undoing an import would bring back of them."""
    named = ImportImage.subject_id == person_id, ImportImage.kind != ImageKind.ORGANIZATION
    return _all(select(ImportImage).where(*named))


def exports_naming(words: Sequence[str]) -> Sequence[Export]:
    """Exports whose filter was one of these words."""
    if not words:
        return []
    named = sa.or_(*(col(Export.said).contains(word, autoescape=True) for word in words))
    return _all(select(Export).where(named))


def deeds_about(person_id: int) -> Sequence[tuple[Any, str, str]]:
    """When, who, which deed: the latest five hundred entries of the trail about this person."""
    wanted = (
        sa.select(AuditEntry.at, AuditEntry.actor_name, AuditEntry.verb)
        .where(col(AuditEntry.about) == f"person:{person_id}")
        .order_by(col(AuditEntry.id).desc())
        .limit(MOST_DEEDS)
    )
    return [tuple(row) for row in db.session.execute(unscoped_for(_WHY, wanted))]


def _all(wanted: Any) -> Sequence[Any]:
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()
