"""Posts with their days: added, corrected, ended; which of them stands in lists and letters is chosen."""

import datetime as dt

import pytest

from tests.cast import signed_in
from tests.house.pages import Read
from tests.people.arranged import somebody
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.people import actions, queries

FIRM, CHAMBER, NEXT = "深圳市望岳精密科技有限公司", "深圳市桐城商会", "惠州市独秀电子有限公司"
NO_DAYS = {"since": "", "until": ""}  # a date that stands empty stays so


def posts_of(actor, person):
    return [(firm.name, post.title) for post, firm in queries.person_parts(actor, person).posts]


def first_of(actor, person):
    return queries.person_parts(actor, person).posts[0][0]


def external(actor, person):
    """As lists and letters have it."""
    (card,) = queries.cards(actor, [person])
    return card.post


def edited(actor, person, post, **changes):
    wanted = {
        "seen": post.seen, "organization": queries.organization(post.organization_id).name, "title": post.title,
        "since": post.since, "until": post.until,
    } | changes  # fmt: skip
    actions.edit_post(actor, person, post, **wanted)


@pytest.fixture
def person(cast, indoors):
    return somebody(cast.tongcheng)


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        actions.add_post(cast.tongcheng, person, organization=CHAMBER, title="副会长")
        db.session.commit()
        return person.id


@pytest.fixture
def ids(app, cast, person_id):
    with app.app_context():
        parts = queries.person_parts(cast.tongcheng, queries.person(cast.tongcheng, person_id))
        return [post.id for post, _firm in parts.posts]


def filled(client, person_id, post_id, **changes):
    """The form of the page, as a browser would send it."""
    address = f"/people/{person_id}/posts/{post_id}"
    (form,) = [one for one in Read(client.get(f"{address}/edit").text).forms if one.action == address]
    return form.filled(NO_DAYS) | changes


def test_a_new_post_comes_behind_unless_asked(cast, person):
    actions.add_post(cast.tongcheng, person, organization=CHAMBER, title="副会长")
    assert posts_of(cast.tongcheng, person) == [(FIRM, "董事长"), (CHAMBER, "副会长")]
    assert external(cast.tongcheng, person) == "深圳望岳精密科技 董事长"
    actions.add_post(cast.tongcheng, person, organization=NEXT, title="总经理", is_first=True)
    assert posts_of(cast.tongcheng, person) == [(NEXT, "总经理"), (FIRM, "董事长"), (CHAMBER, "副会长")]
    assert external(cast.tongcheng, person) == "惠州独秀电子 总经理"


def test_another_post_is_chosen_to_stand_in_lists_and_the_others_follow(cast, person):
    second = actions.add_post(cast.tongcheng, person, organization=CHAMBER, title="副会长")
    third = actions.add_post(cast.tongcheng, person, organization=NEXT, title="总经理")
    first = first_of(cast.tongcheng, person)
    edited(cast.tongcheng, person, third, is_first=True)
    assert [(post.id, post.rank) for post, _ in queries.person_parts(cast.tongcheng, person).posts] == [
        (third.id, 1), (first.id, 2), (second.id, 3),
    ]  # fmt: skip
    assert external(cast.tongcheng, person) == "惠州独秀电子 总经理"


def test_the_next_one_follows_when_the_first_is_left(cast, person):
    actions.add_post(cast.tongcheng, person, organization=CHAMBER, title="副会长")
    edited(cast.tongcheng, person, first_of(cast.tongcheng, person), until=today())
    assert external(cast.tongcheng, person) == "深圳桐城商会 副会长"


def test_title_organization_and_days_are_corrected(cast, person):
    post = first_of(cast.tongcheng, person)
    days = {"since": dt.date(2019, 3, 1), "until": dt.date(2024, 6, 30)}
    edited(cast.tongcheng, person, post, organization=NEXT, title="总经理", **days)
    assert (posts_of(cast.tongcheng, person), post.since, post.until) == (
        [(NEXT, "总经理")], days["since"], days["until"],
    )  # fmt: skip
    assert [one.name for one in queries.page_of_people(cast.tongcheng, queries.Filters(q="独秀电子"))] == [
        "余秉衡"
    ]
    edited(cast.tongcheng, person, post, until=None)
    assert external(cast.tongcheng, person) == "惠州独秀电子 总经理"


def test_an_office_of_an_edition_stays_one_unless_it_is_another_chambers(cast, person):
    chamber = actions.add_organization(cast.tongcheng, name=CHAMBER)
    edition = actions.begin_edition(cast.tongcheng, chamber, number=1, since=today())
    office = actions.add_officer(cast.tongcheng, chamber, person, title="会长")
    edited(cast.tongcheng, person, office, title="副会长")
    assert office.edition_id == edition.id
    edited(cast.tongcheng, person, office, organization="惠州市桐城商会")
    assert office.edition_id is None


