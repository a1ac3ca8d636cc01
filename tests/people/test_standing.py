"""How somebody stands is said wherever their name is offered; the dead and who is to be left alone are not called or invited."""

import re

import pytest

from tests.cast import Cast, signed_in
from tests.conference.arranged import an_edition
from tests.followup.arranged import log
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import actions
from yishang_crm.people.exports.columns import USUAL
from yishang_crm.people.models import Person, PersonState
from yishang_crm.people.models.dictionary import Dictionary

FIRM = "东莞市独秀电子有限公司"
STANDS = {"余故人": "已故", "余勿扰": "勿扰", "余失联": "失联", "余退休": "退休", "余在岗": ""}


@pytest.fixture
def five(app, cast: Cast) -> dict[str, int]:
    """One of each standing, all of one firm and all in touch lately."""
    states = {
        "余故人": PersonState.DECEASED, "余失联": PersonState.OUT_OF_TOUCH, "余退休": PersonState.RETIRED,
    }  # fmt: skip
    with app.app_context(), writing():
        ids = {}
        for number, name in enumerate(STANDS):
            person = somebody(cast.tongcheng, name, phone=f"1990000075{number}", organization=FIRM)
            log(cast.tongcheng, person, text="谈了二期")
            if name in states:
                actions.edit_person(cast.tongcheng, person, version=person.version, state=states[name])
            ids[name] = person.id
        silent = db.session.get(Person, ids["余勿扰"], execution_options={"scope": "house: a test looks"})
        actions.forbid_contact(cast.tongcheng, silent, reason="本人来电")
        actions.add_word(cast.bureau, dictionary=Dictionary.RELATION, name="老友", other="老友")
        an_edition(cast.organizer, slug="2027")
        db.session.commit()
    return ids


def marks(page: str) -> dict[str, str]:
    """The word after each name of the five, wherever it stands in a row."""
    found = {}
    for name in STANDS:
        for after in re.findall(rf'(?:class="name"[^>]*>|<span>){name}(?:</a>|</span>)?(.{{0,60}})', page):
            word = re.match(r'\s*<span class="st off">([^<]+)</span>', after)
            found[name] = word.group(1) if word else ""
    return found


@pytest.mark.parametrize(
    "address",
    ["/people?q=余", "/palette?q=@余", "/conferences/2027/nominations?q=余", "/people/{余在岗}/relations"],
)
def test_a_list_says_it_beside_the_name(client, five, address):
    signed_in(client, "tongcheng")
    if address.endswith("relations"):
        page = client.post(address.format(**five), data={"who": "余"}).text
    else:
        page = client.get(address).text
    assert marks(page) == STANDS


def test_the_people_of_a_firm_and_the_merge_screen_say_it(app, client, cast, five):
    from yishang_crm.people import queries

    with app.app_context():
        (firm,) = queries.organizations_found(cast.tongcheng, FIRM)
    signed_in(client, "tongcheng")
    assert marks(client.get(f"/organizations/{firm.id}").text) == STANDS
    merge = client.get("/people/merging", query_string={"id": [five["余故人"], five["余在岗"]]}).text
    heads = re.findall(r'余(?:故人|在岗)</a>(?: <span class="st off">([^<]+)</span>)?', merge)
    assert heads == ["已故", ""]


def test_the_log_says_it_where_one_of_several_is_chosen(app, client, cast, five):
    with app.app_context(), writing():
        somebody(cast.tongcheng, "余故人", phone="19900000760", organization="怀宁某某厂")
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/log/chips", query_string={"line": "余故人 电话 谈了二期"}).text
    assert re.findall(r"(独秀\S*|怀宁某某厂) 尾号\d{4}( · 已故)?", page) == [
        ("独秀电子", " · 已故"),
        ("怀宁某某厂", ""),
    ]


def test_no_day_to_call_is_shown_for_whom_nobody_calls(client, five):
    signed_in(client, "tongcheng")
    page = client.get("/people?q=余").text
    days = {}
    for name, person_id in five.items():
        (row,) = re.findall(rf'<tr data-id="{person_id}">.*?</tr>', page, re.DOTALL)
        days[name] = "天" in row
    assert days == {"余故人": False, "余勿扰": False, "余失联": False, "余退休": True, "余在岗": True}
    said = {name: client.get(f"/people/{one}/timeline").text for name, one in five.items()}
    assert {name for name, page in said.items() if "下次 " in page} == {"余退休", "余在岗"}
    assert all("上次 " in page for page in said.values())


def test_an_invitation_is_offered_exactly_where_it_is_possible(app, client, cast, five):
    signed_in(client, "tongcheng")
    offered, invitable = set(), set()
    for name, person_id in five.items():
        pages = [client.get(f"/people/{person_id}{part}").text for part in ("", "/panel")]
        pages.append(client.get(f"/palette/people/{person_id}").text)
        said = {f'href="/conferences/people/{person_id}/nomination"' in page for page in pages}
        assert len(said) == 1
        offered |= {name} if said.pop() else set()
        with app.app_context():
            person = db.session.get(Person, person_id, execution_options={"scope": "house: a test looks"})
            try:
                person.must_be_invitable()
            except NotPossible:
                continue
            invitable.add(name)
    assert offered == invitable == {"余退休", "余在岗"}


def test_an_export_says_it_unless_it_is_told_not_to():
    assert "state" in USUAL
