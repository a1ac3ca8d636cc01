"""Values of columns as JSON can hold them, and back: for what is kept so that it can be put back (journal, undo).

Sealed values are whole in it, so that both work within an open action only, and the text is kept encrypted.
"""

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from yishang_crm.core.sealed import EncryptedText, Sealed, SealedText


def plain(value: Any) -> Any:
    """A value of a row as JSON holds it."""
    if isinstance(value, Sealed):
        return value.whole()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def from_plain(column: sa.Column[Any], value: Any) -> Any:
    """The value of a column again."""
    kind: Any = column.type
    if value is None:
        return None
    if isinstance(kind, (SealedText, EncryptedText)):
        return Sealed(value)
    if isinstance(kind, sa.Enum):
        return kind.enum_class(value) if kind.enum_class else value
    impl = getattr(kind, "impl", kind)
    for wanted, read in _READ:
        if isinstance(impl, wanted):
            return read(value)
    return value


_READ: tuple[tuple[Any, Callable[[str], Any]], ...] = (
    (sa.DateTime, dt.datetime.fromisoformat),
    (sa.Date, dt.date.fromisoformat),
    (sa.Time, dt.time.fromisoformat),
    (sa.Float, float),
    (sa.Numeric, Decimal),
)
