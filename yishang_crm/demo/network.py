"""An ambassador, a partner and a chamber's secretary with people entrusted to them, and what they introduced."""

import datetime as dt
from typing import TYPE_CHECKING

from yishang_crm.accounts import actors
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.demo.people import phone
from yishang_crm.network import actions
from yishang_crm.network.models import AppointmentKind
from yishang_crm.people import actions as people
from yishang_crm.people.models import Gender, Person, Tier
from yishang_crm.people.queries import people_by_ids

if TYPE_CHECKING:
    from yishang_crm.demo.world import World

# login, firm, title, native place, where they live, kind
_PARTNERS = (
    ("ambassador", "东莞市安庆商会", "常务副会长", "桐城市", "东莞", AppointmentKind.AMBASSADOR),
    ("partner", "上海市同舟生物医药有限公司", "董事长", "怀宁县", "上海", AppointmentKind.PARTNER),
    ("chamber", "上海安庆商会", "秘书长", "桐城市", "上海", AppointmentKind.AMBASSADOR),
)
_INTRODUCED = (
    ("许望江", "惠州市双溪包装有限公司", "总经理", "惠州", "想在家乡建二期，要40亩，问蒸汽和电价"),
    ("大枫轴承何总", "东莞市大枫轴承有限公司", "董事长", "东莞", "做汽车轴承，给几家整车厂配套，愿意来看看"),
    ("戴玉屏", "广州市练潭花木有限公司", "总经理", "广州", "花木基地，想找200亩连片的地"),
)  # fmt: skip


def fill(world: "World") -> None:
    """Each demo login of the portal is somebody, has a term, and keeps touch with a few."""
    liaison = actors.of_user(world.users["tongcheng"])
    for number, (login, firm, title, native, city, kind) in enumerate(_PARTNERS):
        person = _somebody(world, liaison, login, firm, title, native, city, number)
        appointment = actions.appoint(
            liaison,
            person,
            kind=kind,
            starts_on=today() - dt.timedelta(days=400),
            ends_on=today() + dt.timedelta(days=(695, 330, 48)[number]),
            certificate_number=f"宜招聘{today().year - 1}-{number + 1:03d}",
            region=city,
            liaison_id=liaison.id,
        )
        actions.join_account(HOUSE, appointment, person=person, login=login)
        _entrust(world, liaison, person)
    db.session.commit()
    _introduce(world, liaison)


def _somebody(
    world: "World", liaison: Actor, login: str, firm: str, title: str, native: str, city: str, number: int
) -> Person:  # fmt: skip
    return people.add_person(
        liaison,
        name=world.users[login].name,
        gender=Gender.MALE,
        tier=Tier.A,
        native_place=native,
        residence=city,
        phone=phone(8000 + number) if len(world.person_ids) < 8000 else phone(len(world.person_ids) + number),
        email=f"{login}@mail.example",
        organization=firm,
        title=title,
        source="招商大使聘任",
    )


def _entrust(world: "World", liaison: Actor, partner: Person) -> None:
    ours = [world.person_ids[n] for n, keeper in enumerate(world.owners) if keeper.unit_id == liaison.unit_id]
    for person in people_by_ids(liaison, world.chance.sample(ours, min(6, len(ours)))):
        actions.entrust(liaison, person, partner=partner)


def _introduce(world: "World", liaison: Actor) -> None:
    ambassador = actors.of_user(world.users["ambassador"])
    made = [
        actions.introduce(
            ambassador, name=name, organization=firm, title=title, city=city, what=what, may_be_named=True
        )
        for name, firm, title, city, what in _INTRODUCED
    ]
    actions.accept_introduction(liaison, made[0])
    actions.refuse_introduction(liaison, made[2], reason="连片200亩的地今年排满了，明年春天再联系您。")
