"""Contact points: adding, correcting, marking, removing, and opening one, which leaves a trace."""

import re
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.outbox import door
from yishang_crm.outbox.words import is_lookalike
from yishang_crm.people import queries
from yishang_crm.people.failures import contact_failed
from yishang_crm.people.importing.cells.phones import phones_in
from yishang_crm.people.models import (
    ContactKind,
    ContactLabel,
    ContactPoint,
    ContactState,
    LawfulBasis,
    Person,
)
from yishang_crm.people.models.parts import put_first, put_last
from yishang_crm.people.queries import persons as reading
from yishang_crm.people.queries.erased import were_erased

_MAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")
LOOKALIKE = N_(
    "邮箱的域名里有形似英文字母的外文字母，可能是冒充的。请核对；确有此域名，请用 xn-- 开头的写法。"
)
_ONE_HOLDERS = (ContactKind.MOBILE, ContactKind.EMAIL)
_MOBILE = re.compile(r"\+861[3-9]\d{9}|\+852[5-79]\d{7}|\+8536\d{7}|\+8869\d{8}")


@action(Permission.PEOPLE_WRITE)
def add_contact(actor: Actor, person: Person, *, typed: str, kind: ContactKind | None = None,
                label: ContactLabel = ContactLabel.SELF, holder: str = "", is_first: bool = False) -> ContactPoint:  # fmt: skip
    """Add a phone, mail address or WeChat id, behind the others unless it is to be the first. Raises `NotPossible` with what
    is wrong with it."""
    about(person)
    standing = queries.contacts_to_change(actor, person)
    contact = put_contact(actor, person, kind=kind, typed=typed, label=label, holder=holder)
    (put_first if is_first else put_last)(contact, standing)
    return contact


@action(Permission.PEOPLE_WRITE)
def edit_contact(actor: Actor, contact: ContactPoint, *, seen: str, typed: str, label: ContactLabel, holder: str,
                 state: ContactState, connected_user_id: int | None = None, is_first: bool = False) -> None:  # fmt: skip
    """Change what the form may change; `typed` "" keeps the value that stands. Raises `Stale` when somebody saved in between.

    A new value of what had failed is good again, unless the form says another state.
    """
    person = _holder(actor, contact)
    standing = queries.contacts_to_change(actor, person)
    if contact.id not in {one.id for one in standing}:
        raise NotPossible(N_("这个联系方式已被删去。"))
    contact.must_be_seen(seen)
    about(person)
    value, was, before = contact.value, contact.state, contact.label
    contact.label, contact.holder = label, holder
    if typed:
        _retype(contact, person, typed)
    if label == ContactLabel.SELF and (contact.value != value or before != label):
        _must_be_free(actor, person, contact.value, kind=contact.kind)
    if connected_user_id != contact.connected_user_id:
        _must_be_colleague(actor, connected_user_id)
        contact.connect(connected_user_id)
    if is_first:
        put_first(contact, standing)
    if state != was:
        _mark(actor, person, contact, state)
    if contact.value != value or state != was:
        _letters_follow(actor, person, contact.kind, value)


@action(Permission.PEOPLE_WRITE)
def mark_contact(actor: Actor, contact: ContactPoint, *, state: ContactState) -> None:
    """Say that a contact point is wrong, bounced, opted out, or good again. One that fails is somebody's task."""
    person = _holder(actor, contact)
    about(person)
    _mark(actor, person, contact, state)
    _letters_follow(actor, person, contact.kind, contact.value)


@action(Permission.PEOPLE_WRITE)
def remove_contact(actor: Actor, contact: ContactPoint) -> None:
    """Take a contact point off the record."""
    person = _holder(actor, contact)
    db.session.delete(contact)
    _letters_follow(actor, person, contact.kind, contact.value)


@action(Permission.PEOPLE_OPEN_CONTACT)
def open_contact(actor: Actor, contact: ContactPoint) -> str:
    """The whole value; the entry on the person is the trace."""
    about(_holder(actor, contact, is_held=False))
    opened(actor, f"contact_point:{contact.id}", kind=contact.kind.value)
    return contact.value.whole()


def letter_returned(actor: Actor, person_id: int, address: Sealed) -> None:
    """Part of the deed that records that a letter came back: this address of this person has failed.

    An address that is not theirs any more, or that they do not want to be written to at, stays as it is.
    """
    person = queries.person_to_change(actor, person_id)
    contact = queries.mail_contact(actor, person, address) if person else None
    if person is None or contact is None or contact.state != ContactState.OK:
        return
    _mark(actor, person, contact, ContactState.BOUNCED)
    _letters_follow(actor, person, contact.kind, contact.value)


