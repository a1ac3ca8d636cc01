"""Whose birthday comes, and whose stored one has passed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.bulk import follows
from yishang_crm.core.clock import today as this_day
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.birthdays import Birth, columns_of
from yishang_crm.people.models import BirthCalendar, Person, PersonState
from yishang_crm.people.queries.persons import visible_to

MOST = 200
OF_BIRTH = ("birth_year", "birth_month", "birth_day", "birth_calendar", "birth_in_leap_month")


def coming_birthdays(actor: Actor, *, first: dt.date, last: dt.date) -> Sequence[Person]:
    """People whom one may congratulate from one day to another, by the calendar in which they told their birth.

    The dead, the lost and who asked to be left alone are in no list of greetings (DESIGN §4).
    """
    by_moon = sa.and_(
        Person.birth_calendar == BirthCalendar.LUNAR, col(Person.lunar_birthday_on).between(first, last)
    )
    by_sun = sa.and_(
        Person.birth_calendar == BirthCalendar.SOLAR, col(Person.solar_birthday_on).between(first, last)
    )
    day = sa.case(
        (col(Person.birth_calendar) == BirthCalendar.LUNAR, col(Person.lunar_birthday_on)),
        else_=col(Person.solar_birthday_on),
    )
    wanted = visible_to(actor).where(
        sa.or_(by_moon, by_sun),
        col(Person.state).in_((PersonState.ACTIVE, PersonState.RETIRED)),
        col(Person.do_not_contact_at).is_(None),
    )
    return db.session.scalars(wanted.order_by(day, col(Person.id)).limit(MOST)).all()


def outdated_birthdays(*, today: dt.date, after: int, most: int) -> list[tuple[int, Birth]]:
    """Ids and births of those whose next birthday has passed or was never reckoned (many came in at once)."""
    never = sa.and_(
        col(Person.solar_birthday_on).is_(None),
        col(Person.lunar_birthday_on).is_(None),
        col(Person.birth_month).is_not(None),
        col(Person.birth_day).is_not(None),
    )
    passed = sa.or_(col(Person.solar_birthday_on) < today, col(Person.lunar_birthday_on) < today)
    wanted = (
        select(
            Person.id, Person.birth_year, Person.birth_month, Person.birth_day, Person.birth_calendar,
            Person.birth_in_leap_month,
        )
        .where(sa.or_(never, passed), col(Person.id) > after)
        .order_by(col(Person.id))
        .limit(most)
    )  # fmt: skip
    return [
        (person_id, Birth(year, month, day, is_lunar=calendar == BirthCalendar.LUNAR, in_leap_month=leap))
        for person_id, year, month, day, calendar, leap in db.session.execute(
            unscoped_for("next birthdays", wanted)
        )
    ]


# Keeping the next birthdays in step with what was written


def birth_columns(birth: Birth) -> dict[str, Any]:
    """The columns of a person's row that tell a birth. They are written together: each means nothing without the others."""
    calendar = BirthCalendar.LUNAR if birth.is_lunar else BirthCalendar.SOLAR
    return dict(
        zip(OF_BIRTH, (birth.year, birth.month, birth.day, calendar, birth.in_leap_month), strict=True)
    )


def _of_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    if any(name not in columns for name in OF_BIRTH):
        return {}
    year, month, day, calendar, leap = (columns[name] for name in OF_BIRTH)
    birth = Birth(year, month, day, is_lunar=calendar == BirthCalendar.LUNAR, in_leap_month=bool(leap))
    return dict(columns_of(birth, on_or_after=this_day()))


follows(Person, _of_columns)
