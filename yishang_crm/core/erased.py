"""Fingerprints of what was erased: enough to notice that it comes in again, nothing to tell what it was.

A keyed digest (HMAC under the audit key, which is never rotated); without the key nobody can try all phone numbers against it.
"""

import hashlib
import hmac
from collections.abc import Iterable

import sqlalchemy as sa
from flask import current_app
from sqlmodel import Field, col

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, db


class ErasedMark(Table, table=True):
    """That a value was erased, and when."""

    __tablename__ = "erased_mark"
    __recorded__ = True

    id: int | None = Field(default=None, primary_key=True)
    mark: str = Field(max_length=64, unique=True)
    at: Moment = Field(default_factory=now)


def mark_of(value: str) -> str:
    """The fingerprint of a phone, an address, or a name with its firm."""
    key: bytes = current_app.config["SETTINGS"].chain_key
    return hmac.new(key, f"erased {value.strip().casefold()}".encode(), hashlib.sha256).hexdigest()


def remember(values: Iterable[str]) -> int:
    """Keep the fingerprints of these values (inside an action). Returns how many are new."""
    marks = {mark_of(value) for value in values if value.strip()}
    fresh = marks - _known(marks)
    db.session.add_all(ErasedMark(mark=mark) for mark in sorted(fresh))
    return len(fresh)


def erased_among(values: Iterable[str]) -> set[str]:
    """Those of these values that somebody had erased."""
    by_mark = {mark_of(value): value for value in values if value.strip()}
    return {by_mark[mark] for mark in _known(set(by_mark))}


def _known(marks: set[str]) -> set[str]:
    if not marks:
        return set()
    return set(db.session.scalars(sa.select(col(ErasedMark.mark)).where(col(ErasedMark.mark).in_(marks))))
