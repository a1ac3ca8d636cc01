"""What people typed stays text, on every page, for everybody who sees it (S11, S12); and what is sealed shows nowhere (S37)."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlmodel import SQLModel

from tests.cast import Cast, signed_in
from tests.house.gathered import LOGINS, pages_of, starts
from tests.house.pages import Read
from tests.house.planted import Planted, plant, visitor
from yishang_crm.conference.models import Guest
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.people import actions as people
from yishang_crm.people import queries

TRICKS = {
    "tags": "\"'></title></textarea><script>probe()</script><svg/onload=probe()><img src=x onerror=probe()>",
    "attributes": "x\" onfocus=probe() autofocus x='",
    "address": "javascript:probe()//",
    "templates": "{{probe()}}{%probe%}${7*7}{0.__class__}%(probe)s[[probe]]",
    "direction": "\u202eprobe()\u2066\"'&lt;probe&gt;&amp;<",
}
# What machines compare: a wrong value there is another fault, and nobody types it.
MACHINES_OWN = re.compile(
    r"(slug|code|login|verb|about|key|origin|actor|request|link|seal|client_id|message_id|release_mark|nonce|purpose|level"
    r"|language|kind|version_num|theme|consent_version|letter_year|mark|salt|row|digest|proof|worker|client|occasion"
    r"|.*_(hash|key|index|mark|url|version))"
)
# Append-only, or counters of limits.
LEFT = {"audit_entry", "audit_value", "audit_checkpoint", "attempts", "alembic_version"}


def typed_columns() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Every column that holds what somebody typed, and lists of it."""
    for table in SQLModel.metadata.sorted_tables:
        if table.name in LEFT or "id" not in table.columns:
            continue
        for column in table.columns:
            is_text = type(column.type).__name__ in ("AutoString", "String", "Text")
            is_list = isinstance(column.type, sa.JSON) and column.name in ("tags", "colleagues")
            if (is_text or is_list) and not MACHINES_OWN.fullmatch(column.name) and not column.foreign_keys:
                yield table, column


def spoil(app: Flask, trick: str) -> int:
    """Put a trick into every text of every row, each as long as its column holds. Returns how many were put."""
    put = 0
    with app.app_context(), writing(), doing(Deed(HOUSE, "a test plants")):
        session = db.session
        for table, column in typed_columns():
            ids = session.execute(unscoped_for("a test looks", sa.select(table.c.id))).scalars().all()
            for number in ids:
                most = getattr(column.type, "length", None) or 2000
                text = trick[: most - 4] + str(number % 1000) if column.unique or most > 30 else trick[:most]
                value = [text] if isinstance(column.type, sa.JSON) else text
                session.execute(sa.update(table).where(table.c.id == number).values({column.name: value}))
                put += 1
        session.commit()
    return put


def bring(app: Flask, trick: str) -> None:
    """A workbook whose name, headers and cells hold the trick, waiting to be looked at."""
    said = trick.replace(",", "").replace("\n", "").replace('"', "'")
    text = f"姓名,手机,单位,职务,{said}\n戴玉屏,19900000617,{said},{said},{said}\n程守{said[:6]},,{said},,\n"
    client = signed_in(app.test_client(), "tongcheng")
    file = (io.BytesIO(text.encode()), f"{said[:40].replace('/', '')}.csv")
    answer = client.post("/people/import", data={"file": file, "source": said[:100], "lawful_basis": "duty"})
    assert answer.status_code == 303, answer.text[:2000]


LEADS = {"href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href", "data-panel"}
ELSEWHERE = re.compile(r"\s*(javascript|data:text|vbscript)", re.IGNORECASE)


def faults(text: str) -> list[str]:
    """What stands on a page that nobody of us put there."""
    found = []
    for element in Read(text).elements:
        said = element.attributes
        found += [
            f"<{element.tag} {name}=…>"
            for name in said
            if name.startswith("on") or not re.fullmatch(r"[a-z][\w:.-]*", name)
        ]
        found += [
            f"<{element.tag} {name}={said[name][:30]}>"
            for name in LEADS & set(said)
            if ELSEWHERE.match(said[name])
        ]
        if element.tag == "script" and "src" not in said:
            found.append("<script>")
        if said.get("src") == "x":
            found.append(f"<{element.tag} src=x>")
    return found


