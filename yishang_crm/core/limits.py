"""Limits on guessing: counted in the database, by account and by address, in a transaction of their own."""

import datetime as dt
import ipaddress

import sqlalchemy as sa
from flask import current_app, request
from sqlmodel import Field, col, select

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, db, writing
from yishang_crm.core.errors import TooMany
from yishang_crm.core.words import N_

Networks = list[ipaddress.IPv4Network | ipaddress.IPv6Network]

UNKNOWN = "::"


class Attempts(Table, table=True):
    """Failed attempts under one key (`login:li`, `address:203.0.113.9`), and until when it is locked."""

    __tablename__ = "attempts"

    key: str = Field(primary_key=True, max_length=120)
    count: int = 0
    since: Moment = Field(default_factory=now)
    locked_until: Moment | None = None


def must_be_free(*keys: str) -> None:
    """Raises `TooMany` if one of the keys is locked."""
    for attempts in db.session.scalars(select(Attempts).where(col(Attempts.key).in_(keys))):
        if attempts.locked_until and attempts.locked_until > now():
            wait = int((attempts.locked_until - now()).total_seconds()) + 1
            raise TooMany(
                N_("试错的次数太多，已暂停。请%(minutes)s分钟后再试。"), wait=wait, minutes=wait // 60 + 1
            )


def count_failure(key: str, *, most: int, within: dt.timedelta, locked_for: dt.timedelta) -> int:
    """Count one failure, at once and for good; lock the key at `most`. Returns how many are left."""
    with writing():
        attempts = db.session.get(Attempts, key) or Attempts(key=key)
        if attempts.since < now() - within or (attempts.locked_until and attempts.locked_until <= now()):
            attempts.count, attempts.since, attempts.locked_until = 0, now(), None
        attempts.count += 1
        if attempts.count >= most:
            attempts.locked_until = now() + locked_for
        db.session.add(attempts)
        db.session.commit()
    return max(0, most - attempts.count)


def forget_failures(key: str) -> None:
    """After a success."""
    db.session.execute(sa.delete(Attempts).where(col(Attempts.key) == key))


def forget_old(*, older_than: dt.timedelta = dt.timedelta(days=1)) -> None:
    """Housekeeping: rows that no longer lock anything."""
    db.session.execute(sa.delete(Attempts).where(col(Attempts.since) < now() - older_than))


def client_address() -> str:
    """The address of the caller. `X-Forwarded-For` counts only as far as our own proxies wrote it."""
    proxies = current_app.config["SETTINGS"].proxies
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = request.remote_addr or UNKNOWN
    while seen and _is_within(address, proxies):
        address = seen.pop()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return request.remote_addr or UNKNOWN


def _is_within(address: str, networks: Networks) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
