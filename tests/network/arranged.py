"""Small things the tests of this room arrange: two partners in two counties, each with people of their own."""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.people.arranged import somebody
from yishang_crm.accounts import actors
from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.sealed import Sealed
from yishang_crm.network import actions
from yishang_crm.network.models import Appointment, AppointmentKind, Introduction
from yishang_crm.people.models import Person


@contextlib.contextmanager
def arranging(app: Flask) -> Iterator[None]:
    """What stands before the story begins; committed, so that pages see it."""
    with app.app_context(), writing():
        yield
        db.session.commit()


@action(Permission.ADMIN_USERS)
def tie(actor: Actor, login: str, person: Person, email: str) -> None:
    """An account and its person, as an installation's beginning makes them."""
    user = accounts.user_by_login(login)
    user.person_id, user.email = person.id, Sealed(email) if email else None


@dataclasses.dataclass
class Partner:
    """A partner as themselves, their record and their appointment."""

    actor: Actor
    person: Person
    appointment: Appointment


def partner(
    by: Actor, login: str, name: str, *, phone: str, email: str = "", days: int = 700, **details: Any
) -> Partner:
    """A partner appointed by a unit's colleague, with an account tied to the record."""
    person = somebody(by, name, phone=phone, title="会长", organization=f"{name[:1]}氏商会")
    tie(HOUSE, login, person, email)
    appointment = actions.appoint(
        by,
        person,
        kind=details.pop("kind", AppointmentKind.AMBASSADOR),
        starts_on=today() - dt.timedelta(days=30),
        ends_on=today() + dt.timedelta(days=days),
        liaison_id=by.id,
        **details,
    )
    return Partner(actors.of_login(login), person, appointment)


def proposed(by: Actor, name: str = "章大枫", **details: Any) -> Introduction:
    wanted = {
        "what": "想在桐城建一个轴承厂",
        "organization": "东莞大枫轴承 董事长",
        "phone": "19900000555",
    } | details
    return actions.introduce(by, name=name, **wanted)
