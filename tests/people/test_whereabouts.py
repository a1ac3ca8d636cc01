"""Where people live: every figure is the list behind it, for whoever looks; the key follows what was written."""

import json
import re

import pytest
from sqlmodel import select

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.actor import Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions, queries
from yishang_crm.people.actions.many import Newcomer, create_many
from yishang_crm.people.maps.outline import FILE
from yishang_crm.people.models import Person, Tier
from yishang_crm.people.queries import Filters

PLACES = ("深圳", "广东省深圳市南山区", "东莞", "广东", "上海", "香港", "美国", "国内", "月球", "")
KEYS = {
    "CN4403": 2,
    "CN4419": 1,
    "CN4400": 1,
    "CN3100": 1,
    "CN8100": 1,
    "US": 1,
    "CN0000": 1,
    "ZZ": 1,
    "Z0": 1,
}


@pytest.fixture
def world(app, cast):
    """Ten people of Tongcheng, one of Huaining."""
    with app.app_context(), writing():
        for number, place in enumerate(PLACES):
            tier = Tier.A if number % 2 else Tier.B
            somebody(
                cast.tongcheng,
                f"江望{'甲乙丙丁戊己庚辛壬癸'[number]}",
                phone=f"199000001{number:02}",
                residence=place,
                tier=tier,
            )
        somebody(cast.huaining, "操望舒", phone="19900000199", residence="深圳")
        db.session.commit()


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(tier=("A",)), Filters(q="jiang"), Filters(place="桐城市")]
)
@pytest.mark.parametrize("login", ["bureau", "tongcheng", "huaining"])
def test_each_figure_is_its_list(app, cast, world, login, filters):
    actor = getattr(cast, login)
    with app.app_context():
        found = queries.whereabouts(actor, filters)
        for key in [*found.counts, "CN", "CN44", "CN31", "CN81", "FR"]:
            lives = queries.count_up_to(actor, filters.but(lives=key))
            assert found.at(key) == lives, key
        assert found.total == queries.count_up_to(actor, filters)
        parts = found.at("CN") + found.abroad + found.at("ZZ") + found.at("Z0")
        assert parts == found.total


def test_a_county_counts_its_own_people(app, cast, world):
    with app.app_context():
        assert queries.whereabouts(cast.tongcheng, Filters()).counts == KEYS
        assert queries.whereabouts(cast.huaining, Filters()).counts == {"CN4403": 1}
        assert queries.whereabouts(cast.bureau, Filters()).at("CN4403") == 3


def test_the_place_of_the_list_is_not_a_filter_of_its_map(app, cast, world):
    with app.app_context():
        assert queries.whereabouts(cast.tongcheng, Filters(lives="US", sort="name")).counts == KEYS


def keys() -> dict[str, str]:
    rows = db.session.execute(
        unscoped_for("a test looks", select(Person.name, Person.residence_key, Person.residence_area))
    )
    kept = list(rows)
    assert [row.residence_area for row in kept] == [row.residence_key[:4] for row in kept]
    return {row.name: row.residence_key for row in kept}


def test_the_key_follows_an_edit(app, cast, indoors):
    person = somebody(cast.tongcheng, residence="深圳")
    assert keys() == {"余秉衡": "CN4403"}
    actions.edit_person(cast.tongcheng, person, version=person.version, residence="纽约")
    assert keys() == {"余秉衡": "US"}
    actions.edit_person(cast.tongcheng, person, version=person.version, residence="")
    assert keys() == {"余秉衡": "Z0"}


def test_the_key_follows_bulk_writers_that_never_heard_of_it(app, cast, indoors):
    unit = cast.bureau.unit_id
    with bulk(cast.bureau, Permission.PEOPLE_WRITE, "people.test") as work:
        ids = create_many(
            work,
            [Newcomer({"name": "程望", "residence": "苏州昆山"}, unit), Newcomer({"name": "查望"}, unit)],
            {},
        )
    assert keys() == {"程望": "CN3205", "查望": "Z0"}
    with bulk(cast.bureau, Permission.PEOPLE_WRITE, "people.test") as work:
        work.update(Person, [{"id": ids[0], "residence": "合肥"}, {"id": ids[1], "residence": "香港"}])
    assert keys() == {"程望": "CN3401", "查望": "CN8100"}
    with bulk(cast.bureau, Permission.PEOPLE_WRITE, "people.test") as work:
        work.update(Person, [{"id": ids[0], "tier": Tier.A}])
    assert keys() == {"程望": "CN3401", "查望": "CN8100"}


# Pages

LINK = re.compile(
    r'href="(/people\?[^"]*lives=[^"]*)"[^>]*>(?:<title>[^<]*</title>)?(?:.(?=<b>))?(?:<b>)?([\d,]+)<'
)


