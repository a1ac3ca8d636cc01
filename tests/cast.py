"""The cast: each page is tried as the one who may, the one who may look only, the one from another unit, a stranger."""

from dataclasses import dataclass

from flask.testing import FlaskClient

from yishang_crm.accounts import actions, actors, queries
from yishang_crm.accounts.models import Role, UnitKind
from yishang_crm.core.actor import HOUSE, Actor

PASSWORD = "江水东流去也-2026"

UNITS = [
    ("bureau", "安庆市投资促进局", "市局", UnitKind.BUREAU, 0),
    ("340881", "桐城市投资促进中心", "桐城", UnitKind.COUNTY, 10),
    ("340822", "怀宁县投资促进中心", "怀宁", UnitKind.COUNTY, 20),
    ("group-01", "第一招商组", "一组", UnitKind.GROUP, 200),
    ("outside", "招商伙伴", "伙伴", UnitKind.OUTSIDE, 900),
]

USERS = [
    ("bureau", "程景明", Role.BUREAU, "bureau"),
    ("organizer", "李会然", Role.ORGANIZER, "bureau"),
    ("leader", "方知远", Role.LEADER, "bureau"),
    ("tongcheng", "汪澄", Role.COUNTY, "340881"),
    ("tongcheng2", "查静", Role.COUNTY, "340881"),
    ("huaining", "操望舒", Role.COUNTY, "340822"),
    ("desk", "周泊远", Role.DESK, "bureau"),
    ("admin", "管系统", Role.ADMIN, "bureau"),
    ("security", "管安全", Role.SECURITY, "bureau"),
    ("auditor", "管审计", Role.AUDITOR, "bureau"),
    ("ambassador", "程守默", Role.AMBASSADOR, "outside"),
    ("partner", "琚成林", Role.PARTNER, "outside"),
    ("chamber", "石礼安", Role.CHAMBER, "outside"),
]


def arrange_cast() -> None:
    """Put the units and users into an empty database, through the room's own actions."""
    units = {
        code: actions.add_unit(HOUSE, code=code, name=name, short_name=short, kind=kind, display_order=order)
        for code, name, short, kind, order in UNITS
    }
    for login, name, role, unit in USERS:
        actions.add_user(HOUSE, login=login, name=name, role=role, unit=units[unit], password=PASSWORD)


@dataclass(frozen=True)
class Cast:
    """`bureau` sees all and may; `tongcheng` and `tongcheng2` work in one county; `huaining` in another;
    `leader` sees all and may only look; `stranger` has not signed in."""

    bureau: Actor
    organizer: Actor
    leader: Actor
    tongcheng: Actor
    tongcheng2: Actor
    huaining: Actor
    desk: Actor
    admin: Actor
    security: Actor
    auditor: Actor
    ambassador: Actor
    partner: Actor
    chamber: Actor
    stranger: Actor = actors.ANYBODY

    @classmethod
    def gathered(cls) -> "Cast":
        return cls(**{login: actors.of_login(login) for login, *_ in USERS})


def unit_id(code: str) -> int:
    unit = queries.unit_by_code(code)
    assert unit is not None
    assert unit.id is not None
    return unit.id


def signed_in(client: FlaskClient, login: str) -> FlaskClient:
    """The client, signed in through the door like everybody."""
    answer = client.post("/login", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
