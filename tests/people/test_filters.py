"""The people list's address is its view: each filter, several together, and what is said wrongly."""

import re

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions
from yishang_crm.people.models import PersonState, Tier

A, B, C, D = "余秉衡", "汪砚舟", "查静安", "操望舒"
EVERYBODY = [D, C, B, A]  # the newest first


@pytest.fixture
def four(app, cast, client):
    """Four people of two counties, and the bureau in front of the list."""
    with app.app_context(), writing():
        somebody(cast.tongcheng, A, phone="", industry="新材料")
        retired = somebody(cast.tongcheng, B, phone="", tier=Tier.B, residence="上海", industry="新材料")
        other = {"native_place": "怀宁县", "industry": "医药健康", "phone": ""}
        somebody(cast.huaining, C, tier=Tier.C, **other)
        lost = somebody(cast.huaining, D, residence="合肥", **other)
        for person, state in ((retired, PersonState.RETIRED), (lost, PersonState.OUT_OF_TOUCH)):
            actions.edit_person(cast.bureau, person, version=person.version, state=state)
        db.session.commit()
        units = {"tongcheng": unit_id("340881"), "huaining": unit_id("340822")}
    return signed_in(client, "bureau"), units


SAID = {
    "": EVERYBODY,
    "unit={tongcheng}": [B, A],
    "unit={huaining}": [D, C],
    "chain=新材料": [B, A],
    "state=retired": [B],
    "state=active": [C, A],
    "tier=A": [D, A],
    "tier=A,C": [D, C, A],
    "tier=A&tier=C": [D, C, A],
    "place=怀宁县": [D, C],
    "residence=深圳": [C, A],
    "sort=name": [D, B, A, C],  # cao, wang, yu, zha
    "sort=tier": [A, D, B, C],
    "page=1": EVERYBODY,
    # Together
    "unit={tongcheng}&tier=A": [A],
    "place=桐城市&residence=上海&state=retired&tier=B&chain=新材料": [B],
    "residence=深圳&sort=tier": [A, C],
    "q=余&tier=A&residence=深圳": [A],
    "q=余&tier=B": [],
    "place=怀宁县&chain=新材料": [],
    # Said wrongly, and therefore not said
    "tier=Z": EVERYBODY,
    "tier=Z,A": [D, A],
    "state=asleep": EVERYBODY,
    "sort=shoe": EVERYBODY,
    "unit=north": EVERYBODY,
    "unit=-1": EVERYBODY,
    "unit=1000000000000000000000000000000": EVERYBODY,
    "page=two": EVERYBODY,
    "page=-3": EVERYBODY,
    "page=1000000000000000000000000000000": EVERYBODY,
    "page=2": EVERYBODY,  # behind the last page stands the last one
    "place=%00桐城市": [B, A],
    "color=red": EVERYBODY,
}


def listed(page: str) -> tuple[list[str], str]:
    """The names of the rows, and what the page says about how many there are."""
    rows = re.findall(r'<tr data-id="\d+">.*?data-open[^>]*>([^<]+)</a>', page, re.DOTALL)
    return rows, re.search(r'<h1>[^<]+</h1><span class="mute">([^<]+)</span>', page)[1]


@pytest.mark.parametrize("said", SAID)
def test_an_address_shows_its_rows_and_their_number(four, said):
    browser, units = four
    page = browser.get(f"/people?{said.format(**units)}")
    assert page.status_code == 200
    assert listed(page.text) == (SAID[said], f"{len(SAID[said])}人")


@pytest.mark.parametrize("said", ["place=大别山", "unit=987654", "residence=月亮", "chain=炼金"])
def test_a_value_that_nobody_has_is_named_beside_the_empty_list_and_can_be_dropped(four, said):
    browser, _units = four
    page = browser.get(f"/people?{said}").text
    assert listed(page) == ([], "0人")
    value = said.partition("=")[2]
    assert f"<b>{'没有这个单位' if value == '987654' else value}</b>" in page
    assert '<a class="chip" href="/people"' in page


def test_the_fragment_and_the_page_show_the_same(four):
    browser, _units = four
    fragment = browser.get("/people?tier=A", headers={"HX-Request": "true"}).text
    assert re.findall(r'<tr data-id="(\d+)">', fragment) == re.findall(
        r'<tr data-id="(\d+)">', browser.get("/people?tier=A").text
    )


def test_a_filter_changes_and_the_others_stay(four):
    browser, units = four
    page = browser.get(f"/people?unit={units['tongcheng']}&tier=A&page=1").text
    chips = dict(re.findall(r'<a class="chip" href="([^"]+)"[^>]*>\S+ <b>([^<]+)</b>', page))
    assert chips == {"/people?tier=A": "桐城", f"/people?unit={units['tongcheng']}": "A"}


def test_a_county_filters_among_its_own(four, app):
    _browser, units = four
    county = signed_in(app.test_client(), "tongcheng")
    assert listed(county.get("/people?tier=A").text) == ([A], "1人")
    assert listed(county.get(f"/people?unit={units['huaining']}").text) == ([], "0人")
