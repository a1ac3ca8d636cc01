"""How the made-up world is filled, step by step, each through the actions of its room."""

import datetime as dt
import random
import secrets
from dataclasses import dataclass, field

import click
import sqlalchemy as sa
from sqlmodel import select

from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import passwords
from yishang_crm.accounts import queries as units
from yishang_crm.accounts.models import Role, Unit, UnitKind, User
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import ANQING, standing_at, today
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.demo import bodies, chambers, conference, lists, network, projects, talks, upkeep
from yishang_crm.demo.doubles import with_doubles
from yishang_crm.demo.people import Keeper, newcomers
from yishang_crm.furnishing import furnish
from yishang_crm.people import actions as people
from yishang_crm.people.actions.many import create_many
from yishang_crm.people.actions.posts import FurtherPost, add_posts

CHUNK = 2000

# One login per role (DESIGN §5), then the colleagues who call people in each unit.
LOGINS = (
    ("admin", "管世清", Role.ADMIN, "bureau"),
    ("security", "安若谷", Role.SECURITY, "bureau"),
    ("auditor", "审知微", Role.AUDITOR, "bureau"),
    ("leader", "方知远", Role.LEADER, "bureau"),
    ("bureau", "程景明", Role.BUREAU, "bureau"),
    ("organizer", "李会然", Role.ORGANIZER, "bureau"),
    ("tongcheng", "汪澄", Role.COUNTY, "340881"),
    ("huaining", "操望舒", Role.COUNTY, "340822"),
    ("desk", "周泊远", Role.DESK, "bureau"),
    ("ambassador", "程守默", Role.AMBASSADOR, "outside"),
    ("partner", "琚成林", Role.PARTNER, "outside"),
    ("chamber", "石礼安", Role.CHAMBER, "outside"),
)
OTHERS = (
    ("tongcheng2", "查静", "340881"), ("huaining2", "江远舟", "340822"), ("qianshan", "储云帆", "340882"),
    ("taihu", "叶思源", "340825"), ("susong", "石望江", "340826"), ("wangjiang", "檀景和", "340827"),
    ("yuexi", "王岳生", "340828"), ("yingjiang", "金澄秋", "340802"), ("daguan", "潘亦樵", "340803"),
    ("yixiu", "胡映川", "340811"), ("jingkai", "徐立本", "340871"), ("gaoxin", "章叔平", "hitech"),
    ("bureau2", "余之岭", "bureau"),
)  # fmt: skip

COUNTY_OF = {
    "340881": "桐城市", "340822": "怀宁县", "340882": "潜山市", "340825": "太湖县", "340826": "宿松县", "340827": "望江县",
    "340828": "岳西县", "340802": "迎江区", "340803": "大观区", "340811": "宜秀区",
}  # fmt: skip
SHARES = {"340881": 0.17, "340822": 0.14, "bureau": 0.12}


@dataclass
class World:
    """What later steps need of earlier ones."""

    chance: random.Random
    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    person_ids: list[int] = field(default_factory=list)
    keepers: list[Keeper] = field(default_factory=list)
    owners: list[Keeper] = field(default_factory=list)


def fill(*, people: int, seed: int, password: str | None, today: str | None, if_empty: bool) -> None:
    """Fill an empty database and print one login per role. Raises `NotPossible` where somebody works already."""
    if _is_inhabited():
        if if_empty:
            _print_logins(None)
            return
        raise NotPossible(N_("数据库里已经有人，演示数据只能放进空库。"))
    password = password or _fresh_password()
    day = dt.date.fromisoformat(today) if today else _today()
    with standing_at(dt.datetime.combine(day, dt.time(8, 30), ANQING).astimezone(dt.UTC)):
        _fill(World(random.Random(seed)), people, password)  # noqa: S311 - the same world for the same seed
    _print_logins(password)


