"""Appointments: made, renewed, ended; and the account that goes with one."""

import datetime as dt

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.network import queries
from yishang_crm.network.actions.links import close_door
from yishang_crm.network.models import Appointment, AppointmentKind
from yishang_crm.people import names
from yishang_crm.people.models import Person, PersonState


@action(Permission.NETWORK_WRITE)
def appoint(
    actor: Actor,
    person: Person,
    *,
    kind: AppointmentKind,
    starts_on: dt.date,
    ends_on: dt.date,
    certificate_number: str = "",
    region: str = "",
    chain: str = "",
    unit_id: int | None = None,
    liaison_id: int | None = None,
) -> Appointment:
    """Appoint a person already found for the actor. `unit_id` (the actor's own unless they see all) keeps touch with
    them, `liaison_id` (a user) is the colleague they know.

    Raises `NotPossible` when one of the same kind stands, a certificate number was given before, or dates make no sense.
    """
    if person.state == PersonState.DECEASED:
        raise NotPossible(N_("%(name)s已经去世，不能聘任。"), name=person.name)
    if queries.is_appointed_as(person.id or 0, kind):
        raise NotPossible(N_("%(name)s已经在聘，请用续聘。"), name=person.name)
    return _put(
        actor,
        Appointment(
            person_id=person.id or 0,
            unit_id=_own_unit(actor, unit_id),
            liaison_id=liaison_id,
            kind=kind,
            certificate_number=certificate_number.strip() or None,
            starts_on=starts_on,
            ends_on=ends_on,
            region=region,
            chain=chain,
        ),
    )


@action(Permission.NETWORK_WRITE)
def renew_appointment(
    actor: Actor, appointment: Appointment, *, ends_on: dt.date, certificate_number: str = ""
) -> Appointment:
    """A further term from the day after the last one, with a certificate of its own; the old one ends as renewed."""
    following = Appointment(
        person_id=appointment.person_id,
        unit_id=appointment.unit_id,
        liaison_id=appointment.liaison_id,
        kind=appointment.kind,
        certificate_number=certificate_number.strip() or None,
        starts_on=appointment.ends_on + dt.timedelta(days=1),
        ends_on=ends_on,
        region=appointment.region,
        chain=appointment.chain,
    )
    appointment.end(at=now(), reason=N_("续聘"))
    return _put(actor, following)


@action(Permission.NETWORK_WRITE)
def end_appointment(actor: Actor, appointment: Appointment, *, reason: str) -> None:
    """End one before its day, or when its day is over. With the last one the portal closes and nobody stays entrusted."""
    about(appointment)
    appointment.end(
        at=now(), reason=reason
    )  # the reason stands on the row alone: what is in an entry stays for ever
    db.session.flush()
    if queries.is_appointed(appointment.person_id):
        return
    for row in queries.open_entrustings_by(actor, appointment.person_id):
        row.end(at=now(), reason=N_("聘任结束"))
    user = queries.account_of(actor, appointment.person_id)
    if user is not None:
        close_door(actor, user)


@action(Permission.NETWORK_WRITE)
def join_account(actor: Actor, appointment: Appointment, *, person: Person, login: str) -> User:
    """Say which portal account, made by an administrator, is this person's. Raises `NotPossible` if it cannot be."""
    about(appointment)
    user = queries.account_called(actor, login)
    # The name must agree, so that nobody takes another unit's partner for their own; what it is, is not told.
    if user is None or names.simplified_key(user.name) != person.name_key:
        raise NotPossible(N_("没有这个账号，或者它不是%(name)s的。账号由系统管理员建。"), name=person.name)
    if queries.account_of(actor, person.id or 0) is not None:
        raise NotPossible(N_("%(name)s已经有账号了。"), name=person.name)
    user.person_id = person.id
    user.version += 1
    appointment.user_id = user.id
    return user


def _put(actor: Actor, appointment: Appointment) -> Appointment:
    appointment.must_make_sense()
    if appointment.certificate_number and queries.has_certificate(appointment.certificate_number):
        raise NotPossible(N_("聘书编号%(number)s已经用过。"), number=appointment.certificate_number)
    user = queries.account_of(actor, appointment.person_id)
    appointment.user_id = user.id if user else None
    appointment.appointed_by = actor.name
    db.session.add(appointment)
    db.session.flush()
    about(appointment)
    return appointment


def _own_unit(actor: Actor, unit_id: int | None) -> int:
    if unit_id is None:
        if actor.unit_id is None:
            raise NotPossible(N_("请说明由哪个单位负责联系。"))
        return actor.unit_id
    if not actor.sees_all and unit_id not in actor.unit_ids:
        raise NotPossible(N_("只能记在本单位名下。"))
    return unit_id
