"""How units keep their lists true together: a yearly round half done, requests between units and of people, one merge."""

import datetime as dt
from typing import TYPE_CHECKING

from yishang_crm.accounts import actors
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.people import actions, queries
from yishang_crm.people.rights import actions as rights
from yishang_crm.people.rights.models import RightsKind
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as reading
from yishang_crm.people.stewards import actions as stewards

if TYPE_CHECKING:
    from yishang_crm.demo.world import World

UNUSED = "19900000000"  # people are counted from 19900000001, however many there are


def fill(world: "World") -> None:
    """Each step by one of the logins that show it."""
    tongcheng, bureau = (actors.of_user(world.users[login]) for login in ("tongcheng", "bureau"))
    _round(tongcheng)
    _requests(tongcheng, bureau)
    _merge(tongcheng)
    _rights(tongcheng, bureau)


def _round(actor: Actor) -> None:
    """桐城 checks its most important people: of the first page every other one is confirmed, one in ten not reached."""
    begun = rounds.begin_round(
        actor,
        name=f"{today().year}年重点人员核实",
        due_on=today() + dt.timedelta(days=45),
        filters=queries.Filters(tier=("A", "B")),
        query={"tier": "A,B"},
    )
    for number, line in enumerate(reading.worklist(actor, begun, reading.Asked())):
        if number % 2:
            rounds.confirm_entry(actor, line.entry, line.card.person)
        elif number % 10 == 0:
            rounds.miss_entry(actor, line.entry, line.card.person)


def _requests(tongcheng: Actor, bureau: Actor) -> None:
    """The bureau would answer for one whom 桐城 keeps, and was given another."""
    first, second, *_ = queries.page_of_people(tongcheng, queries.Filters(tier=("A",)))
    stewards.ask_for_transfer(bureau, first, reason="市领导联系的重点企业")
    asked = stewards.ask_for_transfer(bureau, second, reason="拟列入市级重点项目")
    stewards.grant(tongcheng, asked, version=asked.version, answer="同意，今后请一并通报")


def _merge(actor: Actor) -> None:
    """Somebody who was entered a second time with another number is one again."""
    person = queries.page_of_people(actor, queries.Filters(tier=("B",)))[0]
    again = actions.add_person(
        actor, name=person.name, phone=UNUSED, tier=person.tier, native_place=person.native_place
    )
    actions.merge_people(actor, [person, again])


def _rights(tongcheng: Actor, bureau: Actor) -> None:
    """One asks to see all that is kept, one to be erased, and one was answered."""
    first, second, third, *_ = queries.page_of_people(tongcheng, queries.Filters(tier=("C",)))
    asks = (
        (first, RightsKind.COPY, 3, "想看看存了我哪些资料"),
        (second, RightsKind.ERASURE, 1, "已回乡退休，请删去我的资料"),
    )
    for person, kind, days, what in asks:
        asked_on = today() - dt.timedelta(days=days)
        rights.register(tongcheng, person, kind=kind, asked_on=asked_on, asked_by="本人来电", what=what)
    done = rights.register(
        bureau,
        third,
        kind=RightsKind.CORRECTION,
        asked_on=today() - dt.timedelta(days=9),
        asked_by="秘书来函",
        what="职务已变",
    )
    rights.finish(bureau, done, outcome="已按来函更正并电话告知")
