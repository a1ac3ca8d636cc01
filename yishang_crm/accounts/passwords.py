"""Passwords: Argon2, length and a blocklist instead of forced rotation."""

import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

SHORTEST = 10

# What people choose first, in the habits of this house; compared without case and digits at the end.
_BLOCKED = (
    "password", "passw0rd", "qwertyuiop", "qwerasdfzxcv", "1qaz2wsx3edc", "1234567890", "0123456789", "9876543210",
    "anqing", "anqingshi", "yishang", "yishangtong", "yishangcrm", "aqtzcj", "touzicujin", "zhaoshang", "admin",
    "administrator", "woaini", "iloveyou", "abcdefghij", "a123456789", "5201314", "woaianqing",
)  # fmt: skip


_hashers = [PasswordHash((Argon2Hasher(),))]


def use_hasher(hasher: PasswordHash) -> None:
    """For tests, which would otherwise spend their time hashing; verifying needs no particular cost."""
    _hashers[:] = [hasher]
    _nobodys.cache_clear()


def hashed(password: str) -> str:
    return _hashers[0].hash(password)


def is_right(password: str, password_hash: str) -> bool:
    """Whether a password fits. Takes its time also when there is no such user, so that time tells nothing."""
    nobodys = (
        _nobodys()
    )  # made before the choice, so that the first stranger waits no longer than the first colleague
    return _hashers[0].verify(password, password_hash or nobodys)


def accepted(password: str, *, login: str, name: str) -> str:
    """The hash of a new password, which is slow: no lock may be held. Raises `NotPossible` when it is weak."""
    must_be_good(password, login=login, name=name)
    return hashed(password)


def one_time() -> str:
    """A password to be read out once and typed once: no signs that look alike, 59 bits."""
    return "-".join("".join(secrets.choice(_CLEAR_SIGNS) for _ in range(4)) for _ in range(3))


_CLEAR_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")


def must_be_good(password: str, *, login: str, name: str) -> None:
    """Raises `NotPossible` with what to do."""
    if len(password) < SHORTEST:
        raise NotPossible(N_("密码至少要%(least)s个字符，可以用一句好记的话。"), least=SHORTEST)
    if len(password) > 200:
        raise NotPossible(N_("密码太长，最多200个字符。"))
    bare = password.casefold().strip("0123456789!@#$%^&*._- ")
    if bare in _BLOCKED or password.casefold() in _BLOCKED or len(set(password)) < 5:
        raise NotPossible(N_("这个密码太常见，容易被猜中。请换一句只有您知道的话。"))
    if (login and login.casefold() in password.casefold()) or (name and name in password):
        raise NotPossible(N_("密码里不要含有账号或姓名。"))
