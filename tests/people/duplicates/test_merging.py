"""Two or three records become one, in every room; and it can be taken back, in any order (S32)."""

import contextlib
import datetime as dt
import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.cast import unit_id
from tests.conference.arranged import an_edition, an_invited
from tests.people.arranged import somebody
from tests.people.duplicates.arranged import scan, the_pair, twice
from tests.people.duplicates.world import differences, everything, guest_arrives, three
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions as inviting
from yishang_crm.conference import queries as conference
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Onsite, Reply
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions, queries
from yishang_crm.people.actions import Chosen
from yishang_crm.people.duplicates.models import PairState
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import PersonState
from yishang_crm.people.queries import merging

pytestmark = pytest.mark.usefixtures("indoors")


def merge(cast, *people, **details):
    return actions.merge_people(cast.bureau, people, **details)


# One of two


def test_the_newest_number_stays_and_everything_of_the_other_is_there(cast):
    one, two = twice(cast.bureau)
    row = merge(cast, one, two)
    person = queries.person(cast.bureau, two.id)
    parts = queries.person_parts(cast.bureau, person)
    assert (row.survivor_id, row.merged_by) == (two.id, "程景明")
    assert sorted(map(str, (contact.value for contact in parts.contacts))) == ["199****0119", "199****0811"]
    assert [firm.name for _post, firm in parts.posts] == ["望岳精密", "深圳市望岳精密科技有限公司"]
    assert queries.person(cast.bureau, one.id) is None
    assert merging.standing_for(cast.bureau, one.id).id == two.id


def test_what_is_chosen_holds_and_the_rest_follows_the_suggestions(cast):
    one, two = twice(cast.bureau, residence="", native_town="新渡镇", note="乙", tier="C")
    actions.edit_person(cast.bureau, one, version=1, note="甲", former_names="胡小明")
    post = queries.person_parts(cast.bureau, one).posts[0][0]
    contact = queries.person_parts(cast.bureau, one).contacts[0]
    merge(cast, one, two, chosen=Chosen(values={"name": "胡明遠"}, taken={"name": None}, first_post_id=post.id,
                                        first_contact_id=contact.id))  # fmt: skip
    person = queries.person(cast.bureau, two.id)
    assert (person.name, person.name_key, person.residence, person.native_town) == (
        "胡明遠",
        "胡明远",
        "深圳",
        "新渡镇",
    )
    assert (person.note, person.former_names, person.tier.value) == ("甲\n乙", "胡小明", "A")
    parts = queries.person_parts(cast.bureau, person)
    assert (parts.posts[0][1].name, str(parts.contacts[0].value)) == (
        "深圳市望岳精密科技有限公司",
        "199****0811",
    )


def test_what_one_record_must_not_lose_is_not_lost(cast):
    """Who asked to be left alone, who died, who was confirmed: whichever record says so."""
    one, two = twice(cast.bureau)
    actions.confirm(cast.bureau, one)
    actions.forbid_contact(cast.bureau, one, reason="本人要求")
    actions.edit_person(cast.bureau, one, version=one.version, state=PersonState.DECEASED)
    actions.set_id_number(cast.bureau, one, number="340881196801010019")
    said = (one.do_not_contact_at, one.confirmed_at, one.confirmed_by, one.created_at, one.id_number_index)
    merge(cast, one, two)
    person = queries.person(cast.bureau, two.id)
    assert (
        person.do_not_contact_at,
        person.confirmed_at,
        person.confirmed_by,
        person.created_at,
        person.id_number_index,
    ) == said
    assert person.state == PersonState.DECEASED
    assert str(person.id_number) == "340***********0019"


def test_the_same_post_stays_once_under_the_firms_fuller_name(cast):
    one, two = twice(cast.bureau, organization="深圳望岳精密科技", title="董事长")
    merge(cast, one, two)
    posts = queries.person_parts(cast.bureau, queries.person(cast.bureau, two.id)).posts
    assert [(firm.name, post.title) for post, firm in posts] == [("深圳市望岳精密科技有限公司", "董事长")]


def test_one_unit_stays_answerable_and_all_who_kept_one_keep_the_one(cast):
    one, two = twice(cast.tongcheng, cast.huaining)
    tongcheng, huaining = unit_id("340881"), unit_id("340822")
    actions.share(cast.huaining, two, accounts.unit_by_code("340881"))
    merge(cast, one, two, chosen=Chosen(answerable_unit_id=tongcheng))
    stewards = queries.person_parts(cast.bureau, queries.person(cast.bureau, two.id)).stewards
    assert {(row.unit_id, row.answerable, row.kind.value) for row, *_ in stewards} == {
        (tongcheng, True, "steward"), (huaining, False, "steward"),
    }  # fmt: skip
    assert queries.person(cast.tongcheng, two.id) is not None


