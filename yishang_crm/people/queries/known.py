"""Whom the rows of a file may mean: people the actor may see, and who else holds a number, by unit only."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.people.birthdays import Birth, as_listed
from yishang_crm.people.models import (
    BirthCalendar,
    ContactKind,
    ContactLabel,
    ContactPoint,
    Organization,
    Person,
    Position,
    Stewardship,
)
from yishang_crm.people.queries.persons import visible_to

# Row field → column of Person. Posts and contact points are compared apart.
COLUMNS = {
    "gender": "gender",
    "native_place": "native_place",
    "native_town": "native_town",
    "city": "residence",
    "industry": "industry",
    "name_en": "romanized_name",
}
_LIMITS = {"native_place": 40, "native_town": 40, "residence": 60, "industry": 60, "romanized_name": 80}


def cut(column: str, text: str) -> str:
    """A file's value as long as the column takes it."""
    return text[: _LIMITS.get(column, 2000)]


@dataclass(frozen=True, slots=True)
class Post:
    """A post at a firm, by its comparison key; `id` is None for one that a row of the file brings."""

    id: int | None
    key: str
    title: str


@dataclass(eq=False, slots=True)
class Known:
    """A person of the database, or somebody whom an earlier row (`row`) of the file brings."""

    name: str
    key: str
    told: dict[str, str]
    born: Birth = field(default_factory=Birth)
    person_id: int | None = None
    row: int | None = None
    source: str = ""
    version: int = 1
    confirmed_on: dt.date | None = None
    confirmed: tuple[dt.datetime | None, str] = (None, "")
    phones: set[Sealed] = field(default_factory=set)
    phones_of_others: set[Sealed] = field(default_factory=set)
    wechats: set[Sealed] = field(default_factory=set)
    former_names: str = ""
    note: str = ""
    emails: set[Sealed] = field(default_factory=set)
    posts: list[Post] = field(default_factory=list)

    @property
    def birth(self) -> str:
        return as_listed(self.born)


