"""Who is knocking: the actor of a request, from the signed cookie and its sign-in row."""

import datetime as dt
import enum
import hashlib
import hmac
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import HTTPException

from yishang_crm.accounts import actors, queries
from yishang_crm.accounts.models import SignIn, Unit, User
from yishang_crm.accounts.roles import TERMS, Terms
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now
from yishang_crm.core.config import Settings


class Duty(enum.Enum):
    """What somebody must do before anything else: the pages that stay open to them."""

    PASSWORD = ("accounts.own_password", "accounts.own_password_post")
    CODE = ("accounts.own_code", "accounts.own_code_post")


_ALWAYS = ("accounts.logout", "accounts.theme")


class DutyFirst(HTTPException):
    """The way to the page of a duty, whichever page was wanted."""

    code = 303

    def __init__(self, duty: Duty) -> None:
        super().__init__(response=redirect(url_for(duty.value[0]), code=303))  # type: ignore[arg-type]


class Present(UserMixin):
    """Somebody signed in, as Flask-Login knows them: the user, the sign-in row, and the key that names it."""

    def __init__(self, user: User, sign_in: SignIn, unit: Unit | None, key: str) -> None:
        self.user, self.sign_in, self.unit, self.key = user, sign_in, unit, key
        self.duty = _duty_of(user, current_app.config["SETTINGS"])
        self.actor = actors.of_user(user, sign_in=sign_in, held_back=self.duty is not None)

    @property
    def terms(self) -> Terms:
        return TERMS[self.user.role]

    def get_id(self) -> str:
        return self.key


def open_presence(app: Flask) -> None:
    """Hang Flask-Login on the app."""
    manager = LoginManager()
    # "strong" would sign out everybody whose proxy changes address; the sign-in row is our protection.
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(_present)
    # The cookie outlives the longest sign-in; how long one holds is said by its row and the role's idle time.
    app.config["PERMANENT_SESSION_LIFETIME"] = max(terms.absolute for terms in TERMS.values()) + dt.timedelta(
        days=1
    )
    app.after_request(_remember_seen)


def actor_of_request() -> Actor:
    """The actor behind the cookie; `ANYBODY` without one, or after the role's idle time.

    Raises `DutyFirst` when a password must be changed or codes be set up before this page.
    """
    present: Present = current_user._get_current_object()
    if not present.is_authenticated:
        return actors.ANYBODY
    if present.duty is not None and not _is_open_meanwhile(present.duty):
        raise DutyFirst(present.duty)
    return present.actor


def enter(user: User, sign_in: SignIn, *, secret: str) -> None:
    """Give this browser the key to a sign-in. A fresh session, so that none can be planted beforehand."""
    _fresh_session()
    session["seen"] = int(now().timestamp())
    session.permanent = True
    login_user(Present(user, sign_in, None, f"{sign_in.id}.{secret}"))


def leave() -> None:
    """Take the key away."""
    logout_user()
    session.clear()


# Between the password and the code nobody is acting; the signed cookie remembers whose password was right.

_CODE_WITHIN = 300  # seconds


def expect_code(user: User) -> None:
    """The password was right; the one-time code is still to come."""
    _fresh_session()
    session["expected"] = [user.id, int(now().timestamp()), _mark(user)]


def expected_user() -> User | None:
    """Whose code is expected in this browser, if the password is not too long ago and still the same."""
    user_id, at, mark = session.get("expected") or (0, 0, "")
    if now().timestamp() - at > _CODE_WITHIN:
        return None
    user = queries.user_at_the_door(user_id)
    return user if user and user.is_active and hmac.compare_digest(mark, _mark(user)) else None


def is_code_required(user: User, settings: Settings) -> bool:
    """Whether this installation asks one-time codes of the user's role (`YISHANG_TOTP_ROLES=admin,security`)."""
    return user.role.value in settings.totp_roles.replace(",", " ").split()


def _duty_of(user: User, settings: Settings) -> Duty | None:
    if user.must_change_password or user.password_is_older_than(settings.password_max_age_days, at=now()):
        return Duty.PASSWORD
    return Duty.CODE if is_code_required(user, settings) and not user.has_code else None


def _is_open_meanwhile(duty: Duty) -> bool:
    endpoint = request.endpoint or ""
    is_open = getattr(current_app.view_functions.get(endpoint), "open", False)
    return is_open or endpoint in duty.value or endpoint in _ALWAYS


def _fresh_session() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def _mark(user: User) -> str:
    return hashlib.sha256(f"{user.id} {user.password_hash}".encode()).hexdigest()[:16]


def _present(key: str) -> Present | None:
    found = actors.signed_in(key)
    if found is None:
        return None
    present = Present(*found, key)
    idle = now().timestamp() - session.get("seen", 0)
    return present if idle <= present.terms.idle.total_seconds() else None


def _remember_seen(response: Response) -> Any:
    # In the cookie, not the database: a page that only reads writes nothing.
    seen = session.get("seen")
    if seen and g.get("actor") is not None and g.actor.kind == "user" and now().timestamp() - seen > 60:
        session["seen"] = int(now().timestamp())
    return response
