"""Guests of two people who become one; and where a link, a pass or a code of a guest that is gone leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.conference.models import Approval, Edition, Guest, MergedGuest, Nomination, Onsite, Reply
from yishang_crm.conference.queries.guests import visible_to
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for

_WHY = "merge"

_APPROVALS = (
    Approval.REJECTED, Approval.WITHDRAWN, Approval.SUBMITTED, Approval.RESERVE, Approval.PRELIM_OK, Approval.APPROVED,
)  # fmt: skip
_REPLIES = (
    Reply.NONE, Reply.TENTATIVE, Reply.CANCELLED, Reply.DECLINED, Reply.DELEGATED, Reply.ACCEPTED,
)  # fmt: skip
_ONSITE = (Onsite.EXPECTED, Onsite.NO_SHOW, Onsite.ARRIVED, Onsite.LEFT, Onsite.CHECKED_IN)


@dataclass(frozen=True)
class Double:
    """Guests of one edition who become one. The row with the highest number stays, so that no number is ever given again;
    `further` is the one whose states hold: who is here before who is expected, who answered before who did not."""

    stays: Guest
    further: Guest
    gone: tuple[Guest, ...]


def guests_of(person_ids: Iterable[int]) -> Sequence[Guest]:
    wanted = select(Guest).where(col(Guest.person_id).in_(list(person_ids))).order_by(col(Guest.id))
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(unscoped_for(_WHY, fresh)).all()


def doubles(person_ids: Iterable[int]) -> list[Double]:
    """Editions on whose list more than one of these people stand."""
    by_edition: dict[int, list[Guest]] = {}
    for guest in guests_of(person_ids):
        by_edition.setdefault(guest.edition_id, []).append(guest)
    return [
        Double(some[-1], max(some, key=how_far), tuple(some[:-1]))
        for some in by_edition.values()
        if len(some) > 1
    ]


def how_far(guest: Guest) -> tuple[int, ...]:
    """Comparable: on site, approved, answered, with a letter, then the newer."""
    return (
        _ONSITE.index(guest.onsite),
        _APPROVALS.index(guest.approval),
        _REPLIES.index(guest.reply),
        int(guest.letter_number is not None),
        guest.id or 0,
    )


def nominations_of(guest_ids: Iterable[int]) -> Sequence[Nomination]:
    wanted = (
        select(Nomination).where(col(Nomination.guest_id).in_(list(guest_ids))).order_by(col(Nomination.id))
    )
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def leading_to(guest_ids: Iterable[int]) -> Sequence[MergedGuest]:
    wanted = select(MergedGuest).where(col(MergedGuest.guest_id).in_(list(guest_ids)))
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def counted(actor: Actor, person_ids: Sequence[int]) -> dict[int, int]:
    """How many invitations each of these people has, as far as the actor sees them."""
    counting = visible_to(actor).with_only_columns(col(Guest.person_id), sa.func.count())
    counting = counting.where(col(Guest.person_id).in_(list(person_ids))).group_by(col(Guest.person_id))
    return {person_id: int(count) for person_id, count in db.session.execute(counting)}


def editions_of_doubles(actor: Actor, person_ids: Sequence[int]) -> list[str]:
    """The names of editions on whose list more than one of these people stand, as far as the actor sees them."""
    wanted = (
        visible_to(actor)
        .join(Edition, col(Edition.id) == Guest.edition_id)
        .with_only_columns(col(Edition.name))
        .where(col(Guest.person_id).in_(list(person_ids)))
        .group_by(col(Edition.id), col(Edition.name))
        .having(sa.func.count() > 1)
    )
    return list(db.session.scalars(wanted))


# For those who hold what a guest gave out


def led_on(named: tuple[int, int]) -> tuple[int, int] | None:
    """Where a token of a guest who is gone leads: the guest and generation as they now stand; None for any other."""
    guest_id, generation = named
    wanted = (
        sa.select(MergedGuest.generation, Guest.id, Guest.token_generation)
        .join(Guest, col(Guest.id) == MergedGuest.guest_id)
        .where(MergedGuest.old_id == guest_id)
    )
    found = db.session.execute(unscoped_for("guest token", wanted)).one_or_none()
    if found is None or found[0] & 0xFF != generation & 0xFF:
        return None
    return int(found[1]), int(found[2]) & 0xFF


def merged_codes(indexes: Sequence[str]) -> list[int]:
    """Guests to whom a code leads that was given to a guest who is gone."""
    wanted = select(MergedGuest.guest_id).where(col(MergedGuest.code_index).in_(indexes))
    return list(db.session.scalars(unscoped_for("reply code", wanted)))