class People:
    """An index that grows as a file is read: by phone, by mail address, by name."""

    def __init__(self, actor: Actor, *, hold: bool = False) -> None:
        """`hold`: nobody else changes those who are found until this transaction ends."""
        self._actor = actor
        self._hold = hold
        self._people: dict[int, Known] = {}
        self._by_phone: dict[Sealed, list[Known]] = defaultdict(list)
        self._by_mail: dict[Sealed, Known] = {}
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._elsewhere: dict[Sealed, str] = {}

    def look_up(
        self, *, phones: set[Sealed], mails: set[Sealed], keys: set[str], ids: Collection[int] = ()
    ) -> None:
        """Everybody of the database whom some rows may mean, `ids` for certain; four statements."""
        for one in self._fresh(phones | mails, keys, ids):
            self.add(one)
        if not self._actor.sees_all:
            unknown = {
                value
                for value in phones | mails
                if not self._by_phone.get(value) and value not in self._by_mail
            }
            self._elsewhere |= _elsewhere(unknown)

    def add(self, one: Known) -> None:
        self._by_name[one.key].append(one)
        self.learn(one, one.phones)
        for mail in one.emails:
            self._by_mail.setdefault(mail, one)

    def learn(self, one: Known, phones: Iterable[Sealed]) -> None:
        """Somebody gets these numbers from a row."""
        for phone in phones:
            one.phones.add(phone)
            if one not in self._by_phone[phone]:
                self._by_phone[phone].append(one)

    def of_id(self, person_id: int | None) -> Known | None:
        """Somebody who was asked for by id; None when the actor does not see them."""
        return self._people.get(person_id) if person_id is not None else None

    def holders(self, phones: Iterable[Sealed]) -> list[Known]:
        found = {id(one): one for phone in phones for one in self._by_phone.get(phone, ())}
        return list(found.values())

    def mail_of(self, mail: Sealed) -> Known | None:
        return self._by_mail.get(mail)

    def unit_of(self, values: Iterable[Sealed]) -> str | None:
        """Which unit keeps the person outside the actor's sight who holds one of these."""
        return next((self._elsewhere[value] for value in values if value in self._elsewhere), None)

    def alike(self, key: str, is_alike: Callable[[Known], bool]) -> Known | None:
        return next((one for one in self._by_name.get(key, ()) if is_alike(one)), None)

    def _fresh(self, values: set[Sealed], keys: set[str], ids: Collection[int]) -> list[Known]:
        held = select(ContactPoint.person_id).where(col(ContactPoint.value).in_(values))
        either = [col(Person.name_key).in_(keys), col(Person.id).in_(held)]
        if ids:
            either.append(col(Person.id).in_(ids))
        wanted = visible_to(self._actor).where(sa.or_(*either))
        wanted = wanted.with_only_columns(*_READ).order_by(col(Person.id))
        rows = db.session.execute(wanted.with_for_update() if self._hold else wanted).all()
        fresh = {row.id: _known(row) for row in rows if row.id not in self._people}
        self._people |= fresh
        if fresh:
            self._add_contacts(fresh)
            self._add_posts(fresh)
        return list(fresh.values())

    def _add_contacts(self, people: dict[int, Known]) -> None:
        wanted = scoped(ContactPoint, self._actor).where(col(ContactPoint.person_id).in_(list(people)))
        wanted = wanted.with_only_columns(
            ContactPoint.person_id, ContactPoint.kind, ContactPoint.value, ContactPoint.label
        )
        for person_id, kind, value, label in db.session.execute(wanted):
            one = people[person_id]
            if kind == ContactKind.EMAIL:
                one.emails.add(value)
            elif kind == ContactKind.WECHAT:
                one.wechats.add(value)
            else:
                # A secretary may answer for several: only one's own number says who somebody is.
                (one.phones if label == ContactLabel.SELF else one.phones_of_others).add(value)

    def _add_posts(self, people: dict[int, Known]) -> None:
        wanted = scoped(Position, self._actor).join(
            Organization, col(Organization.id) == Position.organization_id
        )
        wanted = wanted.with_only_columns(
            Position.person_id, Position.id, Organization.name_key, Position.title
        ).order_by(col(Position.until).is_not(None), col(Position.rank), col(Position.id))
        for person_id, post_id, key, title in db.session.execute(
            wanted.where(col(Position.person_id).in_(list(people)))
        ):
            people[person_id].posts.append(Post(post_id, key, title))


_READ = (
    col(Person.id), col(Person.name), col(Person.name_key), col(Person.birth_year), col(Person.birth_month),
    col(Person.birth_day), col(Person.birth_calendar), col(Person.birth_in_leap_month), col(Person.confirmed_at), col(Person.confirmed_by), col(Person.source), col(Person.version),
    col(Person.former_names), col(Person.note),
    *(getattr(Person, column) for column in COLUMNS.values()),
)  # fmt: skip


def _known(row: Any) -> Known:
    return Known(
        name=row.name,
        key=row.name_key,
        told={column: str(getattr(row, column) or "") for column in COLUMNS.values()},
        born=Birth(
            row.birth_year,
            row.birth_month,
            row.birth_day,
            is_lunar=row.birth_calendar == BirthCalendar.LUNAR,
            in_leap_month=row.birth_in_leap_month,
        ),
        person_id=row.id,
        source=row.source,
        former_names=row.former_names,
        note=row.note,
        version=row.version,
        confirmed_on=local(row.confirmed_at).date() if row.confirmed_at else None,
        confirmed=(row.confirmed_at, row.confirmed_by),
    )


def _elsewhere(values: set[Sealed]) -> dict[Sealed, str]:
    wanted = (
        select(ContactPoint.value, Unit.name)
        .join(Stewardship, col(Stewardship.person_id) == ContactPoint.person_id)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .where(col(ContactPoint.value).in_(values), ContactPoint.label == ContactLabel.SELF)
        .order_by(col(Stewardship.answerable))
    )
    return dict(db.session.execute(unscoped_for("whom to ask", wanted)).all())
