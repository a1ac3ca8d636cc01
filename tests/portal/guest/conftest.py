"""An invited guest, their link, and a phone without an account."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from tests.reception.arranged import a_guest, an_edition, change
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Edition, Guest, Reply
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for

CONSENT = {"consent": "2026-1"}


@dataclass
class Invited:
    """One guest as the outside knows them: a link, a code, a phone that ends in 0417."""

    app: Flask
    client: FlaskClient
    id: int
    token: str
    code: str

    @property
    def link(self) -> str:
        return f"/r/{self.token}"

    def row(self) -> Guest:
        with self.app.app_context():
            db.session.expire_all()
            guest = db.session.scalars(
                unscoped_for("a test looks", select(Guest).where(Guest.id == self.id))
            ).one()
            db.session.expunge(guest)
            return guest

    def edition(self) -> Edition:
        with self.app.app_context():
            return db.session.scalars(select(Edition).where(Edition.slug == "2026")).one()

    def changed(self, **values: Any) -> None:
        """Somebody in the office changes the guest."""
        with self.app.app_context(), writing():
            guest = db.session.scalars(unscoped_for("a test", select(Guest).where(Guest.id == self.id))).one()
            change(HOUSE, guest, **values)
            db.session.commit()

    def edition_changed(self, **values: Any) -> None:
        with self.app.app_context(), writing():
            change(HOUSE, db.session.scalars(select(Edition).where(Edition.slug == "2026")).one(), **values)
            db.session.commit()

    def says(self, reply: str, **more: str) -> Any:
        return self.client.post(f"{self.link}/reply", data={"reply": reply} | CONSENT | more)

    def saves(self, *parts: str, **values: str) -> Any:
        """As guest.js saves: the parts that changed, answered in JSON."""
        sent = {"part": list(parts), **CONSENT, **values}
        return self.client.post(f"{self.link}/answers", data=sent, headers={"Accept": "application/json"})


@pytest.fixture
def invited(app: Flask, client: FlaskClient) -> Invited:
    with app.app_context(), writing():
        edition = an_edition()
        guest = a_guest(edition, phone="19900000417", reply=Reply.NONE)
        db.session.commit()
        return Invited(app, client, guest.id or 0, tokens.token(guest), tokens.reply_code(guest))