@pytest.mark.parametrize(
    "address",
    [
        "/people/map",
        "/people/map?tier=A",
        "/people/map/CN44",
        "/people/map/world?q=jiang",
        "/people/map/CN31",
    ],
)
@pytest.mark.parametrize("login", ["bureau", "tongcheng"])
def test_every_number_leads_to_as_many_people(client, world, login, address):
    signed_in(client, login)
    links = LINK.findall(client.get(address).text)
    assert len(links) >= 1
    for href, count in links:
        rows = client.get(href.replace("&amp;", "&")).text.count("<tr data-id=")
        assert rows == int(count), href


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("desk", 403), (None, 302)]
)
def test_the_map_is_seen_by_whom_the_people_are(client, world, login, status):
    if login:
        signed_in(client, login)
    for address in ("/people/map", "/people/map/world", "/people/map/CN44"):
        assert client.get(address).status_code == status


def test_what_is_no_province_is_not_found(client, world):
    signed_in(client, "tongcheng")
    for key in ("CN4403", "US", "CN99", "nowhere", "ZZ"):
        assert client.get(f"/people/map/{key}").status_code == 404


def test_hong_kong_macau_and_taiwan_stand_under_china(client, world):
    signed_in(client, "tongcheng")
    assert "中国香港" in client.get("/people/map").text
    world = client.get("/people/map/world").text
    assert "香港" not in world
    assert "美国" in world


@pytest.mark.parametrize("count", [1, 3])
def test_a_map_costs_the_same_however_many(app, client, cast, count_queries, count):
    with app.app_context(), writing():
        for number in range(count):
            somebody(
                cast.tongcheng,
                f"江望{'之一二'[number]}",
                phone=f"1990000000{number}",
                residence=PLACES[number],
            )
        db.session.commit()
    signed_in(client, "tongcheng")
    for address in ("/people/map", "/people/map/world", "/people/map/CN44"):
        client.get(address)
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == 3, counted.statements


def test_the_list_says_where_and_leads_to_the_map(client, world):
    signed_in(client, "tongcheng")
    page = client.get("/people?lives=CN44&tier=A").text
    assert "广东" in page
    assert "/people/map?tier=A" in page
    assert client.get("/people?lives=%27--&tier=A").text.count("<tr data-id=") == client.get(
        "/people?tier=A"
    ).text.count("<tr data-id=")


# An approved outline

SQUARE = [[[113, 22], [115, 22], [115, 24], [113, 24], [113, 22]]]
MAP = {
    "type": "FeatureCollection",
    "审图号": "GS(2024)0650号",
    "features": [
        {"type": "Feature", "properties": {"name": "广东省"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
        {"type": "Feature", "properties": {"adcode": 310000}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[121, 31], [122, 31], [122, 32], [121, 31]]]]}},
        {"type": "Feature", "properties": {"name": ""}, "geometry": {"type": "LineString", "coordinates": [[109, 12], [110, 14]]}},
    ],
}  # fmt: skip


@pytest.fixture
def brought(settings):
    """A map file in the instance folder, gone after the test."""
    path = settings.folder / FILE

    def bring(said: object) -> None:
        path.write_text(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False), "utf-8")

    yield bring
    path.unlink(missing_ok=True)


def test_an_approved_map_is_drawn_with_its_number_and_the_same_figures(client, world, brought):
    signed_in(client, "tongcheng")
    assert "方格示意" in client.get("/people/map").text
    brought(MAP)
    page = client.get("/people/map").text
    assert "审图号：GS(2024)0650号" in page
    assert "方格示意" not in page
    assert "<title>广东 4</title>" in page
    assert "<title>上海 1</title>" in page
    assert page.count("<path") == 3
    assert 'class="line"' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (MAP | {"审图号": ""}, "没有审图号"),
        (MAP | {"审图号": "自己画的"}, "没有审图号"),
        ("{", "读不出来"),
        ({"审图号": "GS(2024)0650号"}, "读不出来"),
        (MAP | {"features": MAP["features"][2:]}, "没有认出一个省份"),
        (MAP | {"features": [{"properties": {"name": "广东"}, "geometry": {"type": "Polygon", "coordinates": [[[12600000, 2500000], [1, 2], [3, 4]]]}}]}, "经纬度"),
    ],
)  # fmt: skip
def test_a_map_that_may_not_be_used_is_refused_in_words(client, world, brought, said, sentence):
    signed_in(client, "tongcheng")
    brought(said)
    page = client.get("/people/map")
    assert page.status_code == 200
    assert sentence in page.text
    assert "方格示意" in page.text


def test_what_a_map_file_says_is_shown_inert(client, world, brought):
    signed_in(client, "tongcheng")
    evil = MAP | {"审图号": "GS(2024)0650号<script>alert(1)</script>"}
    brought(evil)
    assert "<script>alert" not in client.get("/people/map").text
