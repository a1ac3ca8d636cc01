"""What takes its people from the list takes the same people: exports, merges, rounds, maps, whichever condition it is."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, queries
from yishang_crm.people.acts import Selection
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import Tier


@pytest.fixture
def listed(app, cast):
    """Three of Tongcheng, one of Huaining; a tag on the first two and a segment of those with it, in A."""
    with app.app_context(), writing():
        people = [
            somebody(cast.tongcheng, "江一", phone="19900000001", residence="东莞"),
            somebody(cast.tongcheng, "江二", phone="19900000002", residence="深圳", tier=Tier.B),
            somebody(cast.tongcheng, "江三", phone="19900000003", residence="深圳"),
            somebody(cast.huaining, "江远", phone="19900000004", residence="深圳"),
        ]
        tag = actions.add_tag(cast.tongcheng, name="常客")
        ids = tuple(person.id for person in people)
        actions.tag_many(cast.tongcheng, Selection(ids=ids[:2]), tag=tag, expected=2)
        leaf = {"not": False, "filters": {"tag": str(tag.id), "tier": "A"}}
        tree = {"join": "and", "parts": [{"join": "and", "not": False, "parts": [leaf]}]}
        segment = actions.add_segment(cast.tongcheng, name="常来的A级", readers=Readers.UNIT, tree=tree)
        said = {
            "tag": f"tag={tag.id}",
            "segment": f"segment={segment.id}",
            "owner": "owner=me",
            "has": "has=phone",
        }
        db.session.commit()
        return ids, said


COUNTS = {"tag": 2, "segment": 1, "owner": 3, "has": 3}


@pytest.mark.parametrize("name", COUNTS)
def test_the_bar_takes_all_that_match_to_the_export_page(client, listed, name):
    _ids, said = listed
    signed_in(client, "tongcheng")
    page = client.get(f"/people/exports/new?matching=1&{said[name]}").text
    assert f'name="expected" value="{COUNTS[name]}"' in page
    (back,) = set(re.findall(rf'<a href="(/people\?[^"]+)">{COUNTS[name]}人</a>', page))
    assert client.get(back).text.count('<tr data-id="') == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_a_round_is_begun_over_any_list(app, cast, client, listed, name):
    _ids, said = listed
    signed_in(client, "tongcheng")
    assert f"共{COUNTS[name]}人" in client.get(f"/people/rounds?{said[name]}").text
    due = (today() + dt.timedelta(days=9)).isoformat()
    answer = client.post("/people/rounds", data={"query": said[name], "name": "补核", "due_on": due})
    assert answer.status_code == 303
    with app.app_context():
        from yishang_crm.people.rounds import queries as rounds

        (begun,) = rounds.rounds(cast.tongcheng)
        assert begun.people == COUNTS[name]


def test_a_round_of_ones_own_people_stays_theirs_whoever_goes_on_with_it(app, cast, client, listed):
    signed_in(client, "tongcheng")
    due = (today() + dt.timedelta(days=9)).isoformat()
    client.post("/people/rounds", data={"query": "owner=me", "name": "补核", "due_on": due})
    with app.app_context():
        from yishang_crm.people.rounds import queries as rounds

        (begun,) = rounds.rounds(cast.tongcheng)
        assert begun.filters == {"owner": str(cast.tongcheng.id)}


@pytest.mark.parametrize("name", COUNTS)
def test_the_map_counts_the_list(app, cast, listed, name):
    filters = Filters(**dict([listed[1][name].split("=")]))
    with app.app_context():
        found = queries.whereabouts(cast.tongcheng, filters)
        assert found.total == COUNTS[name] == queries.count_up_to(cast.tongcheng, filters)
        for key, count in found.counts.items():
            assert queries.count_up_to(cast.tongcheng, filters.but(lives=key)) == count


def test_the_map_is_left_by_the_list_with_all_conditions(client, listed):
    _ids, said = listed
    signed_in(client, "tongcheng")
    page = client.get(f"/people/map?{said['tag']}&tier=A").text
    assert "<b>常客</b>" in page
    assert f'href="/people?{said["tag"]}&amp;tier=A"' in page


def test_two_to_four_ticked_go_to_the_page_of_merging(client, listed):
    ids, _said = listed
    signed_in(client, "tongcheng")
    answer = client.get(f"/people/acts/merging?id={ids[1]}&id={ids[0]}")
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/people/merging")
    assert urlsplit(answer.location).query == f"id={ids[0]}&id={ids[1]}"
    assert client.get(answer.location).status_code == 200
    assert (
        client.get(f"/people/acts/merging?id={ids[0]}&id={ids[3]}", follow_redirects=True).status_code == 404
    )


@pytest.mark.parametrize(
    ("asked", "count"), [("id=1", 1), ("id=1&id=2&id=3&id=4&id=5", 5), ("matching=1&tier=A", 0)]
)
def test_fewer_or_more_are_told_how_many_it_takes(client, listed, asked, count):
    signed_in(client, "tongcheng")
    answer = client.get(f"/people/acts/merging?{asked}")
    assert answer.status_code == 409
    assert f"合并要勾选2到4个人，现在勾选了{count}人" in answer.text


def test_without_script_all_that_match_can_be_exported_and_none_merged(client, listed):
    signed_in(client, "tongcheng")
    page = client.get("/people?tier=A").text
    (beside,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert 'href="/people/exports/new?matching=1&amp;tier=A"' in beside
    assert "/people/acts/merging" not in beside
