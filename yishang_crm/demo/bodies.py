"""Chambers with their editions and officers, honours of firms."""

import contextlib
import datetime as dt
from typing import Any

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.demo import words
from yishang_crm.people import actions, queries
from yishang_crm.people.models.bodies import ChamberLevel, ChamberState
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.names import simplified_key


def fill(world: Any) -> None:
    """Every chamber elsewhere has an edition with the officers it has by now; some elections past or near."""
    places = [(seat, name) for seat, names in words.CHAMBERS.items() for name in names]
    for number, (seat, name) in enumerate(places):
        chamber = queries.organization_named(simplified_key(name)) or actions.add_organization(
            HOUSE, name=name
        )
        since = today() - dt.timedelta(days=1825 - (number * 97) % 700)
        actions.edit_organization(
            HOUSE, chamber, version=chamber.version, name=name, short_name=name.replace("市", ""), kind=chamber.kind,
            uscc="", parent="", seat=seat, chain="", honours=(),
            chamber={
                "level": ChamberLevel.CITY if "安庆" in name else ChamberLevel.COUNTY,
                "founded_on": since - dt.timedelta(days=3650), "members": world.chance.randrange(60, 400),
            },
        )  # fmt: skip
        actions.begin_edition(
            HOUSE, chamber, number=2 + number % 3, since=since, reelection_on=since + dt.timedelta(days=1825),
            staying={holder.post.id or 0 for holder in queries.people_at(HOUSE, chamber)},
        )  # fmt: skip
        if number == len(places) - 1:
            _standing(chamber, ChamberState.DORMANT)
    _honours(world)
    _relations(world)


def _standing(chamber: Any, state: ChamberState) -> None:
    actions.edit_organization(
        HOUSE, chamber, version=chamber.version, name=chamber.name, short_name=chamber.short_name, kind=chamber.kind,
        uscc="", parent="", seat=chamber.seat, chain="", honours=(), chamber={"state": state},
    )  # fmt: skip


def _honours(world: Any) -> None:
    honours = queries.words_of(Dictionary.HONOUR)
    firms = queries.page_of_organizations(HOUSE, queries.BodyFilters(kind="company"))
    for row in firms[:: max(1, len(firms) // 8)]:
        firm, honour = row.organization, world.chance.choice(honours)
        actions.edit_organization(
            HOUSE, firm, version=firm.version, name=firm.name, short_name=firm.short_name, kind=firm.kind, uscc="",
            parent="", seat=firm.name[:2], chain="", honours=(honour.id or 0,),
        )  # fmt: skip


def _relations(world: Any) -> None:
    """Every eighth of the first people knows two or three others of the same county."""
    kinds = queries.words_of(Dictionary.RELATION)
    by_county: dict[str, list[Any]] = {}
    for person in queries.people_by_ids(HOUSE, world.person_ids[:800]):
        by_county.setdefault(person.native_place, []).append(person)
    for people in by_county.values():
        for person in people[::8]:
            for other in world.chance.sample(people, min(3, len(people))):
                if other.id != person.id:
                    word = world.chance.choice(kinds[:6])
                    with contextlib.suppress(NotPossible):  # the same two drawn again
                        actions.relate(HOUSE, person, other, word=word, backwards=world.chance.random() < 0.4)
