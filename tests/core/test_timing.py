"""`YISHANG_TIMING=1`: every answer says how long it took and what it asked (DESIGN §5)."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from yishang_crm.app import create_app
from yishang_crm.core import sealed
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db
from yishang_crm.core.schema import all_tables

FORM = re.compile(r'^app;dur=\d+\.\d\d, db;dur=\d+\.\d\d;desc="(\d+) queries"$')


@pytest.fixture
def timed(tmp_path) -> Iterator[Flask]:
    """A house of its own that tells its times."""
    ring = sealed._Keyring.keys
    app = create_app(Settings(instance=tmp_path, timing=True, _env_file=None))
    with app.app_context():
        all_tables().create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    sealed.use_keys(ring)


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/login", "/r", "/people", "/nowhere", "/static/mark.svg"]
)
def test_every_answer_says_its_times(timed, path):
    with timed.test_client().get(path) as answer:
        assert FORM.match(answer.headers["Server-Timing"])


def test_it_counts_the_questions_of_this_answer_and_no_others(timed):
    asked = []
    with timed.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    browser = timed.test_client()
    for path in ("/r", "/login", "/healthz", "/r"):
        asked.clear()
        answer = browser.get(path)
        questions = [statement for statement in asked if not statement.startswith("BEGIN")]
        assert (path, int(FORM.match(answer.headers["Server-Timing"])[1])) == (path, len(questions))
    assert questions


def test_a_refused_form_says_its_times_as_well(timed):
    answer = timed.test_client().post("/login", data={"login": "nobody", "password": "x"})
    assert (answer.status_code, bool(FORM.match(answer.headers["Server-Timing"]))) == (400, True)


def test_without_the_setting_nobody_learns_how_long_an_answer_took(client):
    assert "Server-Timing" not in client.get("/login").headers
