"""Alive, ready, measured: `/healthz`, `/readyz`, `/metrics`, and what a broken house still answers."""

import re

import pytest
import sqlalchemy as sa

from tests.cast import signed_in
from yishang_crm.core import schema
from yishang_crm.core.db import db, writing

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}
TOKEN = "the token of the collector"


@pytest.fixture
def with_token(settings, monkeypatch):
    monkeypatch.setattr(settings, "metrics_token", TOKEN)


def test_alive_asks_nothing_of_the_database(client, count_queries):
    with count_queries() as counted:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.text, counted.n) == (200, "ok\n", 0)


def test_ready_when_the_schema_is_the_newest(own_house):
    client = own_house.app.test_client()
    assert client.get("/readyz").status_code == 503
    with own_house.app.app_context(), writing():
        db.session.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        db.session.execute(sa.text(f"INSERT INTO alembic_version VALUES ('{schema.newest()}')"))
        db.session.commit()
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ok\n")
    with own_house.app.app_context(), writing():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = 'older'"))
        db.session.commit()
    assert client.get("/readyz").status_code == 503


def test_metrics_are_for_this_machine(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"},
        {"X-Client-IP": "127.0.0.1"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN} "},
    ],
)  # fmt: skip
@pytest.mark.usefixtures("with_token")
def test_no_header_opens_them_to_others(client, headers):
    answer = client.get("/metrics", headers=headers, environ_base=ELSEWHERE)
    assert (answer.status_code, "yishang_" in answer.text) == (404, False)


def test_without_a_token_in_the_settings_no_token_opens_them(client):
    for brought in ("Bearer ", "Bearer None", "Bearer"):
        assert (
            client.get("/metrics", headers={"Authorization": brought}, environ_base=ELSEWHERE).status_code
            == 404
        )


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_does_not_open_them_to_the_world(client, header):
    assert client.get("/metrics", headers={header: "203.0.113.7"}).status_code == 404


@pytest.mark.usefixtures("with_token")
def test_the_token_opens_them_from_elsewhere(client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, environ_base=ELSEWHERE)
    assert answer.status_code == 200


def test_metrics_count_answers_by_endpoint_and_name_no_address(client):
    before = _counted(client, "people.index") if False else _counted(client, "person.show")
    signed_in(client, "tongcheng").get("/people/987654321")
    assert _counted(client, "person.show") == before + 1
    said = client.get("/metrics").text
    assert "987654321" not in said
    assert re.search(r"^yishang_audit_unsealed \d+", said, re.MULTILINE)


def _counted(client, endpoint: str) -> float:
    found = re.search(
        rf'^yishang_answers_total{{endpoint="{re.escape(endpoint)}",status="404"}} ([\d.]+)',
        client.get("/metrics").text,
        re.MULTILINE,
    )
    return float(found[1]) if found else 0.0


# What a broken house answers


def test_a_fault_is_answered_politely_and_told_by_its_number(app, client, monkeypatch):
    from yishang_crm.core.web import open_to_all

    monkeypatch.setitem(app.view_functions, "accounts.login", open_to_all(lambda: 1 // 0))
    answer = client.get("/login")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_when_even_the_page_of_the_fault_fails_a_plain_sentence_is_left(app, client, monkeypatch):
    from yishang_crm.core.web import open_to_all

    def fails(**_):
        raise RuntimeError("no template either")

    monkeypatch.setitem(app.view_functions, "accounts.login", open_to_all(lambda: 1 // 0))
    monkeypatch.setitem(app.jinja_env.globals, "asset", fails)
    answer = client.get("/login")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.headers["X-Request-Id"] in answer.text


def test_without_a_database_the_house_says_so_and_stays_up(own_house):
    client = own_house.app.test_client()
    signed_in(client, "tongcheng")
    with own_house.app.app_context(), writing():
        db.session.execute(sa.text("ALTER TABLE sign_in RENAME TO sign_in_gone"))
        db.session.commit()
    assert client.get("/people").status_code == 500
    assert client.get("/healthz").status_code == 200


def test_an_error_for_a_program_is_json(client):
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json.keys() == {"error", "reference"}
    assert answer.json["reference"] == answer.headers["X-Request-Id"]


def test_errors_are_told_in_the_readers_language(client):
    sentences = {
        client.get("/nowhere", headers={"Accept-Language": tag}).text for tag in ("zh-CN", "zh-TW", "en")
    }
    assert len(sentences) == 3
