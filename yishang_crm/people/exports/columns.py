"""What a list that leaves may say of each person: one entry a column, in the order offices are used to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.clock import local, today
from yishang_crm.core.words import N_
from yishang_crm.people.birthdays import nominal_age, said_lunar
from yishang_crm.people.models import ContactPoint, Person, PersonState


@dataclass
class Line:
    """One person as a list needs them; contact points are sealed until a permit is open."""

    person: Person
    organization: str = ""
    title: str = ""
    unit: str = ""
    liaison: str = ""
    contacts: Sequence[ContactPoint] = field(default_factory=tuple)

    def opened(self, *kinds: str) -> list[str]:
        """Their numbers or addresses of these kinds, the preferred one first. Only under a permit."""
        return [
            one.value.whole() for one in self.contacts if one.kind.value in kinds and one.state.value == "ok"
        ]


@dataclass(frozen=True)
class Column:
    """One column: its key, its head, its width in characters, and how its cell is said. `sealed`: opens what is sealed."""

    key: str
    title: str
    width: float
    say: Callable[[Line, Callable[[Any], str]], str]
    sealed: bool = False


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("name", N_("姓名"), 10, lambda line, _: line.person.name),
        Column("gender", N_("性别"), 6, lambda line, say: say(line.person.gender)),
        Column("birth", N_("出生"), 12, lambda line, _: _birth(line.person)),
        Column(
            "nominal_age",
            N_("虚岁"),
            6,
            lambda line, _: str(nominal_age(line.person.born, today=today()) or ""),
        ),
        Column("organization", N_("单位"), 30, lambda line, _: line.organization),
        Column("title", N_("职务"), 16, lambda line, _: line.title),
        Column("native_place", N_("籍贯"), 10, lambda line, _: line.person.native_place),
        Column("native_town", N_("乡镇街道"), 12, lambda line, _: line.person.native_town),
        Column("residence", N_("常驻"), 12, lambda line, _: line.person.residence),
        Column("industry", N_("产业"), 14, lambda line, _: line.person.industry),
        Column("tier", N_("等级"), 6, lambda line, _: line.person.tier.value),
        Column("state", N_("状态"), 12, lambda line, say: _state(line.person, say)),
        Column("unit", N_("联系单位"), 12, lambda line, _: line.unit),
        Column("liaison", N_("联系人"), 10, lambda line, _: line.liaison),
        Column("confirmed", N_("核对日期"), 12, lambda line, _: _confirmed(line.person)),
        Column("source", N_("来源"), 20, lambda line, _: line.person.source),
        Column("note", N_("备注"), 24, lambda line, _: line.person.note),
        Column(
            "phone", N_("电话"), 17, lambda line, _: "、".join(line.opened("mobile", "landline")), sealed=True
        ),
        Column("email", N_("邮箱"), 22, lambda line, _: "、".join(line.opened("email")), sealed=True),
        Column("wechat", N_("微信号"), 16, lambda line, _: "、".join(line.opened("wechat")), sealed=True),
    )
}
USUAL = ("name", "gender", "organization", "title", "native_place", "residence", "state", "unit")


def known(keys: Sequence[str]) -> list[str]:
    """Those of the keys that are columns, each once, in the order given."""
    return [key for key in dict.fromkeys(keys) if key in COLUMNS]


def are_sealed(keys: Sequence[str]) -> bool:
    """Whether any of these columns opens what is sealed."""
    return any(COLUMNS[key].sealed for key in known(keys))


def _birth(person: Person) -> str:
    if not person.born.is_lunar:
        return person.birth
    year = f"{person.birth_year}年" if person.birth_year else ""
    return f"农历{year}{said_lunar(person.born)}" if person.birth else ""


def _state(person: Person, say: Callable[[Any], str]) -> str:
    # Who asked to be left alone is said wherever the list goes.
    parts = [] if person.state == PersonState.ACTIVE and person.do_not_contact_at else [say(person.state)]
    return "、".join([*parts, *(["勿联系"] if person.do_not_contact_at else [])])


def _confirmed(person: Person) -> str:
    return f"{local(person.confirmed_at):%Y-%m-%d}" if person.confirmed_at else ""
