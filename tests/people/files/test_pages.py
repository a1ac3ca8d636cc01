"""Files and the photo by page: added, opened with a trace, removed with their bytes; as the four visitors."""

import io

import pytest
import sqlalchemy as sa
from sqlmodel import select

from tests.cast import signed_in
from tests.house.pages import Read
from tests.people.arranged import somebody
from tests.people.files.made import PDF, picture
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.files import actions, contents, queries
from yishang_crm.people.files.models import FileContent, PersonFile


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        db.session.commit()
        return person.id


@pytest.fixture
def file_id(app, cast, person_id):
    from yishang_crm.people import queries as people

    with app.app_context(), writing():
        person = people.person(cast.tongcheng, person_id)
        kept = actions.add_file(cast.tongcheng, person, contents.paper("介绍.pdf", PDF))
        db.session.commit()
        return kept.id


def sent(name: str, content: bytes) -> dict:
    return {"file": (io.BytesIO(content), name)}


def count(app, table) -> int:
    with app.app_context():
        return db.session.scalar(unscoped_for("a test looks", sa.select(sa.func.count()).select_from(table)))


def test_a_file_is_added_listed_opened_with_a_trace_and_removed_with_its_bytes(app, client, person_id):
    signed_in(client, "tongcheng")
    assert client.post(f"/people/{person_id}/files", data=sent("介绍.pdf", PDF)).status_code == 303
    assert "介绍.pdf" in client.get(f"/people/{person_id}/files").text
    with app.app_context():
        file_id = db.session.scalars(unscoped_for("a test looks", select(PersonFile.id))).one()
    opened = client.post(f"/people/{person_id}/files/{file_id}/opening")
    assert (opened.data, opened.mimetype) == (PDF, "application/pdf")
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert opened.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with app.app_context():
        wanted = select(AuditEntry).where(AuditEntry.verb == "people.files.open_file")
        (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
        assert (entry.about, entry.note["name"]) == (f"person:{person_id}", "介绍.pdf")
    assert client.post(f"/people/{person_id}/files/{file_id}/removal").status_code == 303
    assert (count(app, PersonFile), count(app, FileContent)) == (0, 0)


def seen_photo(client, person_id):
    """The photo that stands on the page, as its forms tell."""
    page = Read(client.get(f"/people/{person_id}/files").text)
    return {"seen": next(value for form in page.forms for name, value in form.fields if name == "seen")}


def test_a_photo_stands_at_the_head_and_a_new_one_takes_its_place(app, client, person_id):
    signed_in(client, "tongcheng")
    assert client.get(f"/people/{person_id}/photo").status_code == 404
    for colour in range(2):
        seen = seen_photo(client, person_id)
        answer = client.post(f"/people/{person_id}/photo", data=sent(f"{colour}.png", picture("PNG")) | seen)
        assert answer.status_code == 303
    assert f"/people/{person_id}/photo?v=" in client.get(f"/people/{person_id}").text
    shown = client.get(f"/people/{person_id}/photo")
    assert (shown.mimetype, shown.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert count(app, FileContent) == 1
    assert client.post(f"/people/{person_id}/photo/removal", data=seen).status_code == 409
    seen = seen_photo(client, person_id)
    assert client.post(f"/people/{person_id}/photo/removal", data=seen).status_code == 303
    assert f"/people/{person_id}/photo?v=" not in client.get(f"/people/{person_id}").text


def test_a_page_as_a_file_is_refused_with_a_sentence(client, person_id):
    signed_in(client, "tongcheng")
    answer = client.post(f"/people/{person_id}/files", data=sent("合影.jpg", b"<svg onload=alert(1)>"))
    assert (answer.status_code, "只收图片" in answer.text) == (409, True)
    assert client.post(f"/people/{person_id}/files", data={}).status_code == 422


def test_the_record_takes_fifty_files_and_no_more(app, cast, indoors, monkeypatch):
    from yishang_crm.core.errors import NotPossible

    monkeypatch.setattr(actions, "MOST_FILES", 2)
    person = somebody(cast.tongcheng)
    for _ in range(2):
        actions.add_file(cast.tongcheng, person, contents.paper("a.pdf", PDF))
    with pytest.raises(NotPossible, match="最多放2个"):
        actions.add_file(cast.tongcheng, person, contents.paper("a.pdf", PDF))


@pytest.mark.parametrize(
    ("login", "reading", "opening", "removing"),
    [("tongcheng", 200, 200, 303), ("leader", 200, 403, 403), ("huaining", 404, 404, 404), ("desk", 403, 403, 403), (None, 302, 302, 302)],
)  # fmt: skip
def test_files_are_for_whom_the_person_concerns(
    client, person_id, file_id, login, reading, opening, removing
):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{person_id}/files").status_code == reading
    assert client.post(f"/people/{person_id}/files/{file_id}/opening").status_code == opening
    assert client.post(f"/people/{person_id}/files/{file_id}/removal").status_code == removing


def test_a_file_is_found_only_under_its_own_person(app, client, cast, person_id, file_id):
    with app.app_context(), writing():
        other = somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
        db.session.commit()
        other_id = other.id
    signed_in(client, "tongcheng")
    assert client.post(f"/people/{other_id}/files/{file_id}/opening").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_panel_costs_the_same_however_many(app, client, cast, person_id, count_queries, many):
    from yishang_crm.people import queries as people

    with app.app_context(), writing():
        person = people.person(cast.tongcheng, person_id)
        for number in range(many):
            actions.add_file(cast.tongcheng, person, contents.paper(f"{number}.pdf", PDF))
        db.session.commit()
        assert len(queries.files_of(cast.tongcheng, person)) == many
    signed_in(client, "tongcheng")
    with count_queries() as counted:
        client.get(f"/people/{person_id}/files", headers={"HX-Request": "true"})
    assert counted.n == 3, counted.statements
