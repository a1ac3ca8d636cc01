"""The person's page: adding, editing, a lost update, contact points, posts, sharing; as the four visitors."""

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people import queries


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        db.session.commit()
        return person.id


ENTERED = {
    "name": "江望之", "tier": "B", "state": "active", "birth_calendar": "solar", "lawful_basis": "duty", "gender": "",
    "organization": "东莞市皖江新材料有限公司", "title": "董事长", "phone": "199 0000 0001", "email": "",
}  # fmt: skip


def test_somebody_is_added_by_the_form(app, client, cast):
    signed_in(client, "tongcheng")
    answer = client.post("/people", data=ENTERED)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    assert "199****0001" in page
    assert "19900000001" not in page
    assert "东莞皖江新材料 董事长" in page


def test_a_phone_that_is_taken_elsewhere_names_only_whom_to_ask(client, person_id):
    signed_in(client, "huaining")
    answer = client.post("/people", data=ENTERED | {"phone": "19900000417"})
    assert answer.status_code == 409
    assert "桐城市投资促进中心" in answer.text
    assert "余秉衡" not in answer.text


def test_an_edit_keeps_what_was_typed_and_shows_what_somebody_else_saved(app, client, cast, person_id):
    signed_in(client, "tongcheng")
    form = ENTERED | {"name": "余秉衡", "gender": "male", "tier": "A", "version": "1"}
    assert client.post(f"/people/{person_id}", data=form | {"residence": "深圳"}).status_code == 303
    stale = client.post(f"/people/{person_id}", data=form | {"residence": "惠州"})
    assert stale.status_code == 409
    assert "别人已经改过" in stale.text
    assert "深圳" in stale.text
    assert "惠州" in stale.text
    with app.app_context():
        assert queries.person(cast.tongcheng, person_id).residence == "深圳"


def test_opening_a_phone_shows_it_once_and_leaves_a_trace(app, client, cast, person_id):
    from sqlmodel import select

    from yishang_crm.core.audit import AuditEntry
    from yishang_crm.core.scope import unscoped_for

    with app.app_context():
        contact = queries.person_parts(cast.tongcheng, queries.person(cast.tongcheng, person_id)).contacts[0]
        address = f"/people/contacts/{contact.id}/opening"
    signed_in(client, "tongcheng")
    assert "19900000417" not in client.get(f"/people/{person_id}").text
    assert "+8619900000417" in client.post(address).text
    with app.app_context():
        wanted = select(AuditEntry).where(AuditEntry.verb == "people.open_contact")
        (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
        assert (entry.actor, entry.about) == (cast.tongcheng.key, f"person:{person_id}")
        assert "0417" not in str(entry.note)
    signed_in(client, "huaining")
    assert client.post(address).status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("huaining", 404), ("desk", 403), (None, 302)]
)
def test_a_person_is_seen_by_whom_it_concerns(client, person_id, login, status):
    if login:
        signed_in(client, login)
    for address in (f"/people/{person_id}", f"/people/{person_id}/panel"):
        answer = client.get(address)
        assert answer.status_code == status
        assert ("余秉衡" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 403), ("huaining", 404), (None, 302)]
)
def test_a_person_is_edited_by_who_may(client, person_id, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{person_id}/edit").status_code == status


def test_posts_are_added_and_ended(client, person_id):
    signed_in(client, "tongcheng")
    client.post(f"/people/{person_id}/posts", data={"organization": "深圳市桐城商会", "title": "副会长"})
    page = client.get(f"/people/{person_id}").text
    assert "深圳市桐城商会" in page
    assert page.count("已离任") >= 2


def test_sharing_lets_the_other_unit_see(app, client, person_id):
    signed_in(client, "tongcheng")
    with app.app_context():
        huaining = unit_id("340822")
    client.post(f"/people/{person_id}/sharing", data={"unit_id": str(huaining)})
    signed_in(client, "huaining")
    assert client.get(f"/people/{person_id}").status_code == 200


def test_who_asked_to_be_left_alone_says_so_on_every_page(client, person_id):
    signed_in(client, "tongcheng")
    client.post(f"/people/{person_id}/silence", data={"reason": "本人来电要求"})
    assert "不问候、不邀请、不发信" in client.get(f"/people/{person_id}").text
    assert "勿扰" in client.get("/people").text


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_pages_cost_the_same_however_many(app, client, cast, count_queries, rows):
    with app.app_context(), writing():
        people = [somebody(cast.tongcheng, f"江望{'之一二'[n]}", phone=f"1990000000{n}") for n in range(rows)]
        db.session.commit()
        first = people[0].id
    signed_in(client, "tongcheng")
    for address, cost in (
        ("/people", 7),
        ("/people?q=jiang", 8),
        (f"/people/{first}", 8),
        ("/organizations", 5),
    ):
        client.get(address)
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == cost, (address, counted.statements)


CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${7*7}",
    "=HYPERLINK(1)",
    "%(x)s",
    "' OR 1=1 --",
)


@pytest.mark.parametrize("text", CORPUS)
def test_what_people_type_is_shown_inert(app, client, text):
    signed_in(client, "tongcheng")
    answer = client.post(
        "/people", data=ENTERED | {"name": f"某{text}"[:60], "residence": text, "note": text, "title": text}
    )
    assert answer.status_code == 303, answer.text
    for address in (answer.location, "/people", f"{answer.location}/edit", "/palette?q=某", "/organizations"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "某49" not in page


@pytest.mark.parametrize(
    "typed", ['"', "*", "NEAR(", "AND OR NOT", "\x00", "%_\\", "a" * 100_000, "' OR 1=1 --", "()", "：，。"]
)
def test_a_strange_search_finds_nothing_and_breaks_nothing(client, person_id, typed):
    signed_in(client, "tongcheng")
    answer = client.get("/people", query_string={"q": typed})
    assert answer.status_code == 200
    assert "余秉衡" not in answer.text