@pytest.mark.parametrize(
    ("days", "is_first", "said"),
    [
        ((dt.date(2024, 1, 1), dt.date(2023, 1, 1)), False, "不能早于任职日期"),
        ((None, dt.date(2999, 1, 1)), False, "不能晚于今天"),
        ((None, dt.date(2023, 1, 1)), True, "已离任的职务不能对外用"),
    ],
)
def test_what_is_no_term_is_refused(cast, person, days, is_first, said):
    since, until = days
    post = first_of(cast.tongcheng, person)
    with pytest.raises(NotPossible, match=said):
        edited(cast.tongcheng, person, post, since=since, until=until, is_first=is_first)
    with pytest.raises(NotPossible, match=said):
        actions.add_post(
            cast.tongcheng, person, organization=NEXT, title="", since=since, until=until, is_first=is_first
        )
    assert posts_of(cast.tongcheng, person) == [(FIRM, "董事长")]


def test_who_saves_second_is_told(cast, person):
    post = first_of(cast.tongcheng, person)
    drawn = post.seen
    edited(cast.tongcheng, person, post, title="总经理")
    with pytest.raises(Stale):
        edited(cast.tongcheng, person, post, seen=drawn, title="总裁")
    assert post.title == "总经理"


def test_a_post_of_somebody_else_is_not_corrected(cast, person):
    other = somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    with pytest.raises(NotPossible, match="不属于此人"):
        edited(cast.tongcheng, other, first_of(cast.tongcheng, person), title="总经理")


# By page


def test_a_post_is_added_with_its_days_and_stands_first_when_asked(client, person_id):
    signed_in(client, "tongcheng")
    data = {"organization": NEXT, "title": "总经理", "since": "2024-03-01", "until": "", "is_first": "y"}
    answer = client.post(f"/people/{person_id}/posts", data=data)
    assert (answer.status_code, answer.location) == (303, f"/people/{person_id}#posts")
    assert "2024 至今" in client.get(f"/people/{person_id}").text
    assert "惠州独秀电子" in client.get("/people").text


def test_a_post_is_corrected_by_the_form(client, person_id, ids):
    signed_in(client, "tongcheng")
    data = filled(client, person_id, ids[1], title="常务副会长", since="2021-05-01", is_first="y")
    assert client.post(f"/people/{person_id}/posts/{ids[1]}", data=data).status_code == 303
    listed = client.get("/people").text
    assert "常务副会长" in listed
    assert "董事长" not in listed


def test_a_form_that_changes_nothing_keeps_all_that_stands(app, client, cast, person_id, ids):
    signed_in(client, "tongcheng")
    for one in ids:
        address = f"/people/{person_id}/posts/{one}"
        assert client.post(address, data=filled(client, person_id, one)).status_code == 303
    with app.app_context():
        person = queries.person(cast.tongcheng, person_id)
        assert posts_of(cast.tongcheng, person) == [(FIRM, "董事长"), (CHAMBER, "副会长")]
        assert {
            (post.since, post.until) for post, _ in queries.person_parts(cast.tongcheng, person).posts
        } == {(None, None)}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "去年"}, "日期请写成2026-09-24这样"),
        ({"since": "2024-01-01", "until": "2023-01-01"}, "离任日期不能早于任职日期"),
        ({"until": "2023-01-01", "is_first": "y"}, "已离任的职务不能对外用"),
        ({"organization": ""}, "请写上单位"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(client, person_id, ids, typed, said):
    signed_in(client, "tongcheng")
    data = filled(client, person_id, ids[0], title="总经理") | typed
    for address in (f"/people/{person_id}/posts/{ids[0]}", f"/people/{person_id}/posts"):
        answer = client.post(address, data=data)
        assert answer.status_code == 422
        assert said in answer.text
        assert "总经理" in answer.text
    assert "总经理" not in client.get(f"/people/{person_id}").text


def test_a_lost_update_is_shown_side_by_side_and_a_second_saving_takes_it(client, person_id, ids):
    signed_in(client, "tongcheng")
    address = f"/people/{person_id}/posts/{ids[0]}"
    first, second = (filled(client, person_id, ids[0], title=title) for title in ("总经理", "总裁"))
    assert client.post(address, data=first).status_code == 303
    stale = client.post(address, data=second)
    assert stale.status_code == 409
    for said in ("别人已经改过", "总经理", "总裁"):
        assert said in stale.text
    (form,) = [one for one in Read(stale.text).forms if one.action == address]
    assert client.post(address, data=form.filled(NO_DAYS)).status_code == 303
    assert "总裁" in client.get(f"/people/{person_id}").text


@pytest.mark.parametrize(
    ("login", "read", "written"),
    [
        ("tongcheng", 200, 303),
        ("leader", 403, 403),
        ("huaining", 404, 404),
        ("desk", 403, 403),
        (None, 302, 302),
    ],
)
def test_a_post_is_corrected_by_who_may(app, client, person_id, ids, login, read, written):
    data = filled(signed_in(app.test_client(), "tongcheng"), person_id, ids[0], title="总经理")
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{person_id}/posts/{ids[0]}/edit").status_code == read
    assert client.post(f"/people/{person_id}/posts/{ids[0]}", data=data).status_code == written
    shown = signed_in(app.test_client(), "tongcheng").get(f"/people/{person_id}").text
    assert ("总经理" in shown) == (written == 303)
