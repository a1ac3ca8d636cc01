"""What a desk may send. Nothing is thrown away: what cannot be read is left out, and the desk is always answered."""

import datetime as dt
import re
import secrets
from collections.abc import Mapping

from yishang_crm.core.digits import number_in
from yishang_crm.reception.actions import Said

_NONCE = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"\d{6}|https?://\S+|[\w.~-]{16,}")
_GUEST = re.compile(r"(\d{1,15})(-companion)?")


def said(sent: Mapping[str, str]) -> Said:
    """The fields of an arrival: nonce, desk, scanned_at, and code, or guest, or walk_in, or take_back.

    Without script there is no nonce; a second tap is then told that the guest is here already.
    """
    nonce = sent.get("nonce", "")
    guest = _GUEST.fullmatch(sent.get("guest", ""))
    return Said(
        nonce=nonce if _NONCE.fullmatch(nonce) else secrets.token_hex(16),
        desk=desk_name(sent.get("desk", "")),
        scanned_at=_moment(sent.get("scanned_at", "")),
        code=code(sent.get("code", "")),
        guest_id=(number_in(guest[1]) or 0) if guest else None,
        is_companion=bool(guest and guest[2]),
        admitted=sent.get("admitted") == "1",
        walk_in=_line(sent.get("walk_in", ""), most=60),
        walk_in_organization=_line(sent.get("walk_in_organization", ""), most=80),
        takes_back=sent.get("take_back") == "1",
    )


def code(typed: str) -> str:
    """A code as it was scanned or typed: spaces in it mean nothing."""
    return "".join(typed.split())[:400]


def is_code(typed: str) -> bool:
    """Whether this is a code at all, and not a name or the end of a phone number (as desk.js asks)."""
    return bool(_CODE.fullmatch(code(typed)))


def desk_name(typed: str) -> str:
    return _line(typed, most=40)


def _line(typed: str, *, most: int) -> str:
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:most]


def _moment(typed: str) -> dt.datetime | None:
    # The device's clock may be a day off; it is kept as it was told and decides nothing.
    try:
        moment = dt.datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else None
