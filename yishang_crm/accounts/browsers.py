"""Browsers that an account knows: they have tries of their own, so that nobody can lock the desk from outside."""

import hashlib
import hmac
import re
import secrets
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

_COOKIE = "yishang_known"
_HALF_A_YEAR = 180 * 24 * 3600
_MOST = 8  # accounts that share one browser, as at a desk


def tries_of(login: str) -> str:
    """The key under which tries for an account are counted: its own in a browser it signed in from before.

    A stranger who fails on purpose locks the account for other strangers only.
    """
    return f"login:{login}@{_known()['id']}" if knows(login) else f"login:{login}"


def knows(login: str) -> bool:
    """Whether somebody signed in to this account from this browser before."""
    return _mark(login) in _known()["accounts"]


def remember(response: Response, login: str) -> Response:
    """After a sign-in: this browser is known to the account."""
    known = _known()
    accounts = [mark for mark in known["accounts"] if mark != _mark(login)][-_MOST + 1 :]
    text = _serializer().dumps({"id": known["id"], "accounts": [*accounts, _mark(login)]})
    response.set_cookie(
        _COOKIE,
        text,
        max_age=_HALF_A_YEAR,
        path="/login",
        secure=current_app.config["SETTINGS"].is_https,
        httponly=True,
        samesite="Strict",
    )
    return response


def described(user_agent: str) -> str:
    """`Chrome · Windows`: enough to recognize one's own browser in a list."""
    named = [
        next((name for sign, name in signs if sign in user_agent), "") for signs in (_PROGRAMS, _SYSTEMS)
    ]
    return " · ".join(name for name in named if name) or re.sub(r"[^\w ./-]", "", user_agent)[:40]


_PROGRAMS = (
    ("MicroMessenger", "微信"), ("UOS", "UOS"), ("Edg/", "Edge"), ("QQBrowser", "QQ"), ("360SE", "360"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def _known() -> dict[str, Any]:
    try:
        known = _serializer().loads(request.cookies.get(_COOKIE, ""), max_age=_HALF_A_YEAR)
    except BadSignature:
        return {"id": secrets.token_hex(8), "accounts": []}
    return dict(known)


def _mark(login: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"known browser " + login.encode(), hashlib.sha256).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known browser")
