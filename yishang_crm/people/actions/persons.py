"""Adding and changing a person, their posts, and who keeps them."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed, blind_index
from yishang_crm.core.words import N_
from yishang_crm.people import birthdays, names, places, queries
from yishang_crm.people.actions.contacts import must_not_be_erased, put_contact
from yishang_crm.people.models import (
    ContactKind,
    Organization,
    OrganizationKind,
    Person,
    Place,
    Position,
    Stewardship,
    StewardshipKind,
)


@action(Permission.PEOPLE_WRITE)
def add_person(
    actor: Actor,
    *,
    name: str,
    unit_id: int | None = None,
    phone: str = "",
    email: str = "",
    organization: str = "",
    title: str = "",
    **details: Any,
) -> Person:
    """Add a person kept by `unit_id` (the actor's own unit unless the actor sees all and says otherwise).

    Raises `NotPossible` when the phone already belongs to somebody, naming only the unit to ask.
    """
    name = names.clean_name(name)
    if not name:
        raise NotPossible(N_("请写上姓名。"))
    person = Person(name=name, name_key=names.simplified_key(name), **details)
    birthdays.must_be_a_day(person.born, today=today())
    must_not_be_erased(person.lawful_basis, name=name, firm=organization)
    db.session.add(person)
    db.session.flush()
    about(person)
    keep(actor, person, unit_id=_own_unit(actor, unit_id), user_id=actor.id if actor.kind == "user" else None)
    if phone:
        put_contact(actor, person, kind=None, typed=phone)
    if email:
        put_contact(actor, person, kind=ContactKind.EMAIL, typed=email)
    if organization:
        put_post(person, organization=organization, title=title)
    return person


@action(Permission.PEOPLE_WRITE)
def edit_person(actor: Actor, person: Person, *, version: int, **values: Any) -> None:
    """Change what the form may change. Raises `Stale` when somebody saved in between."""
    person.must_be_version(version)
    if "name" in values:
        values["name"] = names.clean_name(values["name"])
        values["name_key"] = names.simplified_key(values["name"])
    before = person.born
    person.edit(**values)
    if (
        person.born != before
    ):  # what was brought by a file may be odd, and is no hindrance to another correction
        birthdays.must_be_a_day(person.born, today=today())


@action(Permission.PEOPLE_WRITE)
def confirm(actor: Actor, person: Person) -> None:
    """Somebody checked that the record is still true."""
    person.confirm(at=now(), by=actor.name)


@action(Permission.PEOPLE_WRITE)
def forbid_contact(actor: Actor, person: Person, *, reason: str) -> None:
    """The person asked to be left alone: not greeted, not invited, not written to."""
    if person.do_not_contact_at:
        raise NotPossible(N_("%(name)s早已要求不再联系。"), name=person.name)
    person.do_not_contact_at = now()
    note(reason=reason)


@action(Permission.PEOPLE_WRITE)
def reach_again(actor: Actor, person: Person, *, reason: str) -> None:
    """The person agreed to be reached again."""
    person.do_not_contact_at = None
    note(reason=reason)


@action(Permission.PEOPLE_SHARE)
def share(actor: Actor, person: Person, unit: Unit) -> Stewardship:
    """Let another unit see and work with a person."""
    about(person)
    if queries.is_kept_by(actor, person, unit):
        raise NotPossible(N_("%(unit)s已经能看到%(name)s。"), unit=unit.name, name=person.name)
    return keep(actor, person, unit_id=unit.id or 0, kind=StewardshipKind.SHARED)


@action(Permission.PEOPLE_WRITE)
def set_id_number(actor: Actor, person: Person, *, number: str) -> None:
    """Keep an ID number, encrypted at rest (only where security asks for it; domain.md §2.5)."""
    number = number.strip().upper()
    person.id_number = Sealed(number) if number else None
    person.id_number_index = blind_index(number) if number else None


@action(Permission.PEOPLE_OPEN_CONTACT)
def open_id_number(actor: Actor, person: Person) -> str:
    """The whole ID number; the entry is the trace."""
    about(person)
    opened(actor, "id_number")
    return person.id_number.whole() if person.id_number else ""


@action(Permission.HOUSEKEEPING)
def reencrypt_id_numbers(actor: Actor) -> int:
    """After a fresh key was put first: every ID number again, under it. Returns how many."""
    people = queries.people_with_id_number(actor)
    for person in people:
        number = person.id_number.whole() if person.id_number else ""
        person.id_number, person.id_number_index = None, None
        db.session.flush()
        person.id_number, person.id_number_index = Sealed(number), blind_index(number)
    return len(people)


@action(Permission.ADMIN_UNITS)
def seed_places(actor: Actor) -> int:
    """Put the shipped dictionary of native places into an empty table. Returns how many entries were added."""
    if queries.places():
        return 0
    rows = places.seed_rows()
    for order, row in enumerate(rows):
        columns = asdict(row) | {"aliases": "|".join(row.aliases), "display_order": order}
        columns.pop("order")
        db.session.add(Place(**columns))
    return len(rows)


def put_post(person: Person, *, organization: str, title: str, since: dt.date | None = None,
             kind: OrganizationKind | None = None) -> Position:  # fmt: skip
    """A post within an open action."""
    firm = put_organization(organization, kind=kind)
    post = Position(person_id=person.id or 0, organization_id=firm.id or 0, title=title, since=since)
    db.session.add(post)
    return post


def put_organization(name: str, *, kind: OrganizationKind | None = None) -> Organization:
    """The organization of this name, made if it is new (within an open action)."""
    name = name.strip()
    key = names.simplified_key(name)
    found = queries.organization_named(key)
    if found is None:
        found = Organization(name=name, name_key=key, short_name=short_name(name), kind=kind or kind_of(name))
        db.session.add(found)
        db.session.flush()
    return found


def keep(actor: Actor, person: Person, *, unit_id: int, user_id: int | None = None,
         kind: StewardshipKind = StewardshipKind.STEWARD) -> Stewardship:  # fmt: skip
    """A unit keeps a person (within an open action)."""
    steward = Stewardship(
        person_id=person.id or 0,
        unit_id=unit_id,
        user_id=user_id,
        kind=kind,
        answerable=kind == StewardshipKind.STEWARD,
    )
    db.session.add(steward)
    return steward


_ENDINGS = (
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "（集团）有限公司",
    "有限公司",
    "集团公司",
    "公司",
)


def short_name(name: str) -> str:
    """`深圳市望岳精密科技有限公司` → `深圳望岳精密科技`; what has no such ending stays as it is."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
            break
    short = name[:2] + name[3:] if len(name) > 5 and name[2] == "市" else name
    return short[:60]  # as much as its column holds


_KINDS = (
    ("商会", OrganizationKind.CHAMBER), ("协会", OrganizationKind.ASSOCIATION), ("联谊会", OrganizationKind.ASSOCIATION),
    ("基金", OrganizationKind.FUND), ("大学", OrganizationKind.SCHOOL), ("学院", OrganizationKind.SCHOOL),
    ("中学", OrganizationKind.SCHOOL), ("局", OrganizationKind.DEPARTMENT), ("委员会", OrganizationKind.DEPARTMENT),
)  # fmt: skip


def kind_of(name: str) -> OrganizationKind:
    """What an organization's name says it is; a company unless it says otherwise."""
    return next((kind for ending, kind in _KINDS if name.endswith(ending)), OrganizationKind.COMPANY)


def _own_unit(actor: Actor, unit_id: int | None) -> int:
    if unit_id is None:
        if actor.unit_id is None:
            raise NotPossible(N_("请说明由哪个单位负责联系。"))
        return actor.unit_id
    if not actor.sees_all and unit_id not in actor.unit_ids:
        raise NotPossible(N_("只能记在本单位名下。"))
    return unit_id
