"""Every invitation of one person, whoever asks: for telling them, and for forgetting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from yishang_crm.conference.models import Edition, Guest, Nomination
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed

_WHY = "a person's own rights"


@dataclass(frozen=True)
class Invited:
    guest: Guest
    edition: Edition
    nominations: Sequence[Nomination]


def invitations_of(person_id: int) -> list[Invited]:
    """By edition, the oldest first; two statements."""
    wanted = (
        select(Guest, Edition)
        .join(Edition, col(Edition.id) == Guest.edition_id)
        .where(Guest.person_id == person_id)
        .order_by(col(Edition.starts_at))
    )
    found = [tuple(row) for row in db.session.execute(unscoped_for(_WHY, wanted))]
    of_them = select(Nomination).where(col(Nomination.guest_id).in_([guest.id for guest, _ in found]))
    nominations = db.session.scalars(unscoped_for(_WHY, of_them)).all()
    return [
        Invited(guest, edition, [one for one in nominations if one.guest_id == guest.id])
        for guest, edition in found
    ]


def guests_with_delegate(words: Sequence[str]) -> Sequence[Guest]:
    """Guests of others whose delegate has one of these numbers."""
    if not words:
        return []
    wanted = select(Guest).where(col(Guest.delegate_phone).in_([Sealed(word) for word in words]))
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()
