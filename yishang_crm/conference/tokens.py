"""What a guest holds: the link, the entry pass, the six-digit code. All derived, none stored (DESIGN §3, Tokens).

A token is 16 bytes in 22 characters: a keyed digest of guest and generation (88 bits), then guest and generation
masked with the digest, so that nobody reads from a link how many guests there are. A withdrawal raises the generation.
"""

import base64
import binascii
import hashlib
import hmac

from flask import current_app

from yishang_crm.conference.models import Guest
from yishang_crm.core.sealed import blind_index, blind_indexes

LINK, ENTRY = "link", "entry"
_MARK, _BODY = 11, 5


def token(guest: Guest) -> str:
    """22 characters that fit into an address: `/r/<token>`."""
    return _sealed(LINK, guest.id or 0, guest.token_generation)


def entry_token(guest: Guest) -> str:
    """What the entry QR holds. It opens no page: who photographs a badge cannot answer for its owner."""
    return _sealed(ENTRY, guest.id or 0, guest.token_generation)


def read(text: str) -> tuple[int, int] | None:
    """Guest id and generation of a link's token, if it is ours."""
    return _opened(LINK, text)


def read_entry(text: str) -> tuple[int, int] | None:
    """The same of an entry token."""
    return _opened(ENTRY, text)


def reply_code(guest: Guest) -> str:
    """Six digits, `417206`: for those whose SMS or paper cannot carry a link. Unique per edition through `code_index`."""
    said = f"{guest.id}.{guest.token_generation}.{guest.code_try}"
    return f"{int.from_bytes(_digest('code', said.encode())[:8], 'big') % 1_000_000:06d}"


def spaced(code: str) -> str:
    """`417 206`, as letters print it."""
    return f"{code[:3]} {code[3:]}"


def code_index(edition_id: int, code: str) -> str:
    """What is stored of a code: equal for equal codes of one edition, and tells nothing."""
    return blind_index(_indexed(edition_id, code))


def code_indexes(edition_id: int, code: str) -> list[str]:
    """The same under every key of the ring, to look for while keys are rotated."""
    return blind_indexes(_indexed(edition_id, code))


def _indexed(edition_id: int, code: str) -> str:
    return f"reply code {edition_id} {code}"


def _sealed(purpose: str, guest_id: int, generation: int) -> str:
    body = guest_id.to_bytes(4, "big") + (generation & 0xFF).to_bytes(1, "big")
    mark = _digest(purpose, body)[:_MARK]
    return base64.urlsafe_b64encode(mark + _masked(purpose, mark, body)).decode().rstrip("=")


def _opened(purpose: str, text: str) -> tuple[int, int] | None:
    if len(text) != 22 or not text.isascii():
        return None
    try:
        whole = base64.b64decode(f"{text}==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mark = whole[:_MARK]
    body = _masked(purpose, mark, whole[_MARK:])
    # The same bytes have other spellings in base64; only ours counts.
    is_ours = hmac.compare_digest(mark, _digest(purpose, body)[:_MARK])
    is_spelled = hmac.compare_digest(base64.urlsafe_b64encode(whole).decode().rstrip("="), text)
    return (int.from_bytes(body[:4], "big"), body[4]) if is_ours and is_spelled else None


def _masked(purpose: str, mark: bytes, body: bytes) -> bytes:
    mask = _digest(f"{purpose} mask", mark)
    return bytes(one ^ other for one, other in zip(body, mask, strict=False))


def _digest(purpose: str, said: bytes) -> bytes:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"conference {purpose} ".encode() + said, hashlib.sha256).digest()
