"""Entrusting a person to a partner, and taking it back."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.network import queries
from yishang_crm.network.models import Entrusted
from yishang_crm.people.models import Person


@action(Permission.NETWORK_WRITE)
def entrust(actor: Actor, person: Person, *, partner: Person) -> Entrusted:
    """Let a partner see a person and keep touch with them; both were found for the actor.

    Raises `NotPossible` when it stands already, or the person asked to be left alone.
    """
    if person.do_not_contact_at:
        raise NotPossible(N_("%(name)s要求不再联系，不能托付给人。"), name=person.name)
    if queries.open_entrusting(actor, partner_id=partner.id or 0, person_id=person.id or 0):
        raise NotPossible(N_("%(name)s早已托付给%(partner)s。"), name=person.name, partner=partner.name)
    return put(actor, person_id=person.id or 0, partner_id=partner.id or 0, unit_id=actor.unit_id or 0)


@action(Permission.NETWORK_WRITE)
def end_entrusting(actor: Actor, row: Entrusted, *, reason: str) -> None:
    """From now on the partner does not see the person any more, unless they introduced them."""
    about(row)
    row.end(at=now(), reason=reason)


def put(actor: Actor, *, person_id: int, partner_id: int, unit_id: int) -> Entrusted:
    """Within an open action: the row that stands between the two, made if there is none."""
    if person_id == partner_id:
        raise NotPossible(N_("不能把一个人托付给他自己。"))
    row = queries.open_entrusting(actor, partner_id=partner_id, person_id=person_id)
    if row is None:
        row = Entrusted(partner_id=partner_id, person_id=person_id, unit_id=unit_id, by=actor.name)
        db.session.add(row)
    return row
