"""Saved views, columns, tags: kept, shared, and read by each in their own scope."""

import re

import pytest

from tests.cast import Cast, signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.people import actions, queries
from yishang_crm.people.columns import columns_for, shown_columns
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import Tier


@pytest.fixture
def people(app, cast: Cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, "江一", phone="19900000001")
        somebody(cast.tongcheng, "江二", phone="19900000002", tier=Tier.B)
        somebody(cast.huaining, "江远", phone="19900000003")
        db.session.commit()


def kept(app, actor, readers: Readers, **said) -> int:
    with app.app_context(), writing():
        view = actions.save_view(actor, name="重点", readers=readers, filters=Filters.read(said))
        db.session.commit()
        return view.id


def test_what_the_list_shows_is_saved_and_opened_again(client, people):
    signed_in(client, "tongcheng")
    offered = client.get("/people?tier=A").text
    assert "存为视图" in offered
    form = client.get("/people/views/new?tier=A&sort=strokes").text
    query = re.search(r'name="filters" value="([^"]+)"', form)[1].replace("&amp;", "&")
    saved = client.post("/people/views", data={"name": "重点", "readers": "own", "filters": query})
    assert saved.status_code == 303
    assert "tier=A" in saved.location
    assert "sort=strokes" in saved.location
    client.get(saved.location)  # says once that it was saved
    page = client.get(saved.location).text
    assert "江一" in page
    assert "江二" not in page
    assert "存为视图" not in page  # nothing changed
    changed = client.get(saved.location + "&residence=深圳").text
    assert "存为视图" in changed
    assert "保存改动" in changed


@pytest.mark.parametrize(
    ("readers", "opened_by"),
    [
        (Readers.OWN, {"tongcheng"}),
        (Readers.UNIT, {"tongcheng", "tongcheng2"}),
    ],
)
def test_a_view_is_opened_by_those_it_is_shared_with(app, client, cast, people, readers, opened_by):
    view = kept(app, cast.tongcheng, readers, tier="A")
    for login in ("tongcheng", "tongcheng2", "huaining", "bureau", "leader"):
        signed_in(client, login)
        assert (client.get(f"/people/views/{view}").status_code == 200) is (login in opened_by), login
        assert ("重点" in client.get("/people/views").text) is (login in opened_by), login


def test_a_view_for_everybody_shows_each_their_own_people(app, client, cast, people):
    view = kept(app, cast.bureau, Readers.ALL, tier="A")
    for login, name, count in (("tongcheng", "江一", 1), ("huaining", "江远", 1), ("bureau", "江一", 2)):
        signed_in(client, login)
        page = client.get(f"/people?view={view}&tier=A").text
        assert name in page
        bar = client.get("/people/views/bar").text
        assert f'重点<span class="n">{count}</span>' in bar
        assert client.get("/people?tier=A").text.count('<tr data-id="') == count


def test_only_the_bureau_shares_with_everybody_and_only_the_maker_changes(app, cast, people):
    view_id = kept(app, cast.bureau, Readers.ALL, tier="A")
    with app.app_context(), writing():
        with pytest.raises(NotPossible):
            actions.save_view(cast.tongcheng, name="x", readers=Readers.ALL, filters=Filters())
        view = queries.view(cast.tongcheng, view_id)
        for deed in (
            lambda: actions.remove_view(cast.tongcheng, view),
            lambda: actions.rename_view(cast.tongcheng, view, name="x", readers=Readers.OWN, version=1),
            lambda: actions.keep_view(cast.tongcheng, view, filters=Filters(), version=1),
            lambda: actions.choose_columns(cast.tongcheng, columns=["tier"], version=1, view=view),
        ):
            with pytest.raises(NotPossible, match="只有本人能改"):
                deed()


def test_a_view_that_was_changed_elsewhere_is_not_overwritten(app, cast, people):
    view_id = kept(app, cast.tongcheng, Readers.OWN, tier="A")
    with app.app_context(), writing():
        view = queries.view(cast.tongcheng, view_id)
        actions.keep_view(cast.tongcheng, view, filters=Filters(tier="B"), version=1)
        with pytest.raises(Stale):
            actions.keep_view(cast.tongcheng, view, filters=Filters(tier="C"), version=1)
        with pytest.raises(Stale):
            actions.rename_view(cast.tongcheng, view, name="x", readers=Readers.OWN, version=1)
        assert view.filters == {"tier": "B"}


def test_counts_above_a_thousand_are_not_counted_out(app, client, cast, people, monkeypatch):
    monkeypatch.setattr("yishang_crm.people.queries.listing.COUNTED_UP_TO", 1)
    monkeypatch.setattr("yishang_crm.people.views.kept.COUNTED_UP_TO", 1)
    signed_in(client, "tongcheng")
    with app.app_context():
        assert queries.counts_up_to(cast.tongcheng, [Filters(), Filters(tier="B")], most=1) == [2, 1]


def test_the_bar_costs_the_same_however_many_views(app, client, cast, people, count_queries):
    signed_in(client, "tongcheng")
    costs = []
    for _more in range(3):
        kept(app, cast.tongcheng, Readers.OWN, tier="A")
        with count_queries() as counted:
            assert client.get("/people/views/bar", headers={"HX-Request": "true"}).status_code == 200
        costs.append(counted.n)
    assert costs == [3, 3, 3]