def _fill(world: World, people: int, password: str) -> None:
    for name, step in (
        ("单位、字典、账号", lambda: _house(world, password)),
        (f"{people} 人", lambda: _people(world, people)),
        ("往来和待办", lambda: talks.fill(world)),
        ("大使、合伙人、引荐", lambda: network.fill(world)),
        ("两届大会", lambda: conference.fill(world)),
        ("商会和荣誉", lambda: bodies.fill(world)),
        ("项目", lambda: projects.fill(world)),
        ("核实、申请、合并", lambda: upkeep.fill(world)),
        ("标签、视图、人群、快照", lambda: lists.fill(world)),
    ):
        click.echo(f"  {name} …", err=True)
        step()
        db.session.commit()


def _house(world: World, password: str) -> None:
    furnish()
    world.units = {unit.code: unit for unit in units.units()}
    everybody = [
        *LOGINS,
        *(
            (login, name, Role.COUNTY if unit != "bureau" else Role.BUREAU, unit)
            for login, name, unit in OTHERS
        ),
    ]
    # Whoever shows the house chooses the word; it guards no real person, so the rules for passwords do not apply.
    password_hash = passwords.hashed(password)
    for login, name, role, code in everybody:
        mail = (
            Sealed(f"{login}@staff.example")
            if role not in (Role.AMBASSADOR, Role.PARTNER, Role.CHAMBER)
            else None
        )
        unit = world.units[code]
        world.users[login] = accounts.add_user(
            HOUSE, login=login, name=name, role=role, unit=unit, password_hash=password_hash, email=mail
        )
    for unit in world.units.values():
        _tell_whom_to_ask(world, unit)


def _tell_whom_to_ask(world: World, unit: Unit) -> None:
    staff = [user for user in world.users.values() if user.unit_id == unit.id and user.role in _CALLING]
    if not staff or unit.id is None:
        return
    accounts.edit_unit(
        HOUSE,
        unit,
        version=unit.version,
        name=unit.name,
        short_name=unit.short_name,
        display_order=unit.display_order,
        liaison_name=staff[0].name,
        liaison_phone=f"199-0000-{9000 + unit.id:04d}",
        confirmed=unit.confirmed_at is not None,
    )


def _people(world: World, count: int) -> None:
    world.keepers = [_keeper(world, unit) for unit in world.units.values() if unit.kind in _KEEPING]
    made = with_doubles(newcomers(count, keepers=world.keepers, chance=world.chance))
    officers = chambers.posts(made, world.chance)
    keeper_of = {keeper.unit_id: keeper for keeper in world.keepers}
    with bulk(HOUSE, Permission.HOUSEKEEPING, "demo.people") as work:
        organizations: dict[str, int] = {}
        for start in range(0, count, CHUNK):
            some = made[start : start + CHUNK]
            ids = create_many(work, some, organizations)
            held = [(ids[n - start], *officers[n]) for n in range(start, start + len(ids)) if n in officers]
            add_posts(work, [FurtherPost(*post) for post in held])
            world.person_ids += ids
            world.owners += [keeper_of[one.unit_id] for one in some]
            work.chunk_done()
    people.turn_birthdays(HOUSE)
    people.find_duplicates(HOUSE)


_KEEPING = (UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.GROUP)


def _keeper(world: World, unit: Unit) -> Keeper:
    staff = tuple(
        user.id or 0 for user in world.users.values() if user.unit_id == unit.id and user.role in _CALLING
    )
    share = SHARES.get(unit.code, 0.065 if unit.kind == UnitKind.COUNTY else 0.0012)
    return Keeper(unit_id=unit.id or 0, county=COUNTY_OF.get(unit.code, ""), user_ids=staff, share=share)


_CALLING = (Role.BUREAU, Role.COUNTY, Role.GROUP)


def _is_inhabited() -> bool:
    counting = unscoped_for(
        "is anybody here", sa.select(sa.func.count()).select_from(select(User.id).limit(1).subquery())
    )
    return bool(db.session.scalar(counting))


def _today() -> dt.date:
    return today()


def _fresh_password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(3))


def _print_logins(password: str | None) -> None:
    click.echo("演示账号（一个角色一个）：")
    for login, name, _role, _unit in LOGINS:
        click.echo(f"  {login:<11} {name}")
    click.echo(
        f"密码：{password}"
        if password
        else "密码：第一次运行时已显示；忘了就换一个空的 YISHANG_INSTANCE 再来。"
    )