def put_contact(actor: Actor, person: Person, *, kind: ContactKind | None, typed: str,
                label: ContactLabel = ContactLabel.SELF, holder: str = "") -> ContactPoint:  # fmt: skip
    """A contact point within an open action; `kind` None lets the value speak for itself."""
    kind, value = normalized(typed, kind=kind)
    must_not_be_erased(person.lawful_basis, values=[value])
    if label == ContactLabel.SELF:
        _must_be_free(actor, person, value, kind=kind)
    contact = ContactPoint(
        person_id=person.id or 0,
        kind=kind,
        value=Sealed(value),
        typed=Sealed(typed),
        label=label,
        holder=holder,
    )
    db.session.add(contact)
    return contact


def must_not_be_erased(basis: LawfulBasis, **who: Any) -> None:
    """Who had themselves erased comes in again only by their own consent. `who`: as `were_erased` asks."""
    if basis != LawfulBasis.CONSENT and were_erased(**who):
        raise NotPossible(
            N_(
                "此人要求删除过自己的信息，不能再录入。确已重新取得本人同意的，请把“依据”选为“本人同意”再保存。"
            )
        )


def normalized(typed: str, *, kind: ContactKind | None) -> tuple[ContactKind, str]:
    """Kind and normalized value of what was typed: phones in E.164, mail addresses in lower case."""
    typed = typed.strip()
    if kind == ContactKind.WECHAT:
        return kind, typed
    if kind == ContactKind.EMAIL or (kind is None and "@" in typed):
        if not _MAIL.fullmatch(typed):
            raise NotPossible(N_("邮箱“%(typed)s”写得不对，应当像 name@example.com。"), typed=typed[:60])
        if is_lookalike(typed):
            raise NotPossible(LOOKALIKE)
        return ContactKind.EMAIL, typed.casefold()
    found = phones_in(typed).phones
    if len(found) != 1:
        raise NotPossible(N_("号码没有认出来。手机请写11位，座机请带区号，境外号码请以+开头，一次一个。"))
    return phone_kind(found[0].e164), found[0].e164


def phone_kind(e164: str) -> ContactKind:
    return (
        ContactKind.MOBILE if _MOBILE.fullmatch(e164) or not e164.startswith("+8") else ContactKind.LANDLINE
    )


def _holder(actor: Actor, contact: ContactPoint, *, is_held: bool = True) -> Person:
    """Whose it is; `is_held`: nobody else changes this person meanwhile."""
    find = queries.person_to_change if is_held else queries.person
    person = find(actor, contact.person_id)
    if person is None:
        raise NotPossible(N_("这个人不在您负责的范围内。"))
    return person


def _retype(contact: ContactPoint, person: Person, typed: str) -> None:
    kind, value = normalized(typed, kind=None if contact.is_phone else contact.kind)
    if Sealed(value) != contact.value:
        must_not_be_erased(person.lawful_basis, values=[value])
    contact.correct(kind=kind, value=Sealed(value), typed=Sealed(typed))


def _mark(actor: Actor, person: Person, contact: ContactPoint, state: ContactState) -> None:
    contact.state = state
    if contact.has_failed:
        contact_failed(actor, person, contact)


def _letters_follow(actor: Actor, person: Person, kind: ContactKind, was: Sealed) -> None:
    """Letters that wait for an address that is not used any more go where the person's mail goes now, or not at all."""
    if kind != ContactKind.EMAIL:
        return
    db.session.flush()
    person_id, standing = person.id or 0, queries.mail_contact(actor, person, was)
    if standing is None or standing.state != ContactState.OK:
        usable = queries.mail_addresses(actor, [person_id]).get(person_id)
        door.readdress(person_id=person_id, address=usable, was=was)


def _must_be_colleague(actor: Actor, user_id: int | None) -> None:
    if user_id is not None and user_id not in {one.id for one in queries.own_colleagues(actor)}:
        raise NotPossible(N_("只能选本单位的同事。"))


def _must_be_free(actor: Actor, person: Person, value: Sealed | str, *, kind: ContactKind) -> None:
    if kind not in _ONE_HOLDERS:
        return
    holder = reading.holder_of(actor, value)
    if holder is not None and holder.id != person.id:
        raise NotPossible(
            N_("这个联系方式已记在“%(name)s”名下。若是同一个人，请在他的页面上修改。"), name=holder.name
        )
    elsewhere = reading.exists_elsewhere(phone=value) if holder is None else None
    if elsewhere is not None:
        raise NotPossible(
            N_("库里已有此人，由%(unit)s联系。请在“人脉”的“申请”里向%(unit)s申请一起联系，不要另建一份。"),
            unit=elsewhere.name,
        )