def test_what_a_view_once_said_and_is_no_more_known_is_left_out(app, client, cast, people):
    with app.app_context(), writing():
        said = Filters(tier="A'; DROP TABLE person; --", gone="x", sort="id;--", q="江")
        actions.save_view(cast.tongcheng, name="旧", readers=Readers.OWN, filters=said)
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/people/views")
    assert page.status_code == 200
    assert "DROP TABLE" not in page.text


# Columns


def test_columns_are_chosen_and_ordered_for_oneself(app, client, cast, people):
    signed_in(client, "tongcheng")
    form = {"column": ["industry", "tier"], "place-industry": "2", "place-tier": "9", "filters": "tier=A"}
    answer = client.post("/people/columns", data=form)
    assert (answer.status_code, answer.location) == (303, "/people?tier=A")
    head = re.search(r"<thead>.*?</thead>", client.get("/people").text, re.DOTALL)[0]
    assert re.findall(r">(产业|级|单位职务|下次联系)<", head) == ["产业", "级"]
    signed_in(client, "tongcheng2")
    assert "单位职务" in client.get("/people").text
    signed_in(client, "tongcheng")
    assert client.post("/people/columns", data={"usual": "1", "version": "0"}).status_code == 409
    assert 'name="version" value="1"' in client.get("/people/columns").text
    client.post("/people/columns", data={"usual": "1", "version": "1"})
    assert "单位职务" in client.get("/people").text


def test_a_view_has_columns_of_its_own(app, client, cast, people):
    view = kept(app, cast.tongcheng, Readers.UNIT, tier="A")
    signed_in(client, "tongcheng")
    client.post("/people/columns", data={"column": ["phone"], "view": str(view), "version": "1"})
    for login in ("tongcheng", "tongcheng2"):
        signed_in(client, login)
        page = client.get(f"/people?view={view}&tier=A").text
        assert "199****0001" in page
        assert "199****0001" not in client.get("/people").text


def test_every_column_is_drawn(app, client, cast, people):
    signed_in(client, "bureau")
    with app.app_context():
        offered = [column.name for column in columns_for(cast.bureau)]
    for version, some in enumerate((offered[:10], offered[10:])):
        assert client.post("/people/columns", data={"column": some, "version": version}).status_code == 303
        page = client.get("/people")
        assert page.status_code == 200
        assert page.text.count('<tr data-id="') == 3


def test_unknown_columns_fall_away_and_none_means_the_usual(app, cast):
    with app.app_context():
        names = [
            column.name for column in shown_columns(cast.bureau, ["nothing", "tier", "tier", "__class__"])
        ]
        usual = [column.name for column in shown_columns(cast.bureau, ["nothing"])]
    assert names == ["tier"]
    assert usual == ["tier", "post", "residence", "place", "tags", "cadence"]


# Tags


def test_a_tag_is_made_renamed_retired_and_revived(app, client, cast, people):
    signed_in(client, "tongcheng")
    assert client.post("/people/tags", data={"name": " 桐  商 "}).status_code == 303
    with app.app_context():
        (tag,) = queries.tags(cast.tongcheng)
    assert tag.name == "桐 商"
    assert client.post("/people/tags", data={"name": "桐 商"}).status_code == 409
    assert client.post("/people/tags", data={"name": "a,b"}).status_code == 409
    assert client.post("/people/tags", data={"name": ""}).status_code == 422
    renamed = client.post(f"/people/tags/{tag.id}", data={"name": "桐商会", "version": "1"})
    assert renamed.status_code == 303
    assert client.post(f"/people/tags/{tag.id}", data={"name": "别的", "version": "1"}).status_code == 409
    assert "已停用" in client.post(f"/people/tags/{tag.id}/retirement", follow_redirects=True).text
    assert "桐商会" not in client.get("/people/conditions").text
    client.post(f"/people/tags/{tag.id}/retirement/end")
    assert "桐商会" in client.get("/people/conditions").text


def test_a_units_tag_is_its_own_and_the_citys_is_everybodys(app, client, cast, people):
    with app.app_context(), writing():
        own = actions.add_tag(cast.tongcheng, name="桐商").id
        city = actions.add_tag(cast.bureau, name="新能源", citywide=True).id
        with pytest.raises(NotPossible):
            actions.add_tag(cast.tongcheng, name="全市", citywide=True)
        db.session.commit()
    for login, sees in (("tongcheng", {own, city}), ("huaining", {city}), ("bureau", {own, city})):
        signed_in(client, login)
        page = client.get("/people/tags").text
        assert {tag for tag in (own, city) if f'data-id="{tag}"' in page} == sees
    signed_in(client, "tongcheng")
    assert client.post(f"/people/tags/{city}", data={"name": "x", "version": "1"}).status_code == 409
    signed_in(client, "huaining")
    assert client.get(f"/people/tags/{own}").status_code == 404


def test_the_number_beside_a_tag_is_the_list_it_opens(app, client, cast, people):
    with app.app_context(), writing():
        tag = actions.add_tag(cast.bureau, name="新能源", citywide=True)
        for person in queries.page_of_people(cast.bureau, Filters()):
            actions.set_cell_tags(cast.bureau, person, tag_ids=[tag.id], was=[])
        db.session.commit()
        tag_id = tag.id
    for login, count in (("tongcheng", 2), ("huaining", 1), ("bureau", 3)):
        signed_in(client, login)
        assert f'<a href="/people?tag={tag_id}">{count}</a>' in client.get("/people/tags").text
        assert client.get(f"/people?tag={tag_id}").text.count('<tr data-id="') == count
