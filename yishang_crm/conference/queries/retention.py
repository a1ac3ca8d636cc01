"""What editions that are long over still hold of their guests; read for nobody's eyes."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.conference.models import Edition, Guest
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import Person

_WHY = "what is kept too long"


def people_with_old_id_number(*, before: dt.datetime) -> Sequence[int]:
    """Ids of people with an ID number whose last edition ended before a moment; who was never invited is nobody's question here."""
    last = (
        sa.select(col(Guest.person_id))
        .join(Edition, col(Edition.id) == Guest.edition_id)
        .group_by(col(Guest.person_id))
        .having(sa.func.max(col(Edition.ends_at)) < before)
    )
    wanted = select(Person.id).where(col(Person.id_number).is_not(None), col(Person.id).in_(last))
    return [int(found or 0) for found in db.session.scalars(unscoped_for(_WHY, wanted))]


def guests_with_old_journey(*, before: dt.datetime) -> Sequence[int]:
    """Ids of guests of editions that ended before a moment, of whose journey anything is left."""
    left = sa.or_(
        col(Guest.travel).is_not(None),
        col(Guest.travel_number) != "",
        col(Guest.arrival_place) != "",
        col(Guest.arrives_at).is_not(None),
        col(Guest.nights).is_not(None),
        col(Guest.diet) != "",
        col(Guest.companion_names) != "",
    )
    over = sa.select(col(Edition.id)).where(col(Edition.ends_at) < before)
    wanted = select(Guest.id).where(col(Guest.edition_id).in_(over), left)
    return [int(found or 0) for found in db.session.scalars(unscoped_for(_WHY, wanted))]
