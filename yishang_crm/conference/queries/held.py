"""Whom a link, a pass or a code names: the named exceptions to rule 1, for those who have no account."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Edition, Guest
from yishang_crm.conference.queries.editions import open_editions
from yishang_crm.conference.queries.merging import led_on, merged_codes
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import ContactKind, ContactPoint, ContactState


def guest_by_token(token: str) -> Guest | None:
    """The invited guest who holds this link; None when it is not ours, or was revoked."""
    return _current(tokens.read(token), "guest token")


def guest_by_entry_token(token: str) -> Guest | None:
    """The invited guest whose entry pass this is."""
    return _current(tokens.read_entry(token), "entry token")


def guest_by_code(code: str, phone_tail: str) -> Guest | None:
    """The guest of an open edition with this code, if the last four digits are those of a phone of theirs."""
    if not (_is_number(code, 6) and _is_number(phone_tail, 4)):
        return None
    indexes = [index for edition in open_editions() for index in tokens.code_indexes(edition.id or 0, code)]
    own_phone = sa.exists().where(
        col(ContactPoint.person_id) == Guest.person_id,
        col(ContactPoint.kind).in_([ContactKind.MOBILE, ContactKind.LANDLINE]),
        col(ContactPoint.state) != ContactState.WRONG,
        sa.type_coerce(col(ContactPoint.value), sa.String).endswith(phone_tail),
    )
    return _of_code(indexes, own_phone)


def guest_by_reply_code(edition: Edition, code: str) -> Guest | None:
    """The same at the desk, where the guest stands in person: without the phone."""
    return _of_code(tokens.code_indexes(edition.id or 0, code)) if _is_number(code, 6) else None


def _current(named: tuple[int, int] | None, reason: str) -> Guest | None:
    if named is None:
        return None
    guest_id, generation = named
    wanted = select(Guest).where(Guest.id == guest_id)
    guest = db.session.scalars(unscoped_for(reason, wanted)).one_or_none()
    if guest is None:
        return _current(led_on(named), reason)
    is_invited = guest.approval == Approval.APPROVED
    return guest if is_invited and guest.token_generation & 0xFF == generation else None


def _of_code(indexes: Sequence[str], *also: sa.ColumnElement[bool]) -> Guest | None:
    found = _invited(col(Guest.code_index).in_(indexes), *also) or _invited(
        col(Guest.id).in_(merged_codes(indexes)), *also
    )
    # Two open editions may give the same code and tail to two people: then nobody is let in by chance.
    return found[0] if len(found) == 1 else None


def _invited(*wanted: sa.ColumnElement[bool]) -> Sequence[Guest]:
    guests = select(Guest).where(Guest.approval == Approval.APPROVED, *wanted).limit(2)
    return db.session.scalars(unscoped_for("reply code", guests)).all()


def _is_number(text: str, digits: int) -> bool:
    return len(text) == digits and text.isascii() and text.isdigit()