def test_a_fault_would_be_found():
    """The check above is worth something: each trick is found where it is not escaped."""
    assert [
        bool(faults(f'<p title="{TRICKS[name]}">{TRICKS[name]}</p>')) for name in ("tags", "attributes")
    ] == [True, True]
    assert faults(f'<a href="{TRICKS["address"]}">x</a>') == ["<a href=javascript:probe()//>"]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", TRICKS)
def test_what_was_typed_is_text_on_every_page(app, cast, name):
    trick = TRICKS[name]
    world = plant(app, cast)
    bring(app, trick)
    odd = visitor(app, "tongcheng")
    odd.post(
        "/login",
        data={"login": "tongcheng", "password": "falsch"},
        headers={"User-Agent": trick[:60].encode("ascii", "ignore").decode()},
    )
    assert spoil(app, trick) > 100
    told, wrong, told_of = 0, [], trick[:12]
    for login in ("organizer", "tongcheng", "admin", "security", "auditor", "ambassador", "desk"):
        for address, text in pages_of(app, world, login, cast):
            wrong += [(login, address, fault) for fault in faults(text)]
            told += told_of in "".join(Read(text).texts) or any(
                told_of in value for element in Read(text).elements for value in element.attributes.values()
            )
    assert wrong == [], wrong[:10]
    assert told > 30


@pytest.mark.parametrize("name", TRICKS)
def test_what_was_typed_is_text_in_a_letter(app, cast, name):
    trick = TRICKS[name]
    world = plant(app, cast)
    spoil(app, trick)
    client = visitor(app, "organizer")
    address = f"/conferences/2026/guests/{world.values['guest_id']}/letter"
    word, pdf = client.post(f"{address}/docx"), client.post(f"{address}/pdf")
    assert (word.status_code, pdf.status_code) == (200, 200), word.text[:500]
    with zipfile.ZipFile(io.BytesIO(word.data)) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "embed" in name.lower()]
    written = "".join(root.itertext())
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "probe" in written
    assert "probe" in printed
    assert "49" not in re.sub(r"\d{3,}", "", written)
    raw = pdf.data
    assert not any(mark in raw for mark in (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile"))


# Sealed values


ID_NUMBER = "340881196508030019"


@pytest.fixture
def sealed_world(app, cast) -> Planted:
    world = plant(app, cast)
    with app.app_context(), writing():
        people.set_id_number(
            cast.tongcheng, queries.person(cast.tongcheng, world.values["person_id"]), number=ID_NUMBER
        )
        with doing(Deed(HOUSE, "a test plants")):
            guest = db.session.scalars(unscoped_for("a test", sa.select(Guest))).first()
            guest.delegate_name, guest.delegate_phone = "方师傅", Sealed("+8619900000618")
            db.session.flush()
        db.session.commit()
    return world


def sealed_values(app: Flask) -> set[str]:
    """Every whole value that stands in a sealed column anywhere, and how people write it."""
    values = {ID_NUMBER}
    with app.app_context(), doing(Deed(HOUSE, "a test looks")):
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if type(column.type).__name__ in ("SealedText", "EncryptedText"):
                    wanted = unscoped_for("a test looks", sa.select(column).where(column.is_not(None)))
                    values |= {one.whole() for one in db.session.execute(wanted).scalars() if one}
    typed = {value.removeprefix("+86") for value in values}
    return {value for value in values | typed if len(value) >= 7}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("login", [*LOGINS, "stranger"])
def test_no_page_shows_a_sealed_value_whole(app, cast: Cast, sealed_world, login):
    values = sealed_values(app)
    client, leaking, seen = visitor(app, login), [], 0
    if login == "stranger":
        addresses = [
            f"/r/{sealed_world.values['token']}{tail}"
            for tail in ("", "/letter", "/delegate", "/pass", "/notice", "/calendar.ics")
        ]
    else:
        addresses = starts(app, sealed_world, login, cast)
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}, {"Accept": "application/json"}):
            answer = client.get(address, headers=headers, follow_redirects=True)
            seen += 1
            said = answer.get_data().decode(errors="replace") + json.dumps(dict(answer.headers))
            is_own_file = "/people/import/" in answer.request.path and login == "tongcheng"
            leaking += [(address, value) for value in values if value in said and not is_own_file]
    assert leaking == [], leaking[:10]
    assert seen > 10
    assert {"19900000611", "dai.yuping@example.cn", "19900000618", ID_NUMBER} <= values
