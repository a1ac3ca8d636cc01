"""Organizations and chambers: facts with a version, codes with a check digit, editions, officers, elections due."""

import datetime as dt
import re

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.people import actions, queries
from yishang_crm.people.models import OrganizationKind
from yishang_crm.people.models.bodies import ChamberLevel, ChamberState, checked_uscc
from yishang_crm.people.models.dictionary import OFFERED, Dictionary
from yishang_crm.people.queries import BodyFilters

FIRM, CHAMBER, CODE = "深圳市望岳精密科技有限公司", "深圳市桐城商会", "91110000600037341L"


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), " 9111 0000 6000 3734 1L ", "91110000-600037341-L"])
def test_a_code_is_kept_in_its_whole_form(typed):
    assert checked_uscc(typed) == CODE


def test_no_code_is_no_code():
    assert checked_uscc("  ") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [("91110000600037341", "18位"), ("91110000600037342L", "最后一位"), ("9111000060003734IL", "不该有的字符"), ("A1110000600037341L", "不该有的字符")],
)  # fmt: skip
def test_what_is_wrong_with_a_code_is_said(typed, said):
    with pytest.raises(NotPossible, match=said):
        checked_uscc(typed)


def edited(actor, organization, **changes):
    wanted = {
        "version": organization.version, "name": organization.name, "short_name": "", "kind": organization.kind,
        "uscc": "", "parent": "", "seat": "", "chain": "", "honours": (),
    } | changes  # fmt: skip
    actions.edit_organization(actor, organization, **wanted)


@pytest.fixture
def firm(cast, indoors):
    return actions.add_organization(cast.tongcheng, name=FIRM)


@pytest.fixture
def chamber(cast, indoors):
    return actions.add_organization(cast.tongcheng, name=CHAMBER)


def test_two_organizations_bear_neither_the_same_name_nor_the_same_code(cast, firm, chamber):
    edited(cast.tongcheng, firm, uscc=CODE)
    assert (firm.uscc, firm.version) == (CODE, 2)
    with pytest.raises(NotPossible, match="已记在"):
        edited(cast.tongcheng, chamber, uscc=CODE)
    with pytest.raises(NotPossible, match="不能同名"):
        edited(cast.tongcheng, chamber, name=" 深圳市望岳精密科技有限公司")
    with pytest.raises(NotPossible, match="已有"):
        actions.add_organization(cast.huaining, name=FIRM)


def test_nothing_stands_below_itself(cast, firm):
    daughter = actions.add_organization(cast.tongcheng, name="东莞合安模具有限公司")
    edited(cast.tongcheng, daughter, parent=FIRM)
    assert queries.family(firm).children == [daughter]
    assert queries.family(daughter).parent == firm
    with pytest.raises(NotPossible, match="不能当它的上级"):
        edited(cast.tongcheng, firm, parent=daughter.name)
    with pytest.raises(NotPossible, match="没有找到上级单位"):
        edited(cast.tongcheng, firm, parent="没有这家")


def test_honours_come_and_go(cast, firm):
    listed = actions.add_word(cast.bureau, dictionary=Dictionary.HONOUR, name="上市公司")
    giant = actions.add_word(cast.bureau, dictionary=Dictionary.HONOUR, name="专精特新“小巨人”")
    edited(cast.tongcheng, firm, honours=(listed.id, giant.id))
    edited(cast.tongcheng, firm, honours=(giant.id,))
    assert [word.name for word in queries.honours_of(firm)] == ["专精特新“小巨人”"]
    rows = queries.page_of_organizations(cast.bureau, BodyFilters(honour=giant.id))
    assert [row.organization for row in rows] == [firm]
    assert queries.page_of_organizations(cast.bureau, BodyFilters(honour=listed.id)) == []


def test_the_dictionary_is_kept_by_the_bureau_and_offered_until_confirmed(cast, indoors):
    from yishang_crm.core.actor import HOUSE

    added = actions.seed_dictionary(HOUSE)
    assert added == sum(len(words) for words in OFFERED.values())
    assert actions.seed_dictionary(HOUSE) == 0
    first = queries.words_of(Dictionary.OFFICE)[0]
    assert (first.name, first.confirmed_at) == ("会长", None)
    with pytest.raises(NotPossible, match="刚被别人改过"):
        actions.confirm_word(cast.bureau, first, version=first.version + 1)
    actions.confirm_word(cast.bureau, first, version=first.version)
    assert first.confirmed_by == "程景明"
    actions.close_word(cast.bureau, first)
    assert "会长" not in [word.name for word in queries.words_of(Dictionary.OFFICE)]
    actions.reopen_word(cast.bureau, first)
    with pytest.raises(NotPossible, match="没有停用"):
        actions.reopen_word(cast.bureau, first)
    with pytest.raises(Refused):
        actions.add_word(cast.tongcheng, dictionary=Dictionary.OFFICE, name="首席顾问")
    with pytest.raises(NotPossible, match="已经有了"):
        actions.add_word(cast.bureau, dictionary=Dictionary.OFFICE, name="秘书长")
    with pytest.raises(NotPossible, match="两头"):
        actions.add_word(cast.bureau, dictionary=Dictionary.RELATION, name="师父")


