"""Introductions: proposed by a partner, accepted or refused by the unit."""

import datetime as dt
import secrets
from collections.abc import Mapping

from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now, today
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.followup import actions as followup
from yishang_crm.network import queries
from yishang_crm.network.actions import entrusting
from yishang_crm.network.models import Introduction
from yishang_crm.people import actions as people
from yishang_crm.people.actions.contacts import normalized
from yishang_crm.people.models import Person, Tier

MOST_WAITING = 30
_NOT_JOINED = N_("您的账号还没有和您的资料对上，请联系对接的同志。")


@action(Permission.PORTAL_USE)
def introduce(
    actor: Actor,
    *,
    name: str,
    what: str,
    organization: str = "",
    title: str = "",
    phone: str = "",
    city: str = "",
    may_be_named: bool = False,
    client_id: str = "",
) -> Introduction:
    """Propose somebody to the unit that keeps touch with the partner. Nothing is looked up, so nothing is betrayed.

    Sent again under the same `client_id`, the first one is returned and nothing changes. Raises `NotPossible`.
    """
    partner, keeper = queries.own_person(actor), queries.keeper_of(actor)
    if partner is None or keeper is None:
        raise NotPossible(_NOT_JOINED)
    client_id = f"{actor.key}/{client_id[:60] or secrets.token_hex(16)}"
    if before := queries.first_sent(client_id):
        note(sent_again=f"introduction:{before.id}")
        return before
    if queries.waiting_by(partner.id or 0) >= MOST_WAITING:
        raise NotPossible(N_("您有%(most)s条引荐还在等回话，请等一等再提。"), most=MOST_WAITING)
    proposed = Introduction(
        partner_id=partner.id or 0,
        partner_name=partner.name,
        unit_id=keeper.unit_id,
        client_id=client_id,
        name=name.strip(),
        organization=organization,
        title=title,
        phone=Sealed(normalized(phone, kind=None)[1]) if phone else None,
        city=city,
        what=what.strip(),
        may_be_named=may_be_named,
    )
    stored = queries.kept(proposed)
    if stored is proposed:
        about(stored)
        _promise_answer(stored, partner=partner, user_id=keeper.liaison_id)
    return stored


@action(Permission.NETWORK_WRITE)
def accept_introduction(
    actor: Actor,
    introduction: Introduction,
    *,
    person: Person | None = None,
    unit_id: int | None = None,
    tier: Tier = Tier.C,
    details: Mapping[str, str] | None = None,
) -> Person:
    """Accept it: for `person`, who was in the record already (found for the actor), or for somebody new kept by
    `unit_id`. They are entrusted to the partner. `details`: name, organization, title, city where the unit put them right.

    Raises `NotPossible` when it was answered, or the phone already belongs to somebody.
    """
    introduction.must_be_waiting()
    said = {name: getattr(introduction, name) for name in ("name", "organization", "title", "city")}
    said |= {name: value for name, value in (details or {}).items() if value}
    if person is None:
        person = people.add_person(
            actor,
            name=said["name"],
            unit_id=unit_id or (introduction.unit_id if actor.sees_all else None),
            phone=introduction.phone.whole() if introduction.phone else "",
            organization=said["organization"],
            title=said["title"] if said["organization"] else "",
            residence=said["city"],
            tier=tier,
            source=N_("%(name)s引荐") % {"name": introduction.partner_name},
        )
    introduction.accept(person_id=person.id or 0, at=now(), by=actor.name)
    about(introduction)
    entrusting.put(
        actor,
        person_id=person.id or 0,
        partner_id=introduction.partner_id,
        unit_id=actor.unit_id or introduction.unit_id,
    )
    _keep_promise(actor, introduction)
    return person


@action(Permission.NETWORK_WRITE)
def refuse_introduction(actor: Actor, introduction: Introduction, *, reason: str) -> None:
    """Refuse it with a reason, which the partner reads."""
    about(introduction)
    introduction.refuse(reason=reason, at=now(), by=actor.name)
    _keep_promise(actor, introduction)


@action(Permission.PEOPLE_OPEN_CONTACT)
def open_introduced_phone(actor: Actor, introduction: Introduction) -> str:
    """The whole number that a partner wrote; the entry is the trace."""
    if not introduction.phone:
        raise NotPossible(N_("引荐人没有留电话。"))
    about(introduction)
    opened(actor, f"introduction:{introduction.id}")
    return introduction.phone.whole()


def _promise_answer(introduction: Introduction, *, partner: Person, user_id: int | None) -> None:
    """A partner hears within a day (domain.md §9.3)."""
    followup.add_task(
        HOUSE,
        what=N_("回复%(partner)s的引荐：%(name)s") % {"partner": partner.name, "name": introduction.name},
        due_on=today() + dt.timedelta(days=1),
        unit_id=introduction.unit_id,
        user_id=user_id,
        origin=f"introduction:{introduction.id}",
    )


def _keep_promise(actor: Actor, introduction: Introduction) -> None:
    for task in queries.tasks_out_of(actor, f"introduction:{introduction.id}"):
        followup.finish_task(actor, task)
