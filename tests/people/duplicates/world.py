"""Three records of one man with something in every room, and the whole database as plain rows, to see what came back."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from tests.cast import Cast, unit_id
from tests.conference.arranged import an_edition
from tests.followup.arranged import log
from tests.people.arranged import somebody
from tests.projects.arranged import a_project
from tests.reception.arranged import change, put
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions as conference
from yishang_crm.conference.models import Category, Edition, Guest, Onsite, Reply
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup import actions as followup
from yishang_crm.network import actions as network
from yishang_crm.network.models import AppointmentKind
from yishang_crm.people import actions
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers, Tag
from yishang_crm.people.models import Person
from yishang_crm.reception.models import CheckIn, Outcome

FIRMS = ("东莞市振业五金制品有限公司", "东莞振业实业有限公司", "振业五金")
NAMES = ("胡明远", "胡明远", "胡鸣远")
# Told, not compared: who changed what (the trail), and merges themselves. Kept for finding: made anew from the rest.
BESIDE = {"audit_entry", "audit_value", "person_merge", "match_profile", "people_tally", "sign_in"}


@dataclass
class World:
    people: list[Person]
    editions: list[Edition] = field(default_factory=list)
    guests: dict[int, Guest] = field(default_factory=dict)
    other: Person | None = None
    tags: list[Tag] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return [person.id for person in self.people]


def three(cast: Cast, *, chance: Any = None) -> World:
    """`chance` (with `.bool()`) decides who has what; without it each has everything."""

    def has() -> bool:
        return chance is None or chance.bool()

    keepers = (cast.bureau, cast.huaining, cast.tongcheng)
    people = [
        somebody(
            keepers[n], NAMES[n], phone=f"1990000081{n}", email=f"hu{n}@example.cn" if has() else "", organization=FIRMS[n],
            title=("总经理", "董事长", "理事")[n], residence=("东莞", "", "深圳")[n], native_place="怀宁县",
            birth_year=1971 if has() else None, note=f"第{n}份备注" if has() else "",
        )
        for n in range(3)
    ]  # fmt: skip
    other = somebody(cast.bureau, "查静安", phone="19900000899", organization="皖江新材料有限公司")
    world = World(people, other=other)
    world.tags = [actions.add_tag(cast.bureau, name=name, citywide=True) for name in ("莲花厅", "常客")]
    for n, person in enumerate(people):
        for give in _beside(cast, keepers[n], world, n, person):
            if has():
                give()
    for number, slug in enumerate(("2026", "2025")):
        edition = an_edition(cast.organizer, slug=slug, number=5 - number)
        for code in ("bureau", "340881"):
            conference.set_quota(
                cast.organizer, edition, accounts.unit_by_code(code), category=Category.NATIVE, granted=5
            )
        world.editions.append(edition)
        for n, person in enumerate(people):
            if has():
                world.guests[n, slug] = _guest(cast, edition, person, n, has)
    db.session.flush()
    return world


def _beside(cast: Cast, keeper: Any, world: World, n: int, person: Person) -> list[Any]:
    """What one record may have beside its own facts, in the rooms below the conference."""
    shared_with = accounts.unit_by_code("340881" if n < 2 else "340822")
    term = {"starts_on": today() - dt.timedelta(days=30), "ends_on": today() + dt.timedelta(days=300)}
    return [
        lambda: actions.share(keeper, person, shared_with),
        lambda: log(cast.bureau, person, text=f"谈了{n}"),
        lambda: log(cast.bureau, *world.people[: n + 1], text="一桌吃饭"),
        lambda: followup.add_task(cast.bureau, person_id=person.id, what=f"回电话{n}", due_on=today()),
        lambda: followup.set_cadence(cast.bureau, person, days=30 + n),
        lambda: a_project(cast.bureau, f"项目{n}", introducer=person),
        lambda: network.appoint(cast.bureau, person, kind=list(AppointmentKind)[n], **term),
        lambda: network.entrust(cast.bureau, world.other, partner=person),
        lambda: actions.add_contact(cast.bureau, person, typed=f"wx_hu{n}", kind="wechat"),
        lambda: actions.set_cell_tags(
            cast.bureau, person, tag_ids=[tag.id for tag in world.tags[: 1 + n % 2]], was=[]
        ),
        lambda: actions.freeze(
            cast.bureau, name=f"名单{n}", why="试", readers=Readers.OWN, filters=Filters(q=NAMES[n])
        ),
    ]


def _guest(cast: Cast, edition: Edition, person: Person, n: int, has: Any) -> Guest:
    guest = conference.nominate(
        cast.bureau, edition, person, unit_id=unit_id(("bureau", "340822", "340881")[n])
    )
    if has():
        conference.approve(HOUSE, guest)
        if has():
            conference.make_letter(HOUSE, guest)
        if has():
            conference.record_answer(HOUSE, guest, reply=Reply.ACCEPTED, companions=n)
        if has():
            guest_arrives(edition, guest, n)
    return guest


def guest_arrives(edition: Edition, guest: Guest, n: int) -> None:
    """As a desk leaves it behind."""
    change(HOUSE, guest, onsite=Onsite.CHECKED_IN, checked_in_at=now())
    put(HOUSE, CheckIn(edition_id=edition.id, guest_id=guest.id, nonce=f"{edition.id:016x}{guest.id:016x}", desk=f"{n}号台",
                       user_id=1, user_name="周泊远", outcome=Outcome.ARRIVED, name="胡明远"))  # fmt: skip


def everything() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of every table by its key, but for the counters of who saved first."""
    db.session.flush()
    db.session.expire_all()
    rows: dict[str, dict[Any, dict[str, Any]]] = {}
    for name, table in SQLModel.metadata.tables.items():
        if name in BESIDE:
            continue
        keys = [column.name for column in table.primary_key]
        found = db.session.execute(unscoped_for("a test looks", sa.select(table))).mappings()
        rows[name] = {
            tuple(row[key] for key in keys): {
                column: value for column, value in row.items() if column != "version"
            }
            for row in found
        }
    return rows


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What is not the same, by table and key: for a test that fails."""
    told: dict[str, Any] = {}
    for name, rows in before.items():
        for key in {*rows, *after[name]}:
            was, now_is = rows.get(key), after[name].get(key)
            if was != now_is:
                told[f"{name}:{key}"] = (
                    {column: (was[column], now_is[column]) for column in was if was[column] != now_is[column]}
                    if was and now_is
                    else ("gone", was)
                    if was
                    else ("new", now_is)
                )
    return told


def persons() -> list[Person]:
    return list(db.session.scalars(unscoped_for("a test looks", select(Person).order_by(Person.id))))