# Editions


def test_a_new_edition_ends_the_last_and_carries_over_who_stays(cast, chamber):
    third = actions.begin_edition(cast.tongcheng, chamber, number=3, since=dt.date(2020, 5, 1))
    people = [
        somebody(cast.tongcheng, name, phone=f"1990000000{n}") for n, name in enumerate(("余秉衡", "潘岳霖"))
    ]
    hidden = somebody(cast.huaining, "操望舒", phone="19900000009")
    posts = [
        actions.add_officer(cast.tongcheng, chamber, one, title=title)
        for one, title in zip(people, ("会长", "副会长"), strict=True)
    ]
    unseen = actions.add_officer(cast.huaining, chamber, hidden, title="秘书长")
    assert {post.edition_id for post in (*posts, unseen)} == {third.id}

    fourth = actions.begin_edition(
        cast.tongcheng,
        chamber,
        number=4,
        since=dt.date(2025, 5, 1),
        reelection_on=dt.date(2030, 5, 1),
        staying=[posts[0].id],
    )
    assert third.ended_on == dt.date(2025, 5, 1)
    assert {post.until for post in (*posts, unseen)} == {dt.date(2025, 5, 1)}
    now = queries.people_at(cast.bureau, chamber)
    assert [(one.person.name, one.post.title, one.post.edition_id, one.edition) for one in now] == [
        ("余秉衡", "会长", fourth.id, 4)
    ]
    seen = queries.people_at(cast.tongcheng, chamber, former=True)
    assert [(one.person.name, one.edition) for one in seen] == [("余秉衡", 3), ("潘岳霖", 3)]
    kept = queries.chamber_of(chamber)
    assert (kept.reelection_on, kept.state) == (dt.date(2030, 5, 1), ChamberState.STANDING)


def test_an_edition_follows_the_one_before(cast, chamber, firm):
    actions.begin_edition(cast.tongcheng, chamber, number=3, since=dt.date(2020, 5, 1))
    with pytest.raises(NotPossible, match="比它大"):
        actions.begin_edition(cast.tongcheng, chamber, number=3, since=dt.date(2025, 5, 1))
    with pytest.raises(NotPossible, match="开始之后"):
        actions.begin_edition(cast.tongcheng, chamber, number=4, since=dt.date(2020, 5, 1))
    with pytest.raises(NotPossible, match="才有届次"):
        actions.begin_edition(cast.tongcheng, firm, number=1, since=dt.date(2020, 5, 1))


def test_officers_stand_in_the_order_of_their_offices(cast, chamber):
    for name in ("会长", "副会长", "秘书长"):
        actions.add_word(cast.bureau, dictionary=Dictionary.OFFICE, name=name)
    for number, title in enumerate(("顾问", "秘书长", "会长", "副会长")):
        person = somebody(
            cast.tongcheng, f"江望{'甲乙丙丁'[number]}", phone=f"1990000000{number}", organization=""
        )
        actions.add_officer(cast.tongcheng, chamber, person, title=title)
    assert [one.post.title for one in queries.people_at(cast.tongcheng, chamber)] == [
        "会长",
        "副会长",
        "秘书长",
        "顾问",
    ]
    with pytest.raises(NotPossible, match="已是顾问"):
        actions.add_officer(
            cast.tongcheng, chamber, queries.people_at(cast.tongcheng, chamber)[-1].person, title="顾问"
        )


@pytest.fixture
def elections(cast, indoors):
    """Four chambers: election past, soon, far, past but dormant."""
    days = {"甲": -3, "乙": 30, "丙": 400, "丁": -30}
    for mark, days_off in days.items():
        made = actions.add_organization(cast.bureau, name=f"上海{mark}地商会")
        state = ChamberState.DORMANT if mark == "丁" else ChamberState.STANDING
        level = ChamberLevel.COUNTY if mark == "乙" else ChamberLevel.CITY
        about = {"reelection_on": today() + dt.timedelta(days=days_off), "state": state, "level": level}
        edited(cast.bureau, made, chamber=about)
    db.session.commit()


def chambers(cast, **asked):
    rows = queries.page_of_chambers(cast.bureau, BodyFilters(**asked), today=today())
    assert queries.count_chambers(BodyFilters(**asked), today=today()) == len(rows)
    return [row.organization.name[2] for row in rows]


