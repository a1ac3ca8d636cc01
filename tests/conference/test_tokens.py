"""Links, passes and codes: unguessable, revocable, never stored, never logged (S21)."""

import base64
import logging

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, signed_in
from tests.conference.arranged import a_guest, a_person, an_edition, an_invited
from yishang_crm.conference import actions, queries, tokens
from yishang_crm.conference.models import Guest
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for

indoors = pytest.mark.usefixtures("indoors")


def someone(number: int = 417, generation: int = 1) -> Guest:
    return Guest(id=number, edition_id=1, person_id=1, unit_id=1, token_generation=generation)


@indoors
def test_a_token_has_22_characters_that_fit_an_address_and_reads_back():
    token = tokens.token(someone(417, 3))
    assert len(token) == 22
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert tokens.read(token) == (417, 3)


@indoors
def test_the_same_guest_has_the_same_token_and_neighbors_have_nothing_in_common():
    assert tokens.token(someone(1)) == tokens.token(someone(1))
    one, other = (base64.urlsafe_b64decode(tokens.token(someone(number)) + "==") for number in (1, 2))
    same = sum(a == b for a, b in zip(one, other, strict=True))
    assert same <= 3  # by chance one byte in 256 agrees


@indoors
def test_a_pass_opens_no_page_and_a_link_no_gate():
    guest = someone()
    assert tokens.read(tokens.entry_token(guest)) is None
    assert tokens.read_entry(tokens.token(guest)) is None
    assert tokens.read_entry(tokens.entry_token(guest)) == (417, 1)


@indoors
def test_no_token_with_one_letter_changed_is_ours():
    token = tokens.token(someone())
    for place in range(len(token)):
        for letter in "Aa9_":
            if letter != token[place]:
                assert tokens.read(token[:place] + letter + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "x", "x" * 21, "x" * 23, "é" * 22, "=" * 22, "a b" * 8, "\x00" * 22])
@indoors
def test_what_is_no_token_is_nobody_s(text):
    assert tokens.read(text) is None
    assert queries.guest_by_token(text) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_harm(app_of_session, text):
    with app_of_session.app_context():
        assert tokens.read(text) is None


@pytest.fixture(scope="session")
def app_of_session(app: Flask) -> Flask:
    return app


@indoors
def test_another_key_knows_none_of_our_tokens(app):
    token, key = tokens.token(someone()), app.secret_key
    app.secret_key = "another"
    try:
        assert tokens.read(token) is None
    finally:
        app.secret_key = key


@indoors
def test_a_link_finds_its_guest_until_the_invitation_is_withdrawn(cast: Cast):
    guest = an_invited(cast.tongcheng, an_edition(cast.organizer))
    token, entry = tokens.token(guest), tokens.entry_token(guest)
    assert queries.guest_by_token(token).id == guest.id
    assert queries.guest_by_entry_token(entry).id == guest.id
    actions.withdraw(cast.organizer, guest, note="重复")
    assert queries.guest_by_token(token) is None
    assert queries.guest_by_entry_token(entry) is None
    assert queries.guest_by_token(tokens.token(guest)) is None


@indoors
def test_a_link_of_somebody_not_yet_approved_opens_nothing(cast: Cast):
    guest = a_guest(cast.tongcheng, an_edition(cast.organizer))
    assert queries.guest_by_token(tokens.token(guest)) is None


@indoors
def test_a_code_needs_the_last_digits_of_one_s_own_phone(cast: Cast):
    edition = an_edition(cast.organizer)
    guest = an_invited(cast.tongcheng, edition, a_person(cast.tongcheng, phone="19900007788"))
    code = tokens.reply_code(guest)
    assert queries.guest_by_code(code, "7788").id == guest.id
    for wrong in (
        (code, "7789"),
        (code, ""),
        (code, "%%%%"),
        (code, "________"[:4]),
        ("000000", "7788"),
        (code[:5], "7788"),
    ):
        assert queries.guest_by_code(*wrong) is None
    assert queries.guest_by_reply_code(edition, code).id == guest.id


@indoors
def test_a_code_of_a_closed_edition_or_withdrawn_guest_is_nobody_s(cast: Cast):
    edition = an_edition(cast.organizer)
    guest = an_invited(cast.tongcheng, edition, a_person(cast.tongcheng, phone="19900007788"))
    code = tokens.reply_code(guest)
    actions.withdraw(cast.organizer, guest, note="重复")
    assert queries.guest_by_code(code, "7788") is None


@indoors
def test_of_two_guests_with_the_same_digits_the_later_takes_the_next(cast: Cast, monkeypatch):
    edition = an_edition(cast.organizer)
    first, second = (a_guest(cast.tongcheng, edition) for _ in range(2))
    real = tokens.reply_code
    monkeypatch.setattr(tokens, "reply_code", lambda guest: real(guest) if guest.code_try else "417206")
    for guest in (first, second):
        actions.approve(cast.organizer, guest)
        actions.make_letter(cast.organizer, guest)
    assert (first.code_try, second.code_try) == (0, 1)
    assert first.code_index != second.code_index


def test_neither_token_nor_code_rests_in_the_database_or_stands_in_the_log(
    app: Flask, client: FlaskClient, cast: Cast, caplog
):
    with app.app_context(), writing():
        guest = an_invited(cast.tongcheng, an_edition(cast.organizer))
        actions.post_letters(cast.organizer, queries.edition("2026"), [guest])
        secrets = [tokens.token(guest), tokens.entry_token(guest), tokens.reply_code(guest)]
        address = f"/conferences/2026/guests/{guest.id}"
        db.session.commit()
    signed_in(client, "tongcheng")
    with caplog.at_level(logging.DEBUG):
        shown = client.post(f"{address}/link").text
        client.get(address)
    assert secrets[0] in shown
    with app.app_context():
        kept = [
            str(tuple(row))
            for table in ("guest", "message", "audit_entry", "audit_value")
            for row in db.session.execute(unscoped_for("a test looks", sa.text(f"SELECT * FROM {table}")))
        ]
    assert len(kept) > 5
    for secret in secrets:
        assert not [row for row in kept if secret in row]
        assert secret not in caplog.text
