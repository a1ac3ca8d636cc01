"""Small things the tests of this room arrange."""

import contextlib
from collections.abc import Iterator

import pyotp
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import PASSWORD
from yishang_crm.accounts import actions, actors, codes, queries
from yishang_crm.accounts.models import SignIn, User
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GOOD = "振风塔下看长江-九月"


@contextlib.contextmanager
def arranging(app: Flask) -> Iterator[None]:
    """What stands before the story begins; committed, so that pages see it."""
    with app.app_context(), writing():
        yield
        db.session.commit()


def user(login: str) -> User:
    """The row as it now stands, read anew."""
    db.session.expire_all()
    found = queries.user_by_login(login)
    assert found is not None
    return found


def now_of(app: Flask, login: str) -> User:
    with app.app_context():
        return user(login)


def enter(client: FlaskClient, login: str, password: str = PASSWORD, **options):
    return client.post("/login", data={"login": login, "password": password}, **options)


def with_code(login: str) -> None:
    """Somebody who signs in with codes of `SECRET`. Inside `arranging`."""
    actions.set_up_code(actors.of_login(login), user(login), secret=SECRET, step=1)


def code_now(*, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(int(now().timestamp()) // codes.PERIOD + steps)


def open_sign_ins(app: Flask, login: str) -> int:
    with app.app_context():
        wanted = sa.select(sa.func.count()).select_from(SignIn).join(User, User.id == SignIn.user_id)
        wanted = wanted.where(User.login == login, SignIn.ended_at.is_(None))
        return int(db.session.scalar(unscoped_for("test", wanted)) or 0)
