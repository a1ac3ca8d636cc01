"""What a letter needs to know of a guest, and how it fares in the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from yishang_crm.conference.models import Approval, Edition, Guest
from yishang_crm.conference.queries.guests import INVITATION, PAGE, Card, Filters, cards, matching
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox.models import Message
from yishang_crm.people import queries as people


@dataclass
class Invitation(Card):
    """A card with what its letter says beside: the edition, and where mail reaches the guest."""

    edition: Edition = field(kw_only=True)
    email: Sealed | None = field(kw_only=True)


def invitations(actor: Actor, edition: Edition, guests: Sequence[Guest]) -> list[Invitation]:
    """For guests already found for the actor, in their order; three statements however many."""
    mail = people.mail_addresses(actor, [guest.person_id for guest in guests])
    return [
        Invitation(**vars(card), edition=edition, email=mail.get(card.guest.person_id))
        for card in cards(actor, guests)
    ]


def invitation(actor: Actor, guest: Guest) -> Invitation:
    return invitations(actor, db.session.get_one(Edition, guest.edition_id), [guest])[0]


def without_letter(actor: Actor, edition: Edition) -> Sequence[Guest]:
    """Approved, and no letter made yet; A before B before C."""
    wanted = matching(actor, edition, Filters(approval=Approval.APPROVED.value, letter="none"))
    return db.session.scalars(wanted.order_by(col(Guest.level), col(Guest.id))).all()


def unposted(actor: Actor, edition: Edition) -> Sequence[Guest]:
    """With a letter that nobody has given to the outbox; in the order of the numbers."""
    wanted = matching(actor, edition, Filters(approval=Approval.APPROVED.value, letter="unposted"))
    return db.session.scalars(wanted.order_by(col(Guest.letter_number))).all()


def numbered(actor: Actor, edition: Edition, *, page: int = 1) -> Sequence[Guest]:
    """Fifty of the register of letters, by number."""
    wanted = matching(actor, edition, Filters(approval=Approval.APPROVED.value, letter="made"))
    wanted = wanted.order_by(col(Guest.letter_number)).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    return db.session.scalars(wanted).all()


def code_is_taken(edition_id: int, indexes: Sequence[str], *, by_other_than: int) -> bool:
    """Whether another guest of the edition holds this code."""
    wanted = select(Guest.id).where(
        Guest.edition_id == edition_id, col(Guest.code_index).in_(indexes), Guest.id != by_other_than
    )
    return db.session.scalars(unscoped_for("codes are unique", wanted.limit(1))).first() is not None


def messages_of(actor: Actor, guests: Sequence[Guest]) -> dict[int, Message]:
    """The invitation of each guest in the outbox, the latest one, by guest id; seen through the guest."""
    by_key = {guest.key: guest.id or 0 for guest in guests}
    wanted = (
        scoped(Message, actor)
        .where(col(Message.about).in_(by_key), Message.purpose == INVITATION)
        .order_by(col(Message.id))
    )
    return {by_key[message.about]: message for message in db.session.scalars(wanted)}
