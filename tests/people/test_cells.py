"""One cell of the list posts alone; somebody who was quicker is shown beside, nothing is lost (S35)."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, queries
from yishang_crm.people.fields import FACTS

HTMX = {"HX-Request": "true"}


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        db.session.commit()
        return person.id


def now_is(app, cast, person_id, name="residence"):
    with app.app_context():
        return FACTS[name].text_of(queries.person(cast.bureau, person_id))


def post(client, person_id, fact, value, *, was, version=1, headers=None):
    form = {"value": value, "was": was, "version": str(version)}
    return client.post(f"/people/{person_id}/cells/{fact}", data=form, headers=headers or HTMX)


@pytest.mark.parametrize(
    ("fact", "was", "value", "shown"),
    [
        ("tier", "A", "B", ">B<"), ("residence", "深圳", "惠州", "惠州"), ("industry", "", "新材料", "新材料"),
        ("state", "active", "retired", "退休"), ("native_place", "桐城市", "怀宁县", "怀宁县"), ("gender", "male", "", "</td>"),
        ("source", "", "商会名册", "商会名册"),
    ],
)  # fmt: skip
def test_a_cell_is_edited_in_place(app, client, cast, person_id, fact, was, value, shown):
    signed_in(client, "tongcheng")
    form = client.get(f"/people/{person_id}/cells/{fact}", headers=HTMX).text
    assert form.startswith("<td")
    assert f'name="was" value="{was}"' in form
    answer = post(client, person_id, fact, value, was=was)
    assert (answer.status_code, shown in answer.text) == (200, True)
    assert now_is(app, cast, person_id, fact) == value


def test_without_script_it_is_a_page_and_a_form(app, client, cast, person_id):
    signed_in(client, "tongcheng")
    page = client.get(f"/people/{person_id}/cells/residence")
    assert "<!doctype html>" in page.text
    form = {"value": "惠州", "was": "深圳", "version": "1"}
    answer = client.post(f"/people/{person_id}/cells/residence", data=form)
    assert (answer.status_code, answer.location) == (303, f"/people/{person_id}")


def test_who_was_quicker_is_named_and_both_values_stand_in_the_cell(app, client, cast, person_id):
    signed_in(client, "tongcheng2")
    assert post(client, person_id, "residence", "上海", was="深圳").status_code == 200
    signed_in(client, "tongcheng")
    stale = post(client, person_id, "residence", "惠州", was="深圳")
    assert stale.status_code == 409
    assert "查静刚刚改成了：" in stale.text
    assert "上海" in stale.text
    assert "用我的：惠州" in stale.text
    assert now_is(app, cast, person_id) == "上海"
    again = post(client, person_id, "residence", "惠州", was="上海", version=2)
    assert again.status_code == 200
    assert now_is(app, cast, person_id) == "惠州"


def test_another_cell_that_changed_meanwhile_is_no_conflict(app, client, cast, person_id):
    signed_in(client, "tongcheng")
    assert post(client, person_id, "tier", "B", was="A").status_code == 200
    assert post(client, person_id, "residence", "惠州", was="深圳").status_code == 200
    assert (now_is(app, cast, person_id, "tier"), now_is(app, cast, person_id)) == ("B", "惠州")


def test_a_bulk_act_that_was_quicker_is_named_too(app, client, cast, person_id):
    from yishang_crm.people.acts import Selection

    with app.app_context(), writing():
        actions.edit_many(
            cast.bureau,
            Selection(ids=(person_id,)),
            fact=FACTS["residence"],
            value="北京",
            said="北京",
            expected=1,
        )
    signed_in(client, "tongcheng")
    stale = post(client, person_id, "residence", "惠州", was="深圳")
    assert stale.status_code == 409
    assert "程景明刚刚改成了：" in stale.text


@pytest.mark.parametrize(
    ("fact", "was", "value"), [("tier", "A", "Z"), ("tier", "A", ""), ("residence", "深圳", "长" * 61)]
)
def test_a_wrong_value_is_told_in_the_cell(app, client, cast, person_id, fact, was, value):
    signed_in(client, "tongcheng")
    answer = post(client, person_id, fact, value, was=was)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert now_is(app, cast, person_id, fact) == was


@pytest.mark.parametrize(
    "fact", ["name_key", "id", "version", "do_not_contact_at", "id_number", "home_unit_id", "nothing"]
)
def test_what_is_no_cell_is_not_found(client, person_id, fact):
    """S6: a column's name is no right to it."""
    signed_in(client, "tongcheng")
    assert client.get(f"/people/{person_id}/cells/{fact}").status_code == 404
    assert post(client, person_id, fact, "1", was="").status_code == 404


def test_the_owner_is_chosen_among_the_colleagues_of_the_unit(app, client, cast, person_id):
    signed_in(client, "tongcheng")
    form = client.get(f"/people/{person_id}/cells/owner", headers=HTMX).text
    assert "查静" in form
    assert "操望舒" not in form
    mine, hers = str(cast.tongcheng.id), str(cast.tongcheng2.id)
    assert post(client, person_id, "owner", hers, was=mine).status_code == 200
    assert post(client, person_id, "owner", mine, was=mine).status_code == 409
    assert post(client, person_id, "owner", str(cast.huaining.id), was=hers).status_code == 422
    assert post(client, person_id, "owner", "", was=hers).status_code == 200


def test_tags_are_ticked_and_a_tag_put_on_meanwhile_is_not_lost(app, client, cast, person_id):
    with app.app_context(), writing():
        tags = [actions.add_tag(cast.tongcheng, name=name) for name in ("桐商", "新能源")]
        foreign = actions.add_tag(cast.huaining, name="怀商")
        db.session.commit()
        one, two, theirs = (str(tag.id) for tag in (*tags, foreign))
    signed_in(client, "tongcheng")
    assert "怀商" not in client.get(f"/people/{person_id}/cells/tags", headers=HTMX).text
    assert "桐商" in post(client, person_id, "tags", [one], was="").text
    assert post(client, person_id, "tags", [two], was="").status_code == 409
    assert post(client, person_id, "tags", [one, two], was=one).status_code == 200
    assert post(client, person_id, "tags", [theirs], was=f"{one},{two}").status_code == 409
    with app.app_context():
        shown = queries.tags_of_people(cast.tongcheng, [person_id])[person_id]
        assert {tag.name for tag in shown} == {"桐商", "新能源"}


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 403), ("huaining", 404), (None, 302)]
)
def test_a_cell_is_edited_by_who_may(client, person_id, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{person_id}/cells/tier").status_code == status
    assert post(client, person_id, "tier", "B", was="A").status_code == status


def test_the_list_marks_the_cells_only_for_who_may_edit(client, person_id):
    signed_in(client, "tongcheng")
    assert 'data-cell="residence"' in client.get("/people").text
    signed_in(client, "leader")
    assert "data-cell" not in client.get("/people").text
