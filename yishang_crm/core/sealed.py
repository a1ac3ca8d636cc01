"""Personal details show their outline; only an action may read them whole. ID numbers rest encrypted."""

import hashlib
import hmac
import os
import re
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from markupsafe import escape
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from yishang_crm.core.deed import now_doing


class StillSealed(RuntimeError):
    """A personal detail was read outside an action, so nobody would know."""


class Sealed:
    """A phone, e-mail, WeChat id or ID number. Prints its outline everywhere; at least four digits stay hidden."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return outline(self._text)

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __repr__(self) -> str:
        return f"Sealed({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def whole(self) -> str:
        """The value itself. Only inside an action, whose entry is the trace."""
        if now_doing() is None:
            raise StillSealed(repr(self))
        return self._text

    def mark(self, salt: str) -> str:
        """The same for the same value under the same salt: to see that it changed, without opening it."""
        return mark(self._text, salt)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )


_MAIL = re.compile(r"[^@\s]+@(?!.*\d{6})[^@\s]*[^\W\d_]")
# ITU-T E.164: one and two digits long; every other calling code has three.
_SHORT_CODES = frozenset(
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
    "81 82 84 86 90 91 92 93 94 95 98".split()
)


def outline(text: str) -> str:
    """`+8619900000417` → `199****0417`, `+85261234567` → `+852 ****4567`, `li@a.cn` → `l***@a.cn`."""
    if _MAIL.fullmatch(text):
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    if text.startswith("+861") and len(text) == 14:
        return f"{text[3:6]}****{text[-4:]}"
    if len(text) == 18 and text[:17].isdigit():
        return f"{text[:3]}***********{text[-4:]}"
    digits = sum(character.isdigit() for character in text)
    if text.startswith("+") and digits >= 7:
        return _phone_outline(text, digits)
    if digits >= 10:
        return f"****{text[-4:]}"
    return f"{text[:1]}****"


def _phone_outline(text: str, digits: int) -> str:
    code = next((text[1:n] for n in (2, 3) if text[1:n] in _SHORT_CODES), text[1:4])
    tail = max(0, min(4, digits - len(code) - 4))
    return f"+{code} ****{text[len(text) - tail :]}"


class SealedText(sa.TypeDecorator[Sealed]):
    """Stored as typed (phones are searched by their tail), read as `Sealed`."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Sealed | str | None, _dialect: sa.Dialect) -> str | None:
        return value._text if isinstance(value, Sealed) else value

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> Sealed | None:
        return None if value is None else Sealed(value)


def mark(text: str, salt: str) -> str:
    """Tells a change, hides nothing: what it covers lies readable beside it."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()[:16]


def keyed_mark(text: str) -> str:
    """The same for the same text; nobody without the key can find the text by trying. For pages, which anybody may read."""
    return hmac.new(_Keyring.keys[0], b"seen\0" + text.encode(), hashlib.sha256).hexdigest()[:16]


class _Keyring:
    """The installation's sealing keys; set once when the app is made."""

    keys: list[bytes] = []


def use_keys(keys: list[bytes]) -> None:
    """The first key encrypts, all decrypt."""
    _Keyring.keys = keys


class EncryptedText(sa.TypeDecorator[Sealed]):
    """AES-256-GCM at rest: version byte, key mark (4 bytes), nonce (12), ciphertext. Read as `Sealed`."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | str | None, _dialect: sa.Dialect) -> bytes | None:
        if value is None:
            return None
        return encrypt(value._text if isinstance(value, Sealed) else value)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> Sealed | None:
        return None if value is None else Sealed(decrypt(bytes(value)))


class EncryptedBytes(sa.TypeDecorator[bytes]):
    """A whole file, encrypted at rest like `EncryptedText`; read as plain bytes."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: sa.Dialect) -> bytes | None:
        return None if value is None else encrypt_bytes(value)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> bytes | None:
        return None if value is None else decrypt_bytes(bytes(value))


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def encrypt_bytes(content: bytes) -> bytes:
    key = _Keyring.keys[0]
    nonce = os.urandom(12)
    return b"\x01" + _mark(key) + nonce + AESGCM(key).encrypt(nonce, content, None)


def decrypt(blob: bytes) -> str:
    """Raises `ValueError` when no key of the ring fits."""
    return decrypt_bytes(blob).decode()


def decrypt_bytes(blob: bytes) -> bytes:
    """Raises `ValueError` when no key of the ring fits."""
    key_mark, nonce, body = blob[1:5], blob[5:17], blob[17:]
    for key in _Keyring.keys:
        if _mark(key) != key_mark:
            continue
        try:
            return AESGCM(key).decrypt(nonce, body, None)
        except InvalidTag:
            break
    raise ValueError("No key in the instance folder opens this value.")


def is_under_first_key(blob: bytes) -> bool:
    """Whether a stored value already stands under the newest key (rotation is done when all do)."""
    return bytes(blob)[1:5] == _mark(_Keyring.keys[0])


def marks() -> list[bytes]:
    """The mark of each key of the ring, the newest first, as it stands in a stored value."""
    return [_mark(key) for key in _Keyring.keys]


def blind_index(text: str) -> str:
    """For equality without decrypting, under the newest key."""
    return _blind(_Keyring.keys[0], text)


def blind_indexes(text: str) -> list[str]:
    """The same under every key of the ring: what to look for while a rotation is under way."""
    return [_blind(key, text) for key in _Keyring.keys]


def _blind(key: bytes, text: str) -> str:
    return hmac.new(key, text.strip().upper().encode(), hashlib.sha256).hexdigest()


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"mark" + key).digest()[:4]
