"""Messages for tests, posted through the door inside a deed, as another room would."""

import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import SQLModel, select

from yishang_crm.app import create_app
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox import door
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.models import Message

NAMES = ("余秉衡", "汪砚舟", "查静安", "戴玉屏", "潘岳霖", "操望舒")


def somebody(number: int = 1, **details: Any) -> Addressee:
    wanted = {
        "name": NAMES[number % len(NAMES)],
        "title": "董事长",
        "address": Sealed(f"guest{number}@example.com"),
        "person_id": number,
    } | details
    return Addressee(**wanted)


def letter(number: int = 1, **details: Any) -> Letter:
    wanted = {
        "purpose": "invitation",
        "about": f"visit:{number}",
        "subject": f"邀请函{number}号",
        "body_text": "尊敬的余秉衡先生：\n　　诚邀您拨冗莅临。\n　　敬请答复。\n",
        "body_html": "<p>尊敬的余秉衡先生：</p><p>诚邀您拨冗莅临。</p>",
    } | details
    return Letter(**wanted)


@action(Permission.HOUSEKEEPING)
def posted(actor: Actor, recipient: Addressee, what: Letter, *, hold: bool = False, unit_id: int | None = None,
           sensitive: bool = False) -> Message:  # fmt: skip
    return door.post(actor, recipient, what, hold=hold, unit_id=unit_id, sensitive=sensitive)


def a_message(number: int = 1, *, hold: bool = False, unit_id: int | None = None, **details: Any) -> Message:
    return posted(HOUSE, somebody(number), letter(number, **details), hold=hold, unit_id=unit_id)


@action(Permission.HOUSEKEEPING)
def many(
    actor: Actor, count: int, *, hold: bool = False, unit_id: int | None = None, first: int = 1
) -> list[int]:
    """Many messages at once, as a bulk deed of an upper room writes them."""
    numbers = range(first, first + count)
    written = [door.post(actor, somebody(n), letter(n), hold=hold, unit_id=unit_id) for n in numbers]
    return [message.id or 0 for message in written]


def every_message() -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(unscoped_for("a test looks", select(Message).order_by(Message.id))))


def states() -> Counter:
    return Counter(str(message.state) for message in every_message())


@dataclass
class OwnHouse:
    """An app with a database that nobody else uses."""

    app: Flask
    settings: Settings

    @classmethod
    def at(cls, folder: Path, request: pytest.FixtureRequest) -> "OwnHouse":
        template = request.getfixturevalue("database_address")
        address = f"sqlite:///{folder / 'own.db'}"
        if template.startswith("postgresql"):
            address = _fresh_database(template)
        settings = Settings(
            instance=folder / "instance", database_url=address, _env_file=None,
            mail_from="中国宜商大会组委会 <yishang@example.cn>", mail_per_minute=0,
        )  # fmt: skip
        app = create_app(settings)
        with app.app_context(), writing():
            SQLModel.metadata.create_all(db.engine)
            db.session.commit()
        return cls(app, settings)

    def __enter__(self) -> "OwnHouse":
        return self

    def __exit__(self, *_: object) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def write(self, count: int, *, hold: bool = False) -> list[int]:
        with self.app.app_context(), writing():
            ids = many(HOUSE, count, hold=hold)
            db.session.commit()
        return ids

    def states(self) -> Counter:
        with self.app.app_context():
            found = states()
            db.session.rollback()
        return found

    def messages(self) -> list[Message]:
        with self.app.app_context():
            found = every_message()
            db.session.expunge_all()
            db.session.rollback()
        return found


def _fresh_database(address: str) -> str:
    name = f"own_{uuid.uuid4().hex[:12]}"
    url = sa.make_url(address.replace("postgresql://", "postgresql+psycopg://", 1))
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