def test_elections_that_are_due_are_listed_and_counted(cast, elections):
    assert chambers(cast) == ["丁", "甲", "乙", "丙"]
    assert chambers(cast, due="past") == ["甲"]
    assert chambers(cast, due="soon") == ["乙"]
    assert queries.dues(today=today()) == (1, 1)
    assert chambers(cast, level="county") == ["乙"]
    assert chambers(cast, state="dormant") == ["丁"]
    assert chambers(cast, q="丙地") == ["丙"]


# Pages


@pytest.fixture
def ids(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, organization=FIRM)
        gone = somebody(cast.tongcheng, "潘岳霖", phone="19900000002", organization=FIRM)
        actions.end_post(
            cast.tongcheng, gone, queries.person_parts(cast.tongcheng, gone).posts[0][0], on=today()
        )
        somebody(cast.huaining, "操望舒", phone="19900000009", organization=FIRM)
        chamber = actions.add_organization(cast.tongcheng, name=CHAMBER)
        db.session.commit()
        firm = queries.person_parts(cast.tongcheng, person).posts[0][1]
        return {"person": person.id, "firm": firm.id, "chamber": chamber.id}


def test_a_page_shows_present_and_former_people_of_ones_own(client, ids):
    signed_in(client, "tongcheng")
    page = client.get(f"/organizations/{ids['firm']}").text
    assert "余秉衡" in page
    assert "潘岳霖" in page
    assert "操望舒" not in page
    assert client.get(f"/people?firm={ids['firm']}").text.count("<tr data-id=") == 1
    former = client.get(f"/people?formerly={ids['firm']}").text
    assert former.count("<tr data-id=") == 1
    assert "潘岳霖" in former
    signed_in(client, "huaining")
    assert "操望舒" in client.get(f"/organizations/{ids['firm']}").text


@pytest.mark.parametrize("login", ["bureau", "tongcheng", "huaining"])
def test_each_figure_of_the_list_is_its_people(client, ids, login):
    signed_in(client, login)
    links = re.findall(r'href="(/people\?firm=\d+)">([\d,]+)<', client.get("/organizations").text)
    assert len(links) == 1
    for href, count in links:
        assert client.get(href).text.count("<tr data-id=") == int(count)


FIELDS = {
    "name": FIRM,
    "short_name": "望岳精密",
    "kind": "company",
    "uscc": CODE,
    "seat": "深圳",
    "chain": "新材料",
}


def test_an_organization_is_edited_by_its_form(client, ids):
    signed_in(client, "tongcheng")
    address = f"/organizations/{ids['firm']}"
    wrong = client.post(
        address, data=FIELDS | {"version": "1", "uscc": "91110000600037342L", "parent": "没有这家"}
    )
    assert wrong.status_code == 422
    assert "最后一位对不上" in wrong.text
    assert "没有这个单位" in wrong.text
    assert client.post(address, data=FIELDS | {"version": "1"}).status_code == 303
    page = client.get(address).text
    assert CODE in page
    assert "望岳精密" in page
    stale = client.post(address, data=FIELDS | {"version": "1", "seat": "惠州"})
    assert stale.status_code == 409
    assert "别人已经改过" in stale.text
    assert "<td>深圳</td><td><ins>惠州</ins></td>" in stale.text
    assert client.get("/organizations?chain=新材料&kind=company&seat=深").text.count("<tr data-id=") == 1
    assert client.get(f"/organizations?q={CODE}").text.count("<tr data-id=") == 1
    assert client.get("/organizations?kind=fund").text.count("<tr data-id=") == 0


def test_a_chamber_is_edited_elected_and_staffed_by_forms(client, ids):
    signed_in(client, "tongcheng")
    address = f"/organizations/{ids['chamber']}"
    about = {
        "name": CHAMBER,
        "kind": "chamber",
        "type": "elsewhere",
        "level": "county",
        "state": "re_electing",
        "reelection_on": "2030-01-02",
        "members": "150",
        "version": "1",
    }
    assert client.post(address, data=about | {"reelection_on": "明年"}).status_code == 422
    assert client.post(address, data=about).status_code == 303
    page = client.get(address).text
    assert "换届中" in page
    assert "县级" in page
    assert client.get(f"{address}/editions/new").status_code == 200
    assert client.post(f"{address}/editions", data={"number": "", "since": ""}).status_code == 422
    assert (
        client.post(
            f"{address}/editions", data={"number": "1", "since": "2025-01-02", "reelection_on": "2030-01-02"}
        ).status_code
        == 303
    )
    assert client.post(f"{address}/officers", data={"who": "余秉衡", "title": "会长"}).status_code == 303
    page = client.get(address).text
    assert "会长" in page
    assert "第1届" in page
    assert client.post(f"{address}/editions", data={"number": "1", "since": "2026-01-02"}).status_code == 409
    assert client.get(f"/organizations/{ids['firm']}/editions/new").status_code == 404


