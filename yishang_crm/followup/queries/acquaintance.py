"""When two were last in touch, for the ways to somebody that `people` draws: entries the actor may read, and no others."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.followup.models import Interaction, Participant
from yishang_crm.followup.queries.interactions import readable_to
from yishang_crm.people.acquaintance import LastContacts


def last_contacts(
    actor: Actor, colleagues: Collection[tuple[int, int]], people: Collection[tuple[int, int]]
) -> LastContacts:
    """The people in both kinds of pairs were found for the actor. At most two statements."""
    return LastContacts(_of_colleagues(actor, colleagues), _of_people(actor, people))


def _of_colleagues(actor: Actor, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], dt.date]:
    if not pairs:
        return {}
    last = sa.func.max(Interaction.at)
    wanted: Any = (
        readable_to(actor)
        .join(Participant, col(Participant.interaction_id) == Interaction.id)
        .where(col(Participant.person_id).in_({person_id for _user, person_id in pairs}))
        # The `+ 0` leaves SQLite one way only, from the few people to their entries, not from all that a colleague logged.
        .where((col(Interaction.user_id) + 0).in_({user_id for user_id, _person in pairs}))
        .with_only_columns(col(Interaction.user_id), col(Participant.person_id), last)
        .group_by(col(Interaction.user_id), col(Participant.person_id))
    )
    found = {(user_id, person_id): _day(at) for user_id, person_id, at in db.session.execute(wanted)}
    return {pair: day for pair, day in found.items() if pair in pairs}


def _of_people(actor: Actor, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], dt.date]:
    """Entries with both of them: a dinner, a visit together."""
    if not pairs:
        return {}
    one, other = aliased(Participant), aliased(Participant)
    ids = {person_id for pair in pairs for person_id in pair}
    wanted: Any = (
        readable_to(actor)
        .join(one, one.interaction_id == col(Interaction.id))
        .join(other, sa.and_(other.interaction_id == one.interaction_id, other.person_id > one.person_id))
        .where(one.person_id.in_(ids), other.person_id.in_(ids))
        .with_only_columns(one.person_id, other.person_id, sa.func.max(Interaction.at))
        .group_by(one.person_id, other.person_id)
    )
    found = {(a, b): _day(at) for a, b, at in db.session.execute(wanted)}
    return {pair: day for pair, day in found.items() if pair in pairs}


def _day(at: dt.datetime) -> dt.date:
    return local(at).date()
