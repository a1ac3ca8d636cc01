"""Contact points: adding, marking, removing, and opening one, which leaves a trace."""

import re
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
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
from yishang_crm.people.queries import persons as reading
from yishang_crm.people.queries.erased import were_erased

_MAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")
LOOKALIKE = N_(
    "邮箱的域名里有形似英文字母的外文字母，可能是冒充的。请核对；确有此域名，请用 xn-- 开头的写法。"
)
_MOBILE = re.compile(r"\+861[3-9]\d{9}|\+852[5-79]\d{7}|\+8536\d{7}|\+8869\d{8}")


@action(Permission.PEOPLE_WRITE)
def add_contact(actor: Actor, person: Person, *, typed: str, kind: ContactKind | None = None,
                label: ContactLabel = ContactLabel.SELF, holder: str = "") -> ContactPoint:  # fmt: skip
    """Add a phone, mail address or WeChat id. Raises `NotPossible` with what is wrong with it."""
    about(person)
    return put_contact(actor, person, kind=kind, typed=typed, label=label, holder=holder)


@action(Permission.PEOPLE_WRITE)
def mark_contact(actor: Actor, contact: ContactPoint, *, state: ContactState) -> None:
    """Say that a contact point is wrong, bounced, opted out, or good again. One that fails is somebody's task."""
    contact.state = state
    person = queries.person(actor, contact.person_id)
    if person is not None and state in (ContactState.WRONG, ContactState.BOUNCED):
        about(person)
        contact_failed(actor, person, contact)


@action(Permission.PEOPLE_WRITE)
def remove_contact(actor: Actor, contact: ContactPoint) -> None:
    """Take a contact point off the record."""
    db.session.delete(contact)


@action(Permission.PEOPLE_OPEN_CONTACT)
def open_contact(actor: Actor, contact: ContactPoint) -> str:
    """The whole value; the entry on the person is the trace."""
    person = queries.person(actor, contact.person_id)
    if person is None:
        raise NotPossible(N_("这个人不在您负责的范围内。"))
    about(person)
    opened(actor, f"contact_point:{contact.id}", kind=contact.kind.value)
    return contact.value.whole()


def put_contact(actor: Actor, person: Person, *, kind: ContactKind | None, typed: str,
                label: ContactLabel = ContactLabel.SELF, holder: str = "") -> ContactPoint:  # fmt: skip
    """A contact point within an open action; `kind` None lets the value speak for itself."""
    kind, value = normalized(typed, kind=kind)
    must_not_be_erased(person.lawful_basis, values=[value])
    if kind in (ContactKind.MOBILE, ContactKind.EMAIL) and label == ContactLabel.SELF:
        _must_be_free(actor, person, value)
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


def _must_be_free(actor: Actor, person: Person, value: str) -> None:
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
