"""What the tally says is what a count would say, whatever was done, by whatever way, on both databases."""

import random

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from tests.cast import unit_id
from tests.people.arranged import somebody
from yishang_crm.accounts import queries as units
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions, jobs, queries
from yishang_crm.people.actions.many import Newcomer, create_many
from yishang_crm.people.models import Person, Stewardship, Tier
from yishang_crm.people.queries import tally
from yishang_crm.people.stewards import actions as stewards
from yishang_crm.people.stewards import queries as keeping

pytestmark = pytest.mark.usefixtures("indoors")

PLACES, CITIES = ("桐城市", "怀宁县", "", "潜山市"), ("深圳", "上海", "")
CODES = ("340881", "340822", "bureau")


def counted(of_unit: int) -> dict[str, dict[str, int]]:
    """By reading every row."""
    found: dict[str, dict[str, int]] = {}
    for kind, name in tally.KINDS.items():
        column = getattr(Person, name)
        counting = sa.select(sa.cast(column, sa.String), sa.func.count()).group_by(column)
        if of_unit:
            counting = counting.join(Stewardship, col(Stewardship.person_id) == Person.id)
            counting = counting.where(col(Stewardship.unit_id) == of_unit)
        found[kind] = {
            str(value): n for value, n in db.session.execute(unscoped_for("a test looks", counting))
        }
    return found


def agrees() -> None:
    db.session.flush()
    for of_unit in (tally.EVERYONE, *(unit_id(code) for code in CODES)):
        assert tally.counts(HOUSE, of_unit) == counted(of_unit)


def any_person(chance: random.Random) -> Person:
    people = db.session.scalars(unscoped_for("a test looks", select(Person).order_by(col(Person.id)))).all()
    return chance.choice(people)


def adds(cast, chance):
    actor = chance.choice([cast.tongcheng, cast.huaining, cast.bureau])
    somebody(
        actor, "余秉衡", phone="", tier=chance.choice(list(Tier)),
        native_place=chance.choice(PLACES), residence=chance.choice(CITIES),
    )  # fmt: skip


def edits(cast, chance):
    person = any_person(chance)
    wanted = {"tier": chance.choice(list(Tier)), "native_place": chance.choice(PLACES), "note": "x"}
    actions.edit_person(cast.bureau, person, version=person.version, **wanted)


def shares(cast, chance):
    person, unit = any_person(chance), units.unit_by_code(chance.choice(CODES))
    if not queries.is_kept_by(cast.bureau, person, unit):
        actions.share(cast.bureau, person, unit)


def hands_over(cast, chance):
    person, unit = any_person(chance), units.unit_by_code(chance.choice(CODES))
    holder = keeping.answerable_of(person.id)
    if holder is None or holder.unit_id != unit.id or not holder.answerable:
        stewards.transfer(
            cast.bureau, person, unit, reason="x", seen=holder.unit_id if holder and holder.answerable else 0
        )


def takes_back(cast, chance):
    person = any_person(chance)
    for one, _unit, _name in queries.person_parts(cast.bureau, person).stewards:
        if not one.answerable:
            stewards.end_sharing(cast.bureau, person, one)


def brings_many(cast, chance):
    with bulk(HOUSE, Permission.HOUSEKEEPING, "people.test") as work:
        create_many(
            work,
            [
                Newcomer(
                    {
                        "name": "汪砚舟",
                        "native_place": chance.choice(PLACES),
                        "tier": chance.choice(list(Tier)),
                    },
                    unit_id=unit_id(chance.choice(CODES)),
                )
                for _ in range(5)
            ],
            {},
        )


def changes_many(_cast, chance):
    ids = db.session.scalars(unscoped_for("a test looks", select(Person.id))).all()
    with bulk(HOUSE, Permission.HOUSEKEEPING, "people.test") as work:
        work.update(Person, [{"id": one, "residence": chance.choice(CITIES)} for one in ids])


def moves_a_keeping(_cast, chance):
    person = any_person(chance)
    with doing(Deed(HOUSE, "x")):
        held = keeping.answerable_of(person.id)
        free = [unit_id(code) for code in CODES if keeping.stewardship_of(person.id, unit_id(code)) is None]
        if held is not None and free:
            held.unit_id = free[0]
            db.session.flush()


def adds_up(_cast, _chance):
    actions.add_up_counts(HOUSE)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_it_agrees_with_a_count(cast, seed):
    chance = random.Random(seed)
    adds(cast, chance)
    ways = (adds, edits, shares, hands_over, takes_back, brings_many, changes_many, moves_a_keeping, adds_up)
    for _ in range(25):
        chance.choice(ways)(cast, chance)
        db.session.expire_all()
    agrees()
    adds_up(cast, chance)
    agrees()


def test_one_who_is_gone_is_not_counted(cast):
    person = somebody(cast.tongcheng, organization="", phone="")
    with doing(Deed(HOUSE, "x")):
        for one in (keeping.answerable_of(person.id), person):
            db.session.delete(one)
            db.session.flush()
    agrees()
    assert tally.counts(HOUSE, tally.EVERYONE) == {kind: {} for kind in tally.KINDS}


def test_a_unit_counts_its_own_and_nobody_elses(cast):
    somebody(cast.tongcheng)
    own = unit_id("340881")
    assert sum(tally.counts(cast.tongcheng, own)["tier"].values()) == 1
    for foreign in (tally.EVERYONE, unit_id("340822")):
        with pytest.raises(LookupError):
            tally.counts(cast.tongcheng, foreign)
    assert list(tally.tiers_by_unit(cast.tongcheng)) == [own]


def test_the_job_adds_up_only_what_is_worth_it_and_only_once(cast, monkeypatch):
    somebody(cast.tongcheng)
    somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    assert jobs.add_up_counts() == {}
    monkeypatch.setattr(jobs, "WORTH_IT", 1)
    assert jobs.add_up_counts() == {"lines": 6}
    assert jobs.add_up_counts() == {}
    agrees()
