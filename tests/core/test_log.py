"""The log: one JSON object a line, with the request's number, and never a personal detail or a token."""

import io
import json
import logging
import re

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import PASSWORD, signed_in
from tests.house.planted import plant, rules, visitor
from yishang_crm.core import log
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.jobs import in_house
from yishang_crm.core.sealed import Sealed

SECRETS = ["19900000611", "dai.yuping@example.cn", "cheng@example.cn", PASSWORD]


@pytest.fixture
def lines():
    """What was logged, as it would stand in the file."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.OneLine())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("call 19900000417 now", "call [phone] now"),
        ("+8619900000417", "[phone]"),
        ("199 0000 0417, 199-0000-0417", "[phone], [phone]"),
        ("+852 6123 4567", "[phone]"),
        ("+6581234567", "[phone]"),
        ("write to li.hui+x@example.com.cn.", "write to [mail]."),
        ("id 34088119650211441X.", "id [id]."),
        ("GET /r/Zm9vYmFyYmF6cXV4MTIzNA/answers", "GET /r/…/answers"),
        ("/password/12-0123456789abcdef0123456789abcdef01234567", "/password/…"),
        ("/portal/enter/12-0123456789abcdef0123456789abcdef01234567?x", "/portal/enter/…?x"),
        ("IntegrityError\nDETAIL:  Key (value)=(61234567) already exists.", "IntegrityError\nDETAIL: …"),
        ("20260924 1234567890123 person:5 12:30:01.123", "20260924 1234567890123 person:5 12:30:01.123"),
    ],
)  # fmt: skip
def test_what_looks_like_a_detail_is_cut(text, cleaned):
    assert log.clean(text) == cleaned


@given(
    st.integers(0, 9999),
    st.sampled_from(["", "+86", "86", "+86 ", "电话", "x=", '"']),
    st.text("汉字 ,.;'\"()", max_size=5),
)
def test_no_phone_gets_through(number, before, after):
    phone = f"1990000{number:04d}"
    assert phone not in log.clean(f"{before}{phone}{after}")


def test_a_line_is_one_object(lines):
    log.event("sent", count=3, note="两行\n一句", nothing="")
    (line,) = lines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["count"], told["note"]) == ("sent", "info", "3", "两行\n一句")
    assert "nothing" not in told
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["at"])


def test_a_sealed_value_in_a_line_is_its_outline(lines):
    log.event("x", phone=Sealed("+8619900000417"), all=[Sealed("+8619900000417")])
    assert "19900000417" not in lines()[0]
    assert json.loads(lines()[0])["phone"] == "199****0417"


def test_each_request_has_a_number_that_its_reader_sees(client, lines):
    answers = [client.get("/login"), client.get("/nowhere")]
    told = [
        json.loads(line) for line in lines() if '"request"' in line and json.loads(line)["event"] == "request"
    ]
    assert [line["request"] for line in told] == [answer.headers["X-Request-Id"] for answer in answers]
    assert [(line["endpoint"], line["status"]) for line in told] == [("accounts.login", "200"), ("-", "404")]
    assert answers[1].headers["X-Request-Id"] in answers[1].text


def test_a_callers_own_number_is_not_taken_over(client):
    assert client.get("/login", headers={"X-Request-Id": "evil"}).headers["X-Request-Id"] != "evil"


def test_a_fault_is_told_with_its_trace_and_without_its_values(app, client, lines, monkeypatch):
    from yishang_crm.core.web import open_to_all

    def fails():
        raise RuntimeError("no answer from 19900000611 / dai.yuping@example.cn")

    monkeypatch.setitem(app.view_functions, "accounts.login", open_to_all(fails))
    answer = client.get("/login")
    fault = next(json.loads(line) for line in lines() if json.loads(line)["level"] == "error")
    assert (answer.status_code, fault["request"]) == (500, answer.headers["X-Request-Id"])
    assert "RuntimeError: no answer from [phone] / [mail]" in fault["trace"]
    assert "RuntimeError" not in answer.text


def test_a_refused_row_is_not_quoted(app, lines):
    """PostgreSQL quotes the row it refuses, SQLAlchemy its parameters; neither gets into the log."""

    carried = "余秉衡61234567"

    def twice():
        for _ in range(2):
            put = sa.text("INSERT INTO attempts (key, count, since) VALUES (:key, 1, :now)")
            db.session.execute(put, {"key": carried, "now": now()})

    in_house(app, twice)()
    text = "\n".join(lines())
    assert "IntegrityError" in text
    assert carried not in text


def test_a_job_that_fails_is_told_and_undone(app, lines):
    from yishang_crm.core.limits import Attempts

    def half_done():
        db.session.add(Attempts(key="half"))
        db.session.flush()
        raise ZeroDivisionError

    in_house(app, half_done)()
    in_house(app, lambda: {"sent": 3})()
    told = [json.loads(line) for line in lines()]
    assert [line["event"] for line in told if line["event"] in ("unexpected", "job")] == ["unexpected", "job"]
    with app.app_context():
        assert db.session.get(Attempts, "half") is None


def test_a_whole_day_of_the_house_leaves_no_detail_in_the_log(app, cast, lines):
    """Every page and many deeds, as several people, at the most talkative level."""
    world = plant(app, cast)
    for login in ("organizer", "ambassador", "stranger"):
        client = visitor(app, login)
        for rule in rules(app, "GET", "POST"):
            if rule.endpoint in ("guest.letter", "accounts.logout", "accounts.own_sign_ins_end"):
                continue
            for method in rule.methods & {"GET", "POST"}:
                data = {
                    "q": "19900000611",
                    "phone": "19900000611",
                    "email": "dai.yuping@example.cn",
                    "line": "19900000611 电话 谈",
                }
                client.open(
                    world.address(app, rule),
                    method=method,
                    **({"data": data} if method == "POST" else {"query_string": data}),
                ).close()
    told = "\n".join(lines())
    assert len(told) > 20_000
    assert [secret for secret in [*SECRETS, world.values["token"]] if secret in told] == []


def test_signing_in_leaves_no_password_in_the_log(client, lines):
    client.post("/login", data={"login": "tongcheng", "password": "猜错的密码-19900000611"})
    signed_in(client, "tongcheng")
    assert not re.search(f"猜错的密码|{PASSWORD}|19900000611", "\n".join(lines()))


def test_the_log_of_a_process_goes_to_standard_error(capsys):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        log.start()
        log.event("begun", version="1")
    finally:
        root.handlers[:], root.level = handlers, level
    said = capsys.readouterr()
    assert (said.out, json.loads(said.err)["event"]) == ("", "begun")


def test_writing_is_not_left_on_after_a_job(app):
    from yishang_crm.core.db import is_writing

    in_house(app, lambda: None)()
    assert is_writing() is False
    with app.app_context(), writing():
        assert is_writing() is True
