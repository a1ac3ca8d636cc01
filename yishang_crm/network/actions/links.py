"""The personal link of a partner: issued, sent, withdrawn; and the codes that open it."""

from yishang_crm.accounts import letters as accounts_letters
from yishang_crm.accounts.actions.sign_ins import end_sign_ins_of
from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.words import N_
from yishang_crm.network import letters, links, queries
from yishang_crm.network.models import Appointment, PortalLink
from yishang_crm.outbox.door import post


@action(Permission.NETWORK_WRITE)
def issue_link(actor: Actor, appointment: Appointment, *, user: User) -> PortalLink:
    """The link of the appointed person's account: the one that stands, or a new one, which ends every older one."""
    if appointment.ended_at or not user.is_active:
        raise NotPossible(N_("聘任已经结束，或者账号停用了，不能发链接。"))
    opened(actor, f"portal link of user:{user.id}")
    link = queries.link_of(actor, user, hold=True)
    if link is None:
        link = PortalLink(user_id=user.id or 0, unit_id=actor.unit_id or appointment.unit_id)
        db.session.add(link)
        db.session.flush()
    _must_be_ours(actor, link)
    if not link.is_open:
        link.issue_again(at=now())
    about(link)
    return link


@action(Permission.NETWORK_WRITE)
def send_link(actor: Actor, link: PortalLink, *, user: User) -> None:
    """By mail to the partner's own address. Raises `NotPossible` when there is none."""
    _must_be_ours(actor, link)
    about(link)
    letter = letters.personal_link(user, link, occasion=f"{now():%Y%m%d%H%M%S%f}")
    post(actor, accounts_letters.recipient(user), letter, hold=False, unit_id=None, sensitive=True)


@action(Permission.NETWORK_WRITE)
def give_code(actor: Actor, link: PortalLink) -> str:
    """A code to be told on the phone: shown once, good for half an hour and one entry."""
    _must_be_ours(actor, link)
    opened(actor, f"portal code of user:{link.user_id}", told_by=actor.key)
    link.next_code(at=now())
    about(link)
    return links.code_of(link)


@action(Permission.NETWORK_WRITE)
def withdraw_link(actor: Actor, link: PortalLink, *, user: User) -> None:
    """The phone was lost or passed on: the link opens nothing any more, and every sign-in ends."""
    _must_be_ours(actor, link)
    link.withdraw(at=now())
    about(link)
    end_sign_ins_of(user)


@action(Permission.SIGN_IN)
def ask_for_code(actor: Actor, link: PortalLink, *, user: User, address: str) -> None:
    """Whoever holds the link asks for a code by mail; it goes to the partner's own address only."""
    link.next_code(at=now())
    about(link)
    note(address=address)
    letter = letters.entry_code(user, link)
    post(actor, accounts_letters.recipient(user), letter, hold=False, unit_id=None, sensitive=True)


@action(Permission.SIGN_IN)
def use_code(actor: Actor, link: PortalLink, *, user: User, code: str, address: str) -> bool:
    """Whether a code opens now; it opens once. A wrong one leaves a trace, too."""
    about(link)
    is_right = links.is_code(link, code)
    note(address=address, outcome="right" if is_right else "wrong")
    if not is_right:
        return False
    link.use(at=now())
    if user.must_change_password:
        # A one-time password told for the first sign-in is not needed any more, and must not lie about.
        user.set_password("", at=now())
    return True


def close_door(actor: Actor, user: User) -> None:
    """Part of an action: the appointment is over, so the link opens nothing and every sign-in ends."""
    link = queries.link_of(actor, user, hold=True)
    if link is not None and link.is_open:
        link.withdraw(at=now())
    end_sign_ins_of(user)


def _must_be_ours(actor: Actor, link: PortalLink) -> None:
    # Whoever gives codes could come in as the partner and see what other units entrusted to them.
    if not actor.sees_all and link.unit_id not in actor.unit_ids:
        raise NotPossible(N_("这个人的链接由别的单位发，请找市局协调。"))