def test_whoever_is_named_is_one_or_chosen(app, client, cast, ids):
    signed_in(client, "tongcheng")
    address = f"/organizations/{ids['chamber']}/officers"
    assert "没有找到" in client.post(address, data={"who": "操望舒", "title": "会长"}).text
    with app.app_context(), writing():
        second = somebody(cast.tongcheng, "余秉衡", phone="19900000003", organization="东莞合安模具有限公司")
        db.session.commit()
        second_id = second.id
    several = client.post(address, data={"who": "余秉衡", "title": "会长"})
    assert several.status_code == 422
    assert f'value="{second_id}"' in several.text
    assert (
        client.post(address, data={"who": "余秉衡", "title": "会长", "person_id": second_id}).status_code
        == 303
    )
    assert client.post(address, data={"who": "余秉衡", "title": ""}).status_code == 422


@pytest.mark.parametrize(
    ("login", "reads", "edits"),
    [
        ("tongcheng", 200, 200),
        ("leader", 200, 403),
        ("huaining", 200, 200),
        ("desk", 403, 403),
        (None, 302, 302),
    ],
)
def test_pages_open_to_whom_they_concern(client, ids, login, reads, edits):
    if login:
        signed_in(client, login)
    for address in ("/organizations", "/organizations/chambers", f"/organizations/{ids['chamber']}"):
        assert client.get(address).status_code == reads
    for address in (
        "/organizations/new",
        f"/organizations/{ids['firm']}/edit",
        f"/organizations/{ids['chamber']}/officers/new",
    ):
        assert client.get(address).status_code == edits


@pytest.mark.parametrize(
    ("login", "status"),
    [("bureau", 200), ("organizer", 200), ("tongcheng", 403), ("leader", 403), (None, 302)],
)
def test_the_dictionary_opens_to_the_bureau(client, login, status):
    if login:
        signed_in(client, login)
    assert client.get("/people/dictionary").status_code == status


def test_a_word_is_added_changed_confirmed_closed(app, client):
    signed_in(client, "bureau")
    assert (
        client.post(
            "/people/dictionary", data={"dictionary": "relation", "name": "师父", "other": ""}
        ).status_code
        == 409
    )
    assert (
        client.post(
            "/people/dictionary", data={"dictionary": "relation", "name": "师父", "other": "徒弟"}
        ).status_code
        == 303
    )
    with app.app_context():
        word = queries.words_of(Dictionary.RELATION)[-1]
    address = f"/people/dictionary/{word.id}"
    assert "师父 / 徒弟" in client.get("/people/dictionary").text
    change = {"version": "1", "name": "师傅", "other": "徒弟", "display_order": "5"}
    assert client.post(address, data=change).status_code == 303
    assert client.post(address, data=change | {"name": "老师傅"}).status_code == 409
    assert client.post(f"{address}/confirmation", data={"version": "1"}).status_code == 409
    assert client.post(f"{address}/confirmation", data={"version": "2"}).status_code == 303
    assert "已核定" in client.get("/people/dictionary").text
    assert client.post(f"{address}/closing").status_code == 303
    assert client.post(f"{address}/closing").status_code == 409
    assert client.post(f"{address}/reopening").status_code == 303


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_pages_cost_the_same_however_many(app, client, cast, count_queries, rows):
    with app.app_context(), writing():
        chamber = actions.add_organization(cast.tongcheng, name=CHAMBER)
        actions.begin_edition(cast.tongcheng, chamber, number=1, since=today())
        for n in range(rows):
            person = somebody(
                cast.tongcheng,
                f"江望{'之一二'[n]}",
                phone=f"1990000000{n}",
                organization=f"东莞{'甲乙丙'[n]}商会",
            )
            actions.add_officer(cast.tongcheng, chamber, person, title="副会长")
        chamber_id = chamber.id
        db.session.commit()
    signed_in(client, "tongcheng")
    for address, cost in (
        ("/organizations", 5),
        ("/organizations/chambers", 5),
        (f"/organizations/{chamber_id}", 10),
    ):
        client.get(address)
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == cost, (address, counted.statements)


def test_what_people_type_is_shown_inert(client, ids):
    signed_in(client, "tongcheng")
    text = "<script>alert(1)</script>"
    answer = client.post(
        f"/organizations/{ids['firm']}",
        data=FIELDS | {"version": "1", "seat": text, "chain": text, "short_name": text},
    )
    assert answer.status_code == 303
    for address in (
        "/organizations",
        f"/organizations/{ids['firm']}",
        f"/organizations/{ids['firm']}/edit",
        f"/organizations?seat={text}&q=%00",
    ):
        assert "<script>alert" not in client.get(address).text


def test_kinds_are_kept(cast, indoors):
    assert actions.add_organization(cast.tongcheng, name="安庆师范大学").kind == OrganizationKind.SCHOOL
