"""The bureau edits the dictionary of native places; files are read by it at once, records keep what is written."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.importing import read_file
from yishang_crm.people.queries import dictionary as reading

TOWN = {"level": "town", "parent": "桐城市", "display_order": 1}


@pytest.fixture
def dictionary(app, cast):
    """As it is shipped."""
    with app.app_context(), writing():
        actions.seed_places(HOUSE)
        ids = {name: reading.county_named(name).id for name in ("桐城市", "枞阳县", "潜山市")}
        db.session.commit()
    return ids


def form_of(place, **changes):
    said = {
        "version": str(place.version), "name": place.name, "level": place.level, "parent": place.parent,
        "aliases": "、".join(place.spellings[1:]), "code": place.code, "display_order": str(place.display_order),
        "valid_to": place.valid_to, "remark": place.remark,
    }  # fmt: skip
    said |= {"counts_as_native": "y"} if place.counts_as_native else {}
    return said | changes


def read(app, text: str) -> tuple[str, str, list[str]]:
    with app.app_context():
        found = read_file(f"姓名,籍贯\n余秉衡,{text}\n".encode(), "名册.csv", gazetteer=queries.gazetteer())
    (row,) = [row for sheet in found.sheets for row in sheet.rows]
    return (
        row.fields.get("native_place", ""),
        row.fields.get("native_town", ""),
        [str(one) for one in row.problems],
    )


def test_an_alias_is_understood_from_the_moment_it_is_saved(app, client, dictionary):
    assert read(app, "文都")[2] == ["籍贯“文都”不在籍贯字典里，按原文保留"]
    signed_in(client, "bureau")
    with app.app_context():
        form = form_of(reading.place(dictionary["桐城市"]))
    answer = client.post(
        f"/people/places/{dictionary['桐城市']}", data=form | {"aliases": "桐城县、桐城，文都"}
    )
    assert answer.status_code == 303, answer.text
    assert read(app, "文都") == ("桐城市", "", [])


def test_a_town_that_is_added_is_found_and_tells_its_county(app, client, dictionary):
    signed_in(client, "bureau")
    answer = client.post(
        "/people/places", data={"name": "宜人镇", "level": "town", "parent": "桐城市", "display_order": "9"}
    )
    assert answer.status_code == 303, answer.text
    assert read(app, "宜人镇") == ("桐城市", "宜人镇", [])
    assert "宜人镇" in client.get("/people/places?of=桐城市").text


def test_a_name_that_is_given_up_is_still_understood_and_the_towns_follow(app, cast, dictionary):
    with app.app_context(), writing():
        place = reading.place(dictionary["潜山市"])
        towns = len(reading.counties_and_towns(of="潜山市"))
        values = {"level": "county", "parent": "", "aliases": place.aliases, "code": place.code, "display_order": 3,
                  "valid_to": "", "counts_as_native": True, "remark": ""}  # fmt: skip
        actions.edit_place(cast.bureau, place, version=1, confirmed=True, name="皖山市", **values)
        db.session.commit()
        assert (len(reading.counties_and_towns(of="皖山市")), towns > 5) == (towns, True)
        assert place.is_confirmed
    assert read(app, "潜山市")[0] == "皖山市"


def test_records_keep_what_is_written_and_the_page_says_whom_it_touches(app, client, cast, dictionary):
    with app.app_context(), writing():
        somebody(cast.tongcheng, native_place="潜山市")
        somebody(cast.tongcheng, "汪砚舟", phone="19900000418", native_place="潜山县")
        db.session.commit()
    signed_in(client, "bureau")
    page = client.get(f"/people/places/{dictionary['潜山市']}").text
    for spelling in ("潜山市", "潜山县"):
        assert f'<td>{spelling}</td><td class="num"><a href="/people?place=' in page
    with app.app_context():
        form = form_of(reading.place(dictionary["潜山市"]), name="皖山市")
    assert client.post(f"/people/places/{dictionary['潜山市']}", data=form).status_code == 303
    with app.app_context():
        assert queries.count_up_to(cast.bureau, Filters(place="潜山市")) == 1
        assert reading.people_who_wrote(cast.bureau, ["潜山市", "潜山县"]) == {"潜山市": 1, "潜山县": 1}


def test_the_switch_of_zongyang_counts_at_once(app, client, cast, dictionary):
    with app.app_context(), writing():
        somebody(cast.tongcheng, native_place="枞阳县")
        db.session.commit()
    signed_in(client, "bureau")
    assert "计入安庆籍的1人" in client.get("/people/places").text
    assert read(app, "安徽枞阳") == ("枞阳县", "", [])
    with app.app_context():
        form = form_of(reading.place(dictionary["枞阳县"]))
    form.pop("counts_as_native")
    assert client.post(f"/people/places/{dictionary['枞阳县']}", data=form).status_code == 303
    assert "计入安庆籍的0人" in client.get("/people/places").text
    assert read(app, "安徽枞阳") == ("枞阳县", "", ["籍贯“枞阳县”按籍贯字典不计入安庆籍"])


def test_an_edit_is_confirmed_or_waits_to_be(app, client, dictionary):
    signed_in(client, "bureau")
    place = dictionary["桐城市"]
    with app.app_context():
        form = form_of(reading.place(place))
    client.post(f"/people/places/{place}", data=form | {"confirmed": "y"})
    with app.app_context():
        assert reading.place(place).is_confirmed
        form = form_of(reading.place(place))
    client.post(f"/people/places/{place}", data=form)
    with app.app_context():
        assert not reading.place(place).is_confirmed


def test_a_lost_update_is_shown_side_by_side(app, client, cast, dictionary):
    place = dictionary["桐城市"]
    with app.app_context():
        form = form_of(reading.place(place))
    signed_in(client, "bureau")
    assert client.post(f"/people/places/{place}", data=form | {"remark": "甲"}).status_code == 303
    stale = client.post(f"/people/places/{place}", data=form | {"remark": "乙"})
    assert stale.status_code == 409
    assert "<td>甲</td><td><ins>乙</ins></td>" in stale.text
    with app.app_context(), writing(), pytest.raises(Stale):
        actions.edit_place(
            cast.bureau,
            reading.place(place),
            version=1,
            confirmed=False,
            name="x",
            level="county",
            parent="",
            aliases="",
        )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"aliases": "怀宁"}, "已经有这个名称或别名"),
        ({"name": "怀宁县"}, "已经有这个名称或别名"),
        ({"level": "town", "parent": "无此县"}, "没有“无此县”这个县市区"),
    ],
)
def test_what_would_confuse_the_import_is_refused(app, client, dictionary, changes, said):
    signed_in(client, "bureau")
    with app.app_context():
        form = form_of(reading.place(dictionary["桐城市"]))
    answer = client.post(f"/people/places/{dictionary['桐城市']}", data=form | changes)
    assert (answer.status_code, said in answer.text) == (409, True)
    with app.app_context():
        assert reading.place(dictionary["桐城市"]).name == "桐城市"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "请写上名称"),
        ({"valid_to": "2016年"}, "2016-01"),
        ({"code": "x1"}, "只有数字"),
        ({"display_order": ""}, "小的在前"),
    ],
)
def test_a_wrong_form_says_how_to_put_it_right(app, client, dictionary, changes, said):
    signed_in(client, "bureau")
    with app.app_context():
        form = form_of(reading.place(dictionary["桐城市"]))
    answer = client.post(f"/people/places/{dictionary['桐城市']}", data=form | changes)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_the_same_town_in_two_counties_is_two_towns(cast, dictionary, indoors):
    actions.add_place(cast.bureau, name="新安镇", **(TOWN | {"aliases": ""}))
    assert (
        actions.add_place(cast.bureau, name="新安镇", **(TOWN | {"parent": "怀宁县", "aliases": ""})).parent
        == "怀宁县"
    )
    with pytest.raises(NotPossible, match="分不清"):
        actions.add_place(cast.bureau, name="新安镇", **(TOWN | {"aliases": ""}))


def test_each_figure_is_the_list_it_opens(app, cast, dictionary):
    with app.app_context(), writing():
        for number in range(3):
            somebody(
                cast.tongcheng,
                f"余{number}",
                phone=f"1990000050{number}",
                native_place="桐城市",
                native_town="孔城镇",
            )
        db.session.commit()
        assert reading.people_who_wrote(cast.bureau, ["桐城市", "怀宁县"]) == {"桐城市": 3}
        assert reading.people_who_wrote(cast.bureau, ["孔城镇"], county="桐城市") == {"孔城镇": 3}
        assert queries.count_up_to(cast.bureau, Filters(place="桐城市")) == 3


@pytest.mark.parametrize(
    ("login", "status"), [("bureau", 200), ("tongcheng", 403), ("leader", 403), ("admin", 403), (None, 302)]
)
def test_the_dictionary_is_the_bureaus(client, dictionary, login, status):
    if login:
        signed_in(client, login)
    for address in ("/people/places", "/people/places/new", f"/people/places/{dictionary['桐城市']}"):
        assert client.get(address).status_code == status


def test_a_county_does_not_edit_it(cast, dictionary, indoors):
    with pytest.raises(Refused):
        actions.add_place(cast.tongcheng, name="新安镇", **(TOWN | {"aliases": ""}))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(app, client, cast, count_queries, rows):
    with app.app_context(), writing():
        for number in range(rows):
            actions.add_place(
                cast.bureau, name=f"某{number}县", level="county", parent="", aliases="", display_order=number
            )
        db.session.commit()
    signed_in(client, "bureau")
    client.get("/people/places")
    with count_queries() as counted:
        assert client.get("/people/places").status_code == 200
    assert counted.n == 5, counted.statements