def test_it_is_one_deed_with_one_entry(cast):
    one, two = twice(cast.bureau)
    merge(cast, one, two)
    wanted = select(AuditEntry).where(AuditEntry.verb == "people.merge_people")
    (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
    assert entry.actor == cast.bureau.key
    assert {f"person:{one.id}", f"person:{two.id}"} <= set(entry.rows)
    assert "0811" not in str(entry.note)


# Who may


def test_a_unit_merges_its_own_and_only_the_bureau_across(cast):
    one, two = twice(cast.tongcheng, cast.huaining)
    actions.share(cast.huaining, two, accounts.unit_by_code("340881"))
    with pytest.raises(NotPossible, match="市局"):
        actions.merge_people(cast.tongcheng, [one, two])
    with pytest.raises(NotPossible):
        actions.merge_people(cast.huaining, [one, two])
    with pytest.raises(Refused):
        actions.merge_people(cast.leader, [one, two])
    own = somebody(cast.tongcheng, "胡鸣远", phone="19900000118")
    assert actions.merge_people(cast.tongcheng, [one, own]).survivor_id == own.id


def test_a_unit_asks_the_bureau(cast):
    one, two = twice(cast.tongcheng, cast.huaining)
    actions.share(cast.huaining, two, accounts.unit_by_code("340881"))
    (asked,) = actions.ask_merge(cast.tongcheng, [one, two], why="电话核过，是一个人")
    assert (asked.state, asked.decided_by, asked.unit_id) == (PairState.ASKED, "汪澄", unit_id("340881"))
    with pytest.raises(NotPossible, match="已经请市局"):
        actions.ask_merge(cast.tongcheng, [one, two], why="再问")
    scan(everybody=True)
    assert the_pair(one, two).state == PairState.ASKED
    merge(cast, one, two)
    assert the_pair(one, two) is None


def test_two_with_different_id_numbers_are_two_people(cast):
    one, two = twice(cast.bureau)
    actions.set_id_number(cast.bureau, one, number="340881196801010019")
    actions.set_id_number(cast.bureau, two, number="340881196801010027")
    with pytest.raises(NotPossible, match="身份证"):
        merge(cast, one, two)


def test_somebody_who_edited_meanwhile_is_not_written_over(cast):
    one, two = twice(cast.bureau)
    seen = {one.id: one.version, two.id: two.version}
    actions.edit_person(cast.tongcheng, one, version=one.version, residence="惠州")
    before = everything()
    with pytest.raises(Stale):
        merge(cast, one, two, versions=seen)
    assert differences(before, everything()) == {}


def test_who_is_gone_cannot_be_merged_again(cast):
    one, two = twice(cast.bureau)
    merge(cast, one, two)
    with pytest.raises(NotPossible, match="刚刚被合并"):
        merge(cast, one, two)


# In every room


def test_both_checked_in_count_once_and_both_passes_still_open(cast):
    one, two = twice(cast.tongcheng)
    edition = an_edition(cast.organizer)
    guests = [an_invited(cast.tongcheng, edition, person) for person in (one, two)]
    for n, guest in enumerate(guests):
        guest_arrives(edition, guest, n)
    links, passes = [tokens.token(guest) for guest in guests], [tokens.entry_token(guest) for guest in guests]
    codes = [tokens.reply_code(guest) for guest in guests]
    row = merge(cast, one, two)
    db.session.expire_all()
    (stays,) = db.session.scalars(conference.visible_to(cast.bureau)).all()
    assert (stays.id, stays.person_id, stays.onsite) == (guests[1].id, two.id, Onsite.CHECKED_IN)
    assert [conference.guest_by_token(link).id for link in links] == [stays.id] * 2
    assert [conference.guest_by_entry_token(entry).id for entry in passes] == [stays.id] * 2
    assert [conference.guest_by_reply_code(edition, code).id for code in codes] == [stays.id] * 2
    assert [conference.guest_by_code(codes[0], tail).id for tail in ("0811", "0119")] == [stays.id] * 2
    from tests.reception.arranged import seen

    assert (seen().arrivals, seen().repeated, seen().checked_in) == (1, 1, 1)
    assert any("注销" in remark["sentence"] for remark in row.remarks)


def test_of_two_invitations_the_further_one_holds_and_nobody_sits_on_two_chairs(cast):
    one, two = twice(cast.tongcheng)
    edition = an_edition(cast.organizer)
    first, second = (an_invited(cast.tongcheng, edition, person) for person in (one, two))
    inviting.record_answer(cast.tongcheng, first, reply=Reply.ACCEPTED, companions=2)
    inviting.record_answer(cast.tongcheng, second, reply=Reply.DECLINED)
    number = first.letter_number
    merge(cast, one, two)
    db.session.expire_all()
    (stays,) = db.session.scalars(conference.visible_to(cast.bureau)).all()
    assert (stays.id, stays.reply, stays.companions, stays.letter_number) == (
        second.id,
        Reply.ACCEPTED,
        2,
        number,
    )
    edition = conference.edition_by_id(edition.id)
    assert edition.seats_taken == conference.recounted_seats(cast.bureau, edition) == 3


def test_nobody_gets_a_second_letter_for_one_purpose(cast):
    one, two = twice(cast.tongcheng)
    for n, person in enumerate((one, two)):
        actions.add_contact(cast.tongcheng, person, typed=f"hu{n}@example.cn")
    edition = an_edition(cast.organizer)
    guests = [an_invited(cast.tongcheng, edition, person) for person in (one, two)]
    letters, _refused = inviting.post_letters(cast.organizer, edition, guests)
    assert [letter.about for letter in letters] == [guest.key for guest in guests]
    merge(cast, one, two)
    db.session.expire_all()
    assert {letter.about for letter in letters} == {guests[1].key}
    assert sorted(letter.state.value for letter in letters) == ["cancelled", "held"]


def test_a_portal_account_goes_with_its_owner(cast):
    from tests.network.arranged import partner

    owner = partner(cast.tongcheng, "ambassador", "程守默", phone="19900000612")
    again = somebody(cast.tongcheng, "程守默", phone="19900000613")
    entrusted = somebody(cast.tongcheng, "戴玉屏", phone="19900000614")
    from yishang_crm.network import actions as network
    from yishang_crm.network import queries as partners

    network.entrust(cast.tongcheng, entrusted, partner=owner.person)
    row = actions.merge_people(cast.bureau, [owner.person, again])
    actor = _actor_of("ambassador")
    assert actor.person_id == again.id
    assert [charge.person.id for charge in partners.charges(actor)] == [entrusted.id]
    assert row.moved["accounts"] == 1
    actions.undo_merge(cast.bureau, row)
    assert _actor_of("ambassador").person_id == owner.person.id


def _actor_of(login):
    from yishang_crm.accounts import actors

    db.session.expire_all()
    return actors.of_login(login)


def test_what_was_said_of_third_people_holds_for_the_one(cast):
    one, two = twice(cast.tongcheng)
    third = somebody(cast.tongcheng, "胡鸣元", phone="19900000120", organization="望岳精密")
    scan()
    actions.decide_pair(cast.tongcheng, the_pair(one, third), state=PairState.FAMILY, why="兄弟")
    merge(cast, one, two)
    pair = the_pair(two, third)
    assert (pair.state, pair.why) == (PairState.FAMILY, "兄弟")
    scan(everybody=True)
    assert the_pair(two, third).state == PairState.FAMILY


# Taking back


def test_tags_and_frozen_lists_go_along_and_none_stands_twice(cast):
    one, two = (somebody(cast.tongcheng, "余秉衡", phone=f"1990000082{n}") for n in range(2))
    fast, rare = (actions.add_tag(cast.tongcheng, name=name) for name in ("常客", "稀客"))
    actions.set_cell_tags(cast.tongcheng, one, tag_ids=[fast.id, rare.id], was=[])
    actions.set_cell_tags(cast.tongcheng, two, tag_ids=[fast.id], was=[])
    kept = {"why": "试", "readers": Readers.OWN}
    both = actions.freeze(cast.tongcheng, name="两条", filters=Filters(q="余秉衡"), **kept)
    first = actions.freeze(cast.tongcheng, name="头一条", filters=Filters(q="19900000820"), **kept)
    merge = actions.merge_people(cast.tongcheng, [one, two])
    assert [tag.name for tag in queries.tags_of_people(cast.tongcheng, [two.id])[two.id]] == ["常客", "稀客"]
    for frozen, seen, hidden in ((both, 1, 1), (first, 1, 0)):
        found = queries.seen_of(cast.tongcheng, frozen)
        assert ([person.id for person in found.people], found.hidden) == ([two.id][:seen], hidden)
    assert (merge.moved["tags"], merge.moved["snapshots"]) == (1, 1)
    actions.undo_merge(cast.tongcheng, merge)
    tags = queries.tags_of_people(cast.tongcheng, [one.id, two.id])
    assert {person_id: len(some) for person_id, some in tags.items()} == {one.id: 2, two.id: 1}
    assert queries.seen_of(cast.tongcheng, both).seen == 2


def test_after_an_undo_every_row_is_as_it_was(cast):
    world = three(cast)
    before = everything()
    row = merge(cast, *world.people)
    assert {"interactions", "tasks", "projects", "guests", "appointments"} <= set(row.moved)
    assert actions.undo_merge(cast.bureau, row) == []
    assert differences(before, everything()) == {}
    with pytest.raises(NotPossible, match="已经撤销"):
        actions.undo_merge(cast.bureau, row)


@pytest.mark.parametrize("order", list(itertools.permutations((0, 1))), ids=str)
def test_a_into_b_into_c_is_taken_back_in_any_order(cast, order):
    world = three(cast)
    before = everything()
    a, b, c = world.people
    merges = [merge(cast, a, b)]
    alone = everything()
    merges.append(merge(cast, b, c))
    assert merging.standing_for(cast.bureau, a.id).id == c.id
    actions.undo_merge(cast.bureau, merges[order[0]])
    if order[0] == 1:
        assert differences(alone, everything()) == {}
    else:
        assert merging.standing_for(cast.bureau, b.id).id == c.id
        assert queries.person(cast.bureau, a.id).name == "胡明远"
    actions.undo_merge(cast.bureau, merges[order[1]])
    assert differences(before, everything()) == {}


def test_undone_at_b_the_first_has_its_own_back_and_the_others_stay_one(cast):
    """The same as if only B and C had ever been merged."""
    ids = three(cast).ids
    with undone_here():
        merge(cast, *queries.people_by_ids(cast.bureau, ids[1:]))
        wanted = everything()
    first = merge(cast, *queries.people_by_ids(cast.bureau, ids[:2]))
    merge(cast, *queries.people_by_ids(cast.bureau, ids[1:]))
    actions.undo_merge(cast.bureau, first)
    left = differences(wanted, everything())
    assert {name.split(":")[0] for name in left} <= {"merged_person", "merged_guest"}, (
        left
    )  # numbers of their own only


@settings(
    max_examples=15, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(seed=st.integers(0, 10_000), order=st.permutations([0, 1]), whole=st.booleans())
def test_whatever_they_had_a_merge_taken_back_leaves_no_trace(app, cast, seed, order, whole):
    chance = random.Random(seed)
    chance.bool = lambda: chance.random() < 0.6
    with undone_here():
        world = three(cast, chance=chance)
        scan(everybody=True)
        before = everything()
        if whole:
            actions.undo_merge(cast.bureau, merge(cast, *world.people))
        else:
            a, b, c = world.people
            merges = [merge(cast, a, b), merge(cast, b, c)]
            for place in order:
                actions.undo_merge(cast.bureau, merges[place])
        assert differences(before, everything()) == {}


@contextlib.contextmanager
def undone_here():
    """What is written inside is gone after it, in the session as well."""
    db.session.commit()
    nested = db.sessionmaker.kw["bind"].begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        db.session.expunge_all()
        nested.rollback()


def test_what_was_edited_since_stays_and_is_listed(cast):
    one, two = twice(cast.bureau, residence="")
    row = merge(cast, one, two)
    person = queries.person(cast.bureau, two.id)
    assert person.residence == "深圳"
    actions.edit_person(cast.bureau, person, version=person.version, residence="珠海", industry="五金")
    moved = next(
        post for post, firm in queries.person_parts(cast.bureau, person).posts if firm.name.startswith("深圳")
    )
    actions.end_post(cast.bureau, person, moved, on=dt.date(2026, 9, 1))
    since = actions.undo_merge(cast.bureau, row)
    assert [(one.table, one.id, one.columns) for one in since] == [("person", two.id, ("residence",))]
    assert queries.person(cast.bureau, two.id).residence == "珠海"
    (back,) = queries.person_parts(cast.bureau, queries.person(cast.bureau, one.id)).posts
    assert (back[1].name, str(back[0].until)) == ("深圳市望岳精密科技有限公司", "2026-09-01")


def test_an_undo_needs_the_right_that_the_merge_needed(cast):
    one, two = twice(cast.tongcheng, cast.huaining)
    row = merge(cast, one, two)
    for who in (cast.tongcheng, cast.huaining):
        with pytest.raises(NotPossible):
            actions.undo_merge(who, row)
    with pytest.raises(Refused):
        actions.undo_merge(cast.leader, row)


def test_the_images_are_encrypted_and_go_when_a_person_is_erased(cast):
    import sqlalchemy as sa

    one, two = twice(cast.bureau)
    row = merge(cast, one, two)
    raw = sa.text("SELECT images FROM person_merge").execution_options(scope="house: a test looks")
    stored = bytes(db.session.execute(raw).scalar_one())
    assert "胡明远".encode() not in stored
    assert b"19900000811" not in stored
    from yishang_crm.core.actor import HOUSE, Permission
    from yishang_crm.core.audit import action
    from yishang_crm.people.actions.merging import forget_merges

    @action(Permission.HOUSEKEEPING)
    def erase(actor):
        return forget_merges(two.id)

    assert {f"person:{one.id}", f"person:{two.id}"} <= erase(HOUSE)
    assert (row.images, [person["name"] for person in row.people]) == (None, ["", ""])
    with pytest.raises(NotPossible, match="不能撤销"):
        actions.undo_merge(cast.bureau, row)
