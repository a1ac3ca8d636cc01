"""Last year's edition with what was promised there; this year's half answered."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from yishang_crm.accounts import actors
from yishang_crm.accounts.models import UnitKind
from yishang_crm.conference import actions
from yishang_crm.conference.models import Category, Edition, Guest, Reply, Travel
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import ANQING, day_begins, now, standing_at, today
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.followup import actions as followup
from yishang_crm.followup.queries.tasks import open_tasks_from
from yishang_crm.people.queries import people_by_ids

if TYPE_CHECKING:
    from yishang_crm.demo.world import World

_NUMBERS = "零一二三四五六七八九十"
FIRST_YEAR = 2021  # the first edition was held in 2022 (domain.md §1.6); one a year since, as planned
_TRAINS = ("G7754", "G9188", "D2214", "G2826", "G9466", "C3856")
_FLIGHTS = ("MU2451", "CZ3947", "HO1607", "MF8235")


def fill(world: "World") -> None:
    """Both editions, by the organizers and the counties."""
    organizer = actors.of_user(world.users["organizer"])
    chosen = world.chance.sample(
        range(len(world.person_ids)), min(len(world.person_ids) // 2, _wanted(world) * 2)
    )
    half = len(chosen) // 2
    _last_years(world, organizer, chosen[:half])
    _this_years(world, organizer, chosen[half // 3 : half // 3 + half])


def _wanted(world: "World") -> int:
    """About the size of the real ones: 600 guests (domain.md §1.6), fewer in a small world."""
    return max(12, min(600, len(world.person_ids) // 14))


def _last_years(world: "World", organizer: Actor, numbers: Sequence[int]) -> None:
    now_day = today()
    opening = now_day - dt.timedelta(days=349)
    with _standing(opening - dt.timedelta(days=40)):
        edition = _edition(organizer, opening)
        guests = _nominate(world, organizer, edition, numbers)
        _approve(organizer, edition, guests)
        actions.make_letters(organizer, edition, guests)
    with _standing(opening - dt.timedelta(days=14)):
        coming = [
            guest for guest in guests if _answer(world, organizer, edition, guest, shares=(62, 6, 22, 4, 6))
        ]
    with _standing(opening):
        for guest in coming:
            if world.chance.random() < 0.93:
                actions.check_in(organizer, guest, at=day_begins(opening) + dt.timedelta(hours=8))
    with _standing(opening + dt.timedelta(days=3)):
        actions.close_edition(organizer, edition)
        actions.begin_follow_up(organizer, edition)
    _keep_most_promises(world, organizer, opening)


def _keep_most_promises(world: "World", organizer: Actor, opening: dt.date) -> None:
    with _standing(opening + dt.timedelta(days=30)):
        for task in open_tasks_from(organizer, "guest"):
            if world.chance.random() < 0.85:
                followup.finish_task(organizer, task)


def _this_years(world: "World", organizer: Actor, numbers: Sequence[int]) -> None:
    opening = today() + dt.timedelta(days=16)
    with _standing(today() - dt.timedelta(days=26)):
        edition = _edition(organizer, opening)
        _grant(world, organizer, edition)
        guests = _nominate(world, organizer, edition, numbers)
    cut = max(1, len(guests) // 12)
    with _standing(today() - dt.timedelta(days=18)):
        _approve(organizer, edition, guests[cut:])
        lettered, _lacking = actions.make_letters(organizer, edition, guests[cut:-cut])
    with _standing(today() - dt.timedelta(days=4)):
        made = [one.guest for one in lettered]
        for guest in made[: int(len(made) * 0.62)]:
            _answer(world, organizer, edition, guest, shares=(58, 6, 18, 6, 0))
    waiting = [guest for guest in made if guest.reply == Reply.NONE]
    actions.post_letters(organizer, edition, waiting[: max(6, len(waiting) // 3)])


def _edition(organizer: Actor, opening: dt.date) -> Edition:
    number = opening.year - FIRST_YEAR
    return actions.add_edition(
        organizer,
        slug=str(opening.year),
        number=number,
        name=f"第{_NUMBERS[number] if number <= 10 else number}届中国宜商大会",
        name_en=f"China Yishang Conference {opening.year}",
        starts_at=dt.datetime.combine(opening, dt.time(9), ANQING),
        ends_at=dt.datetime.combine(opening + dt.timedelta(days=1), dt.time(17), ANQING),
        venue="安庆市会议中心",
        venue_en="Anqing Conference Centre",
        register_note=f"{(opening - dt.timedelta(days=1)).month}月{(opening - dt.timedelta(days=1)).day}日全天报到，"
        "安庆西站、安庆天柱山机场设专人接站。",
        letter_year=opening.year,
        reply_until=opening - dt.timedelta(days=10),
        seats=800,
        office_phone="199-0000-0556",
    )


def _grant(world: "World", organizer: Actor, edition: Edition) -> None:
    for unit in world.units.values():
        if unit.kind == UnitKind.COUNTY:
            granted = 20 + _wanted(world) // 5
            actions.set_quota(organizer, edition, unit, category=Category.NATIVE, granted=granted)


def _nominate(world: "World", organizer: Actor, edition: Edition, numbers: Sequence[int]) -> list[Guest]:
    """By the unit that keeps each person; who cannot be invited is passed over, as in life."""
    by_unit: dict[int, list[int]] = {}
    for number in numbers:
        by_unit.setdefault(world.owners[number].unit_id, []).append(world.person_ids[number])
    guests: list[Guest] = []
    for unit_id, person_ids in by_unit.items():
        people = [person for person in people_by_ids(organizer, person_ids) if person.may_be_invited]
        done, _refused = actions.nominate_many(
            organizer, edition, people, reason=world.chance.choice(_REASONS), unit_id=unit_id
        )
        guests += done
    db.session.commit()
    return sorted(guests, key=lambda guest: guest.id or 0)


_REASONS = (
    "多年热心家乡事",
    "有意回乡投资",
    "商会骨干，能带动会员",
    "行业龙头，配套空间大",
    "往届到会，有承诺在办",
)


def _approve(organizer: Actor, edition: Edition, guests: Sequence[Guest]) -> None:
    actions.approve_many(organizer, edition, guests, note="组委会审定", at=now())


def _answer(
    world: "World",
    organizer: Actor,
    edition: Edition,
    guest: Guest,
    *,
    shares: tuple[int, int, int, int, int],
) -> bool:
    """One guest's word, recorded by a liaison. Whether they come."""
    replies = (Reply.ACCEPTED, Reply.DELEGATED, Reply.DECLINED, Reply.TENTATIVE, None)
    reply = world.chance.choices(replies, shares)[0]
    if reply is None or guest.letter_number is None:
        return False
    details: dict[str, Any] = {}
    if reply == Reply.DECLINED:
        details["decline_reason"] = world.chance.choice(("出国", "公司有事", "家里有事", "行程冲突"))
    if reply == Reply.DELEGATED:
        details |= {
            "delegate_name": world.chance.choice(("江南秋", "余晚晴", "周若水", "程小满")),
            "delegate_title": "副总经理",
        }
    if reply in (Reply.ACCEPTED, Reply.DELEGATED):
        details |= _journey(world, edition)
    try:
        actions.record_answer(organizer, guest, reply=reply, **details)
    except NotPossible:
        return False  # the hall is full; the guest keeps what stood
    return guest.is_coming


def _journey(world: "World", edition: Edition) -> dict[str, Any]:
    chance = world.chance
    details: dict[str, Any] = {"companions": chance.choices((0, 1, 2), (60, 30, 10))[0]}
    if chance.random() < 0.4:
        return details
    travel = chance.choices((Travel.TRAIN, Travel.PLANE, Travel.CAR, Travel.LOCAL), (50, 20, 20, 10))[0]
    arrives = edition.starts_at - dt.timedelta(hours=chance.randint(12, 24), minutes=chance.randint(0, 59))
    if travel == Travel.TRAIN:
        details |= {
            "travel_number": chance.choice(_TRAINS),
            "arrival_place": "安庆西站",
            "arrives_at": arrives,
        }
    if travel == Travel.PLANE:
        details |= {
            "travel_number": chance.choice(_FLIGHTS),
            "arrival_place": "安庆天柱山机场",
            "arrives_at": arrives,
        }
    return details | {"travel": travel, "nights": chance.choice((0, 1, 2, 2))}


def _standing(day: dt.date) -> Any:
    return standing_at(day_begins(day) + dt.timedelta(hours=10))
