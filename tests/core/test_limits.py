"""Tries are counted in the database; whose they are is decided by addresses that nobody can forge."""

import datetime as dt
import ipaddress
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from sqlmodel import select

from yishang_crm.accounts import tries
from yishang_crm.core import limits
from yishang_crm.core.clock import now
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import TooMany
from yishang_crm.core.limits import Attempts

LIMIT = tries.Limit(5, dt.timedelta(minutes=30), dt.timedelta(minutes=30))
MORNING = dt.datetime(2026, 9, 8, 1, 0, tzinfo=dt.UTC)


def address(app, remote: str, *, forwarded: str | None = None) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    with app.test_request_context(environ_base={"REMOTE_ADDR": remote}, headers=headers):
        return limits.client_address()


@pytest.fixture
def proxies(settings: Settings, monkeypatch):
    """Our own proxies: one on this machine, and a row of them in a network of ours."""
    ours = [ipaddress.ip_network(one) for one in ("127.0.0.1", "10.1.0.0/16", "fd00::/8")]
    monkeypatch.setitem(settings.__dict__, "proxies", ours)


@pytest.mark.parametrize("forged", ["198.51.100.9", "127.0.0.1", "198.51.100.9, 127.0.0.1", "::1", "", ",,,"])
def test_without_proxies_of_our_own_a_forwarded_address_is_nothing(app, forged):
    assert address(app, "203.0.113.7", forwarded=forged) == "203.0.113.7"


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("remote", "forwarded", "believed"),
    [
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7"),  # the first was forged by the caller
        ("127.0.0.1", "127.0.0.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),  # two of ours, one after the other
        ("127.0.0.1", "198.51.100.9, 203.0.113.7, 10.1.2.3, 10.1.2.4", "203.0.113.7"),
        ("10.1.9.9", " 203.0.113.7 ,10.1.2.3 ", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),  # comes past our proxies
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, garbage", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("fd00::1", "2001:DB8:0:0::7", "2001:db8::7"),
    ],
)
def test_what_our_own_proxies_wrote_is_believed_and_no_more(app, remote, forwarded, believed):
    assert address(app, remote, forwarded=forwarded) == believed


def test_an_ipv4_caller_on_a_socket_for_both_has_one_address(app):
    assert address(app, "::ffff:203.0.113.7") == address(app, "203.0.113.7")


def test_proxies_are_read_from_the_settings(tmp_path):
    settings = Settings(instance=tmp_path, trusted_proxies="127.0.0.1, 10.0.0.0/8 fd00::/8", _env_file=None)
    assert [str(network) for network in settings.proxies] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize(
    ("remote", "headers", "near"),
    [
        ("127.0.0.1", {}, True), ("::1", {}, True), ("::ffff:127.0.0.1", {}, True), ("203.0.113.7", {}, False),
        ("203.0.113.7", {"X-Forwarded-For": "127.0.0.1"}, False), ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False), ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, False),
    ],
)  # fmt: skip
def test_who_sits_on_this_machine(app, remote, headers, near):
    with app.test_request_context(environ_base={"REMOTE_ADDR": remote}, headers=headers):
        assert limits.is_on_this_machine() is near


# Counting


@pytest.mark.usefixtures("indoors")
def test_five_tries_then_locked_for_half_an_hour_then_five_more():
    with time_machine.travel(MORNING, tick=False) as clock:
        assert [tries.take("login:x", LIMIT) for _ in range(5)] == [4, 3, 2, 1, 0]
        with pytest.raises(TooMany) as locked:
            tries.take("login:x", LIMIT)
        assert locked.value.wait == 1801
        clock.shift(dt.timedelta(minutes=29))
        with pytest.raises(TooMany):
            tries.take("login:x", LIMIT)
        clock.shift(dt.timedelta(minutes=1, seconds=1))
        assert tries.take("login:x", LIMIT) == 4


@pytest.mark.usefixtures("indoors")
def test_old_counts_are_forgotten_and_young_ones_are_not():
    with time_machine.travel(MORNING, tick=False) as clock:
        tries.take("login:old", LIMIT)
        clock.shift(dt.timedelta(hours=25))
        tries.take("login:young", LIMIT)
        limits.forget_old()
        db.session.commit()
        keys = db.session.scalars(select(Attempts.key).where(Attempts.key.startswith("login:"))).all()
    assert keys == ["login:young"]


def test_a_hundred_at_once_are_counted_to_the_last_and_no_more_than_five_get_through(own_house):
    together, hands = threading.Barrier(10), 10

    def knock(_):
        together.wait()
        outcomes = []
        for _ in range(10):
            with own_house.app.app_context():
                try:
                    tries.take("login:x", LIMIT)
                    outcomes.append("through")
                except TooMany:
                    outcomes.append("locked")
        return outcomes

    with ThreadPoolExecutor(hands) as pool:
        told = Counter(outcome for outcomes in pool.map(knock, range(hands)) for outcome in outcomes)
    with own_house.app.app_context():
        counted = db.session.scalars(select(Attempts).where(Attempts.key == "login:x")).one()
        assert (told, counted.count, counted.locked_until > now()) == (
            {"through": 5, "locked": 95},
            100,
            True,
        )


def test_a_try_stays_counted_when_its_request_fails(own_house):
    with own_house.app.app_context(), writing():
        tries.take("login:x", LIMIT)
        db.session.rollback()
    with own_house.app.app_context():
        assert db.session.scalars(select(Attempts.count)).all() == [1]
