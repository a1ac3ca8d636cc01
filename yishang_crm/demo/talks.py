"""Ten contacts a person on the average, the clocks they set, and what was promised."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from yishang_crm.accounts import actors
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.clock import day_begins, today
from yishang_crm.demo import words
from yishang_crm.followup import actions as followup
from yishang_crm.followup import queries
from yishang_crm.followup.models import Cadence, Channel, Interaction, Participant, Readers, Task
from yishang_crm.people.queries import people_by_ids

if TYPE_CHECKING:
    from yishang_crm.demo.world import World

CHUNK = 1000
TALKS_EACH = 10
_CHANNELS = {Channel.WECHAT: 48, Channel.CALL: 34, Channel.VISIT: 7, Channel.MEAL: 4, Channel.MEETING: 7}


def fill(world: "World") -> None:
    """Contacts and clocks for everybody, promises for one in six."""
    days = {str(tier): every for tier, every in queries.days_by_tier().items()}
    serial = 0
    with bulk(HOUSE, Permission.HOUSEKEEPING, "demo.talks") as work:
        for start in range(0, len(world.person_ids), CHUNK):
            ids = world.person_ids[start : start + CHUNK]
            tiers = {person.id: str(person.tier) for person in people_by_ids(HOUSE, ids)}
            talks = list(_talks(world, range(start, start + len(ids)), serial))
            serial += len(talks)
            _write(world, work, talks, tiers, days)
            work.chunk_done()
    _promises_today(world)


def _talks(world: "World", numbers: Sequence[int], serial: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number of the person, columns of the contact), the latest of each person last."""
    chance, names = world.chance, {user.id: user.name for user in world.users.values()}
    for number in numbers:
        owner = world.owners[number]
        ago = sorted(
            (_days_ago(chance) for _ in range(chance.randint(TALKS_EACH - 6, TALKS_EACH + 6))), reverse=True
        )
        for days in ago:
            channel = chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
            user_id = chance.choice(owner.user_ids) if owner.user_ids else None
            at = day_begins(today() - dt.timedelta(days=days)) + dt.timedelta(
                hours=9, minutes=chance.randint(0, 480)
            )
            serial += 1
            yield (
                number,
                {
                    "at": at,
                    "channel": channel,
                    "text": chance.choice(words.TALKS[channel]),
                    "readers": Readers.OFFICE if chance.random() < 0.2 else Readers.UNIT,
                    "unit_id": owner.unit_id,
                    "user_id": user_id,
                    "user_name": names.get(user_id, ""),
                    "client_id": f"demo:{serial}",
                    "created_at": at,
                },
            )


def _days_ago(chance: Any) -> int:
    return min(1400, 1 + int(chance.expovariate(1 / 260)))


def _write(
    world: "World",
    work: Bulk,
    talks: list[tuple[int, dict[str, Any]]],
    tiers: dict[Any, str],
    days: dict[str, int],
) -> None:
    ids = work.insert(Interaction, [columns for _number, columns in talks])
    of_person = [world.person_ids[number] for number, _columns in talks]
    pairs = zip(ids, of_person, strict=True)
    work.insert(Participant, [{"interaction_id": talk, "person_id": person} for talk, person in pairs])
    last: dict[int, tuple[dt.date, int]] = {}
    for (_number, columns), talk, person in zip(talks, ids, of_person, strict=True):
        last[person] = (_day(columns["at"]), talk)
    clocks = [
        {
            "person_id": person,
            "began_on": day,
            "last_on": day,
            "last_interaction_id": talk,
            "due_on": day + dt.timedelta(days=days[tiers[person]]),
        }
        for person, (day, talk) in last.items()
    ]
    work.insert(Cadence, clocks)
    work.insert(Task, list(_tasks(world, talks, ids)))


def _tasks(
    world: "World", talks: list[tuple[int, dict[str, Any]]], ids: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for (number, columns), talk in zip(talks, ids, strict=True):
        if world.chance.random() > 0.04:
            continue
        made = columns["at"]
        due = _day(made) + dt.timedelta(days=world.chance.randint(3, 30))
        is_done = due < today() - dt.timedelta(days=world.chance.randint(1, 20))
        yield {
            "what": world.chance.choice(words.PROMISES),
            "person_id": world.person_ids[number],
            "unit_id": columns["unit_id"],
            "user_id": columns["user_id"],
            "readers": Readers.UNIT,
            "due_on": due,
            "origin": f"interaction:{talk}",
            "interaction_id": talk,
            "created_at": made,
            "created_by": columns["user_name"],
            "done_at": made + dt.timedelta(days=2) if is_done else None,
            "done_by": columns["user_name"] if is_done else "",
        }


def _promises_today(world: "World") -> None:
    """A handful of things due today for the two counties, the bureau and the organizers, so that nobody opens an empty page."""
    for login in ("tongcheng", "huaining", "bureau", "organizer"):
        actor = actors.of_user(world.users[login])
        mine = [number for number, keeper in enumerate(world.owners) if keeper.unit_id == actor.unit_id]
        for number, what in zip(world.chance.sample(mine, min(5, len(mine))), words.PROMISES, strict=False):
            followup.add_task(
                actor,
                what=what,
                person_id=world.person_ids[number],
                user_id=actor.id,
                due_on=today() + dt.timedelta(days=world.chance.choice((0, 0, 1, 2))),
            )


def _day(moment: dt.datetime) -> dt.date:
    return (moment + dt.timedelta(hours=8)).date()
