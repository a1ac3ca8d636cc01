"""Who holds posts in the chambers of the made-up world."""

import random
from collections import Counter

import pytest

from yishang_crm.demo import chambers, words
from yishang_crm.demo.people import Keeper, newcomers
from yishang_crm.people.models import Tier

COUNTIES = [Keeper(number, county, (), 1) for number, county in enumerate(words.COUNTIES)]


def world(seed: int = 7, count: int = 4000):
    chance = random.Random(seed)
    people = newcomers(count, keepers=COUNTIES, chance=chance)
    return people, chambers.posts(people, chance)


@pytest.fixture(scope="module")
def made():
    return world()


def test_one_in_eight_or_so_holds_a_post_and_important_people_more_often(made):
    people, posts = made
    share = {
        tier: sum(people[number].columns["tier"] == tier for number in posts)
        / sum(person.columns["tier"] == tier for person in people)
        for tier in Tier
    }
    assert 0.08 < len(posts) / len(people) < 0.2
    assert share[Tier.A] > share[Tier.B] > share[Tier.C] > 0


def test_a_chamber_has_one_president_and_a_council(made):
    _people, posts = made
    counted = Counter(posts.values())
    assert {counted[name, "会长"] for names in words.CHAMBERS.values() for name in names} == {1}
    assert counted["上海安庆商会", "常务副会长"] == 4
    assert counted["上海安庆商会", "理事"] > 20


def test_the_posts_of_the_demo_logins_are_left_to_them(made):
    _people, posts = made
    counted = Counter(posts.values())
    assert (counted["上海安庆商会", "秘书长"], counted["东莞市安庆商会", "常务副会长"]) == (0, 3)


def test_they_live_where_the_chamber_is_and_a_countys_chamber_takes_its_natives(made):
    people, posts = made
    columns = [(people[number].columns, chamber) for number, (chamber, _title) in posts.items()]
    assert all(chamber in words.CHAMBERS[person["residence"]] for person, chamber in columns)
    assert {person["native_place"] for person, chamber in columns if "桐城" in chamber} == {"桐城市"}


def test_the_same_seed_gives_the_same_posts(made):
    assert world()[1] == made[1]
    assert world(seed=8)[1] != made[1]


def test_names_read_as_names(made):
    """No character twice in a row, two to four characters, and a firm's name ends as a firm's name does."""
    people, _posts = made
    names = [person.columns["name"] for person in people]
    assert [name for name in names if name[-1] == name[-2] or not 2 <= len(name) <= 4] == []
    assert len(set(names)) > len(names) * 0.7
    firms = {person.organization for person in people}
    assert [firm for firm in firms if not firm.endswith("有限公司") or "上海市" in firm] == []
