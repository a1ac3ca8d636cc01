"""What the parts of the room hold when records become one: worklists and proposals, files and photos; and back again."""

import pytest

from tests.people.arranged import somebody
from tests.people.files.made import PDF, picture
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.accounts import actors
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db
from yishang_crm.people import actions, queries
from yishang_crm.people.files import actions as files
from yishang_crm.people.files import contents
from yishang_crm.people.files import queries as kept
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as lists


@pytest.fixture
def two(cast, indoors):
    return [somebody(cast.tongcheng, "戴玉屏", phone=f"1990000061{n}") for n in (1, 2)]


def proposes(entry, **values):
    said = actors.of_person(entry.person_id, name="戴玉屏", language="zh_Hans")
    rounds.propose(said, lists.own(entry.id), values=values)


def standing(person_id):
    """Entries of somebody, and what is proposed in each."""
    return [
        (one.id, [proposal.value for proposal in lists.proposals_in(one)])
        for one in lists.entries_of([person_id])
    ]


def test_two_on_one_list_become_one_with_what_both_proposed_and_come_apart_again(cast, two):
    older, newer = (person.id for person in two)
    begun = a_round(cast.tongcheng)
    first, second = (an_entry(cast.tongcheng, begun, person).id for person in two)
    proposes(lists.entries_of([older])[0], residence="苏州")
    proposes(lists.entries_of([newer])[0], industry="电子")
    row = actions.merge_people(cast.tongcheng, two)
    assert standing(newer) == [(second, ["苏州", "电子"])]
    assert [one.entry.id for one in lists.worklist(cast.tongcheng, begun, lists.Asked(state="all"))] == [
        second
    ]
    assert actions.undo_merge(cast.tongcheng, row) == []
    assert (standing(older), standing(newer)) == ([(first, ["苏州"])], [(second, ["电子"])])


def test_who_is_on_a_list_alone_stays_on_it_under_the_new_number(cast, two):
    begun = a_round(cast.tongcheng, q="0611")
    entry = an_entry(cast.tongcheng, begun, two[0]).id
    row = actions.merge_people(cast.tongcheng, two)
    assert standing(row.survivor_id) == [(entry, [])]
    assert row.moved["rounds"] == 1


@pytest.mark.parametrize("of", [(0,), (1,), (0, 1)])
def test_one_photo_stands_at_the_head_and_nothing_is_lost(cast, two, of):
    photos = {
        n: files.set_photo(cast.tongcheng, two[n], contents.photo(f"{n}.png", picture("PNG")), seen=0).id
        for n in of
    }
    files.add_file(cast.tongcheng, two[0], contents.paper("名片.pdf", PDF))
    numbers = [person.id for person in two]
    before = [person.photo_id for person in two]
    row = actions.merge_people(cast.tongcheng, two)
    survivor = queries.person(cast.tongcheng, row.survivor_id)
    assert survivor.photo_id == photos[max(of)]
    assert kept.photo_of(cast.tongcheng, survivor).id == photos[max(of)]
    assert len(kept.files_of(cast.tongcheng, survivor)) == len(of)
    actions.undo_merge(cast.tongcheng, row)
    db.session.expire_all()
    assert [queries.person(cast.tongcheng, number).photo_id for number in numbers] == before


# Relations


def word(name):
    return next(one for one in queries.words_of(Dictionary.RELATION) if one.name == name)


def related(person_id):
    """What is said of somebody's relations, and to whom."""
    person = queries.person(HOUSE, person_id)
    return sorted((one.other.name, one.said) for one in queries.relations_of(HOUSE, person))


def test_relations_go_on_at_the_head_once_and_none_leads_to_oneself(cast, indoors):
    """The third stands between the two by number: what is mutual is kept lower number first, and turns round."""
    actions.seed_dictionary(HOUSE)
    older, third, newer = (
        somebody(cast.tongcheng, name, phone=f"1990000061{number}")
        for number, name in enumerate(("戴玉屏", "潘岳霖", "戴玉屏"), 1)
    )
    actions.relate(cast.tongcheng, older, third, word=word("老师"))
    actions.relate(cast.tongcheng, older, third, word=word("同学"))
    actions.relate(cast.tongcheng, third, newer, word=word("同学"))  # the same from the other side
    actions.relate(cast.tongcheng, older, newer, word=word("同学"))  # with the other of the two
    row = actions.merge_people(cast.tongcheng, [older, newer])
    assert related(newer.id) == [("潘岳霖", "同学"), ("潘岳霖", "老师")]
    assert related(third.id) == [("戴玉屏", "同学"), ("戴玉屏", "学生")]
    assert actions.undo_merge(cast.tongcheng, row) == []
    assert related(older.id) == [("戴玉屏", "同学"), ("潘岳霖", "同学"), ("潘岳霖", "老师")]
    assert related(newer.id) == [("戴玉屏", "同学"), ("潘岳霖", "同学")]
