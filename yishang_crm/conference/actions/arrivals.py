"""Arriving, as this room knows it; desks with their nonces and holds are those of `reception`."""

from yishang_crm.conference.models import Approval, Edition, Guest, Reply
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.actions.persons import keep, put_post
from yishang_crm.people.models import Person

WALK_IN = N_("临时来宾")


@action(Permission.RECEPTION_CHECK_IN)
def check_in(actor: Actor, guest: Guest, *, at: Moment) -> list[str]:
    """The guest is here. Nobody is refused at the desk: what is odd is returned, as sentences, and sorted out later."""
    odd = odd_about(guest)
    about(guest)
    guest.check_in(at=at)
    note(odd=len(odd))
    return odd


def odd_about(guest: Guest) -> list[str]:
    """What a desk should know before it waves a guest through."""
    found = []
    if guest.checked_in_at:
        found.append(N_("已经报到过。"))
    if guest.approval != Approval.APPROVED:
        found.append(N_("邀请没有审定，或者已经撤回。"))
    if guest.reply in (Reply.NONE, Reply.TENTATIVE):
        found.append(N_("还没有答复。"))
    if guest.reply in (Reply.DECLINED, Reply.CANCELLED):
        found.append(N_("答复过不能参加。"))
    return found


@action(Permission.RECEPTION_CHECK_IN)
def walk_in(
    actor: Actor, edition: Edition, *, name: str, organization: str = "", at: Moment | None = None
) -> Guest:
    """Somebody who is on no list comes in as 临时来宾 (domain.md §2.8), kept by the desk's unit until sorted out."""
    name = names.clean_name(name)
    if not name or actor.unit_id is None:
        raise NotPossible(N_("请写上姓名。"))
    person = Person(name=name, name_key=names.simplified_key(name), source=f"{edition.name}{WALK_IN}"[:120])
    db.session.add(person)
    db.session.flush()
    keep(actor, person, unit_id=actor.unit_id)
    if organization:
        put_post(person, organization=organization, title="")
    guest = Guest(edition_id=edition.id or 0, person_id=person.id or 0, unit_id=actor.unit_id, level=person.tier.value,
                  nominated_by=actor.name, reason=WALK_IN)  # fmt: skip
    guest.check_in(at=at or now())
    db.session.add(guest)
    db.session.flush()
    about(guest)
    return guest
