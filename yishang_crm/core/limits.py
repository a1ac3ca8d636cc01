"""Limits on guessing: the table they are counted in, and whose address a request comes from.

`accounts.tries` counts, each try with one statement.
"""

import datetime as dt
import ipaddress

import sqlalchemy as sa
from flask import current_app, request
from sqlmodel import Field, col

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, db

Networks = list[ipaddress.IPv4Network | ipaddress.IPv6Network]

UNKNOWN = "::"


class Attempts(Table, table=True):
    """Failed attempts under one key (`login:li`, `address:203.0.113.9`), and until when it is locked."""

    __tablename__ = "attempts"

    key: str = Field(primary_key=True, max_length=120)
    count: int = 0
    since: Moment = Field(default_factory=now)
    locked_until: Moment | None = None


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
    parsed = _parsed(address) or _parsed(request.remote_addr or UNKNOWN)
    return str(parsed or UNKNOWN)


def is_on_this_machine() -> bool:
    """Whether the caller sits on this machine: on loopback, and nobody says they only pass something on."""
    caller = _parsed(request.remote_addr or UNKNOWN)
    passed_on = {"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} & set(request.headers.keys())
    return bool(caller and caller.is_loopback and not passed_on)


def _is_within(address: str, networks: Networks) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    # A socket that hears both kinds names an IPv4 caller `::ffff:203.0.113.9`.
    return getattr(parsed, "ipv4_mapped", None) or parsed
