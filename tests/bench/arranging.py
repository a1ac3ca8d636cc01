"""What a demo world lacks for measuring: a liaison with 300 people and an edition with 2,000 guests; and what to ask for."""

import datetime as dt
import json
import random
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from tests.bench.instance import COUNTY_CODE, EDITION, LETTERS, LIAISON, PASSWORD
from tests.outbox.arranged import letter, somebody
from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import actors
from yishang_crm.accounts import queries as units
from yishang_crm.accounts.models import Role
from yishang_crm.app import create_app
from yishang_crm.conference import actions as conference
from yishang_crm.conference import queries as editions
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Edition, Guest, Onsite, Reply
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.clock import day_begins, now, today
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup import actions as followup
from yishang_crm.outbox import door
from yishang_crm.outbox.models import Message, State
from yishang_crm.people import names
from yishang_crm.people.models import ContactPoint, Organization, Person, Stewardship, Tier
from yishang_crm.people.queries import people_by_ids

CHARGES, PROMISES, GUESTS = 300, 60, 2000


def main(folder: Path) -> None:
    """Arrange the world in `folder` and leave `probes.json` there; a second time changes little."""
    app = create_app(Settings(instance=folder, _env_file=None))
    with app.app_context(), writing():
        with bulk(HOUSE, Permission.HOUSEKEEPING, "bench.arrange") as work:
            _give_charges(work)
        edition = editions.edition(EDITION) or _edition()
        guests = _expected_again(edition)
        _hold_letters(HOUSE)
        db.session.commit()
        told = probes(random.Random(7))
        told["entries"] = [tokens.entry_token(guest) for guest in guests]
        told["links"], told["consent"] = [tokens.token(guest) for guest in guests], edition.consent_version
    (folder / "probes.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _give_charges(work: Bulk) -> None:
    unit = units.unit_by_code(COUNTY_CODE)
    if unit is None or units.user_by_login(LIAISON):
        return
    user = accounts.add_user(
        HOUSE, login=LIAISON, name="查守正", role=Role.COUNTY, unit=unit, password=PASSWORD
    )
    kept = (
        sa.select(Stewardship.id)
        .where(Stewardship.unit_id == unit.id)
        .order_by(Stewardship.id)
        .limit(CHARGES)
    )
    ids = db.session.scalars(_looking(kept)).all()
    work.update(Stewardship, [{"id": one, "user_id": user.id} for one in ids])
    for person_id in db.session.scalars(_looking(_charges(user.id).limit(PROMISES))).all():
        followup.add_task(
            actors.of_user(user),
            what="回电话",
            person_id=person_id,
            user_id=user.id,
            due_on=today() + dt.timedelta(days=person_id % 9),
        )


def _charges(user_id: int | None) -> Any:
    return (
        sa.select(Stewardship.person_id).where(Stewardship.user_id == user_id).order_by(Stewardship.person_id)
    )


def _edition() -> Edition:
    """Opens in a year, everybody approved, nobody of level A, so that no desk asks anybody to wait."""
    opens = day_begins(today() + dt.timedelta(days=365))
    facts = {"number": 99, "name": "压测大会", "venue": "安庆市会议中心", "letter_year": opens.year}
    days = {"starts_at": opens, "ends_at": opens + dt.timedelta(days=1), "reply_until": today()}
    edition = conference.add_edition(HOUSE, slug=EDITION, **facts, **days)
    wanted = (
        sa.select(Person.id, Stewardship.unit_id)
        .join(Stewardship, col(Stewardship.person_id) == Person.id)
        .where(Person.tier != Tier.A, Person.state == "active")
        .order_by(Person.id)
        .limit(GUESTS)
    )
    of_unit: dict[int, list[int]] = {}
    for person_id, unit_id in db.session.execute(_looking(wanted)):
        of_unit.setdefault(unit_id, []).append(person_id)
    for unit_id, ids in of_unit.items():
        guests, _refused = conference.nominate_many(
            HOUSE, edition, people_by_ids(HOUSE, ids), unit_id=unit_id
        )
        conference.approve_many(HOUSE, edition, guests, at=now())
    db.session.commit()
    return edition


def _expected_again(edition: Edition) -> list[Guest]:
    """Nobody has arrived: a world that is kept is measured like a new one."""
    guests = db.session.scalars(
        _looking(select(Guest).where(Guest.edition_id == edition.id).order_by(col(Guest.id)))
    ).all()
    with bulk(HOUSE, Permission.HOUSEKEEPING, "bench.expect") as work:
        fresh = {"onsite": Onsite.EXPECTED, "checked_in_at": None, "reply": Reply.ACCEPTED}
        work.update(Guest, [{"id": guest.id, **fresh} for guest in guests])
    return list(guests)


@action(Permission.HOUSEKEEPING)
def _hold_letters(actor: Actor) -> None:
    """Letters about nobody, held: as many as are missing."""
    ours = sa.select(sa.func.count(), sa.func.max(Message.id)).where(Message.purpose == "bench")
    waiting, last = db.session.execute(_looking(ours.where(Message.state == State.HELD))).one()
    for number in range(LETTERS - waiting):
        what = letter(
            number, purpose="bench", about=f"bench:{(last or 0) + number}", occasion=str(now().timestamp())
        )
        door.post(actor, somebody(number), what, hold=True, unit_id=None)


def probes(chance: random.Random) -> dict[str, Any]:
    """What staff ask for, taken from this world. `habits`: thirty searches as people type them."""
    county = units.unit_by_code(COUNTY_CODE)
    user = units.user_by_login(LIAISON)
    everybody = list(db.session.scalars(_looking(sa.select(Person.id))))
    counties = list(
        db.session.scalars(
            _looking(
                sa.select(Stewardship.person_id).where(Stewardship.unit_id == (county.id if county else 0))
            )
        )
    )
    charges = list(
        db.session.scalars(
            _looking(sa.select(Stewardship.person_id).where(Stewardship.user_id == (user.id if user else 0)))
        )
    )
    some = chance.sample(everybody, 40)
    people = sorted(people_by_ids(HOUSE, some), key=lambda one: chance.random())
    tails = [
        str(phone)[-4:]
        for phone in db.session.scalars(
            _looking(
                sa.select(ContactPoint.value).where(
                    col(ContactPoint.person_id).in_(some), ContactPoint.rank == 1
                )
            )
        )
    ]
    firms = list(
        db.session.scalars(_looking(sa.select(Organization.short_name).order_by(Organization.id).limit(400)))
    )
    return {
        "habits": _habits([one.name for one in people], tails, chance.sample(firms, 3)),
        "people": chance.sample(everybody, 60),
        "county_people": chance.sample(counties, min(60, len(counties))),
        "only_names": _only_names(charges, chance),
        "place": "桐城市",
        "rare_place": "宜秀区",
        "residence": "上海",
    }


def _habits(called: list[str], tails: list[str], firms: list[str]) -> list[str]:
    long, short = [name for name in called if len(name) == 3], [name for name in called if len(name) == 2]
    return [
        *("汪", "王", "张", "查"),
        *_some(short, 4),
        *_some(long, 6),
        *(names.readings(name)[0] for name in _some(long[6:], 4)),
        *(names.initials(name)[0] for name in _some(long[10:], 4)),
        *tails[:4],
        *(*firms, "科技", "董事长")[:4],
    ]  # fmt: skip


def _some(few: list[str], most: int) -> list[str]:
    return [few[at % len(few)] for at in range(most)]


def _only_names(person_ids: list[int], chance: random.Random) -> list[str]:
    """Names of the liaison's people that nobody else in the county bears: one line means one person."""
    unit = units.unit_by_code(COUNTY_CODE)
    twice = (
        sa.select(Person.name_key)
        .join(Stewardship, col(Stewardship.person_id) == Person.id)
        .where(Stewardship.unit_id == (unit.id if unit else 0))
        .group_by(Person.name_key)
        .having(sa.func.count() > 1)
    )
    wanted = sa.select(Person.name).where(col(Person.id).in_(person_ids), col(Person.name_key).not_in(twice))
    found = sorted({name for name in db.session.scalars(_looking(wanted)) if len(name) == 3})
    return chance.sample(found, min(40, len(found)))


def _looking(wanted: Any) -> Any:
    return unscoped_for("the bench looks", wanted)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
