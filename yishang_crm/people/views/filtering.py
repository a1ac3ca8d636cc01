"""The room's own conditions and columns of the list, and how addresses, chips and forms say them."""

from collections.abc import Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import UnitKind
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.words import N_
from yishang_crm.people import filters as reading
from yishang_crm.people import queries, words
from yishang_crm.people.columns import Column, add_column
from yishang_crm.people.filters import Filter, Filters, add_filter, filter_named, filters_for
from yishang_crm.people.models import Gender, Person, PersonState, Tier
from yishang_crm.people.places.localities import KEY, NOTHING, UNKNOWN, localities
from yishang_crm.people.queries import conditions
from yishang_crm.people.queries.kept import Labels, in_segment, in_snapshot

_OWNERS = {"me": N_("我"), "none": N_("还没有人")}
_HAS = {"phone": N_("有电话"), "nophone": N_("没有电话"), "mail": N_("有邮箱"), "nomail": N_("没有邮箱")}
_BEFORE = {
    "never": N_("从未核对"),
    "180d": N_("半年没核对"),
    "365d": N_("一年没核对"),
    "730d": N_("两年没核对"),
}
_SILENT = {"yes": N_("要求不再联系"), "no": N_("可以联系")}
_ROWS = {
    "firm": N_("单位"),
    "formerly": N_("单位"),
    "owner": N_("同事"),
    "batch": N_("批次"),
}  # else the label says what it is
_GENDERS = {"male": N_("男"), "female": N_("女"), "unknown": N_("未知")}


def open_filters() -> None:
    """The conditions of this room; called once, when it is opened."""
    short, rows = reading.short_text, reading.row_id
    of = conditions
    for wanted in (
        Filter("q", N_("搜索"), reading.typed(200), of.searched, order=0),
        Filter("owner", N_("联系人"), reading.owner, of.owned, _said(_OWNERS), _owners, "one", order=10, names_rows=True),
        Filter("unit", N_("单位"), rows, of.kept_by_unit, None, _units, "one", order=11, names_rows=True),
        Filter("tag", N_("标签"), reading.some_ids, of.tagged, None, _tags, "many", order=12, names_rows=True),
        Filter("tier", N_("等级"), reading.some_of(Tier), of.of_tier, None, lambda _: words.choices(Tier), "many", order=13),
        Filter("state", N_("状态"), reading.some_of(PersonState), of.in_state, lambda value: words.say(PersonState(value)),
               lambda _: words.choices(PersonState), "many", order=14),
        Filter("place", N_("籍贯"), short(40), of.from_place, None, _counties, "one", order=20),
        Filter("residence", N_("常驻"), reading.some_words, of.residing, order=21, hint=N_("几个城市用逗号隔开")),
        Filter("lives", N_("住在"), reading.matching(KEY), of.living_at, _lives_said, kind="kept", order=22),
        Filter("chain", N_("产业"), short(60), of.in_industry, order=23),
        Filter("gender", N_("性别"), reading.one_of(_GENDERS), of.of_gender, _said(_GENDERS), _choices(_GENDERS), "one",
               order=24),
        Filter("firm", N_("现任职于"), rows, of.employed_at, kind="kept", order=25, names_rows=True),
        Filter("formerly", N_("曾任职于"), rows, of.formerly_at, kind="kept", order=26, names_rows=True),
        Filter("has", N_("联系方式"), reading.some_of(_HAS), of.reachable, _said(_HAS), _choices(_HAS), "many", order=30),
        Filter("confirmed", N_("核对"), reading.before, of.confirmed_before, _say_before, _choices(_BEFORE), "since", order=31),
        Filter("silent", N_("勿扰"), reading.one_of(_SILENT), of.silent, _said(_SILENT), _choices(_SILENT), "one", order=32),
        Filter("source", N_("来源"), short(120), of.from_source, order=40, hint=N_("与记录上的来源一字不差")),
        Filter("batch", N_("导入批次"), rows, of.of_batch, None, _batches, "one", order=41, names_rows=True),
        Filter("segment", N_("人群"), rows, in_segment, None, _segments, "one", order=50, names_rows=True),
        Filter("snapshot", N_("快照"), rows, in_snapshot, None, _snapshots, "one", order=51, names_rows=True),
    ):  # fmt: skip
        add_filter(wanted)


def open_columns() -> None:
    """The columns of this room; the name always stands first and is none of them."""
    read = Permission.PEOPLE_READ
    for name, title, order, usual, sort, fact, load in (
        ("tier", N_("级"), 10, True, "tier", "tier", None),
        ("post", N_("单位职务"), 11, True, "", "", None),
        ("residence", N_("常驻"), 12, True, "", "residence", None),
        ("place", N_("籍贯"), 13, True, "", "native_place", None),
        ("tags", N_("标签"), 14, True, "", "tags", queries.tags_of_people_for),
        ("industry", N_("产业"), 20, False, "", "industry", None),
        ("state", N_("状态"), 21, False, "", "state", None),
        ("gender", N_("性别"), 22, False, "", "gender", None),
        ("owner", N_("联系人"), 23, False, "", "owner", queries.owners_for),
        ("unit", N_("负责单位"), 24, False, "unit", "", queries.units_for),
        ("phone", N_("电话"), 25, False, "", "", queries.phones_for),
        ("confirmed", N_("核对"), 26, False, "", "", None),
        ("source", N_("来源"), 27, False, "", "source", None),
        ("added", N_("记入"), 28, False, "", "", None),
    ):
        add_column(Column(name, lazy_gettext(title), "", load, read, order, usual, sort, fact))


# Choices of the form


def _units(actor: Actor) -> Sequence[tuple[str, Any]]:
    if not actor.sees_all:
        return []
    found = accounts.units(kinds=[UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.GROUP])
    return [(str(unit.id), unit.short_name) for unit in found if unit.is_open]


def _owners(actor: Actor) -> Sequence[tuple[str, Any]]:
    return [*_choices(_OWNERS)(actor), *((str(user.id), user.name) for user in liaisons(actor))]


def liaisons(actor: Actor) -> list[Any]:
    """Colleagues who may keep people."""
    return [user for user in accounts.colleagues(actor) if Permission.PEOPLE_WRITE in TERMS[user.role].may]


def _tags(actor: Actor) -> Sequence[tuple[str, Any]]:
    return [(str(tag.id), tag.name) for tag in queries.tags(actor)]


def _counties(_actor: Actor) -> Sequence[tuple[str, Any]]:
    return [(name, name) for name in queries.counties()]


def _batches(actor: Actor) -> Sequence[tuple[str, Any]]:
    return [(str(batch.id), batch.file_name) for batch in queries.batches(actor) if batch.written_at]


def _segments(actor: Actor) -> Sequence[tuple[str, Any]]:
    return [(str(segment.id), segment.name) for segment in queries.segments(actor)]


def _snapshots(actor: Actor) -> Sequence[tuple[str, Any]]:
    return [(str(snapshot.id), snapshot.name) for snapshot in queries.snapshots(actor)]


def _lives_said(key: str) -> Any:
    """A place of residence as a filter says it."""
    if key == UNKNOWN:
        return _("没认出来的地方")
    return _("没写常驻地") if key == NOTHING else localities().called(key)


def _choices(said: dict[str, str]) -> Any:
    return lambda _actor: [(value, lazy_gettext(sentence)) for value, sentence in said.items()]


def _said(said: dict[str, str]) -> Any:
    return lambda value: lazy_gettext(said[value]) if value in said else value


def _say_before(value: str) -> Any:
    if value in _BEFORE:
        return _(_BEFORE[value])
    if value.endswith("d"):
        return _("%(days)s天没核对", days=value[:-1])
    return _("%(day)s以前", day=value)


# Addresses and chips


def address(filters: Filters, endpoint: str = "people.index", **changes: Any) -> str:
    """The list's address with some conditions changed, or that of another view of the same list; a change begins at the
    first page."""
    beside = {name: changes.pop(name, None) for name in ("view", "page", "province")}
    return url_for(endpoint, **filters.but(**changes).said, **{n: v for n, v in beside.items() if v})


def said_values(filters: Filters, name: str, labels: Labels) -> str:
    """The values of one condition in words."""
    known = filter_named(name)
    if known is None:
        return ""
    values = filters.values(name) if known.kind == "many" or name == "residence" else [filters.said[name]]

    def one(value: str) -> str:
        if known.names_rows and value.isdigit():
            return labels.say(name, value) or _("没有这个%(what)s", what=_(_ROWS.get(name, known.label)))
        return str(known.say(value)) if known.say else value

    return "、".join(one(value) for value in values)


def chips(
    filters: Filters, labels: Labels, endpoint: str = "people.index", **beside: Any
) -> list[tuple[str, str, str]]:
    """Label, value and the address without it, of each condition in force."""
    return [
        (
            _(known.label),
            said_values(filters, known.name, labels),
            address(filters, endpoint, **beside, **{known.name: ""}),
        )
        for known in filters_for(g.actor)
        if known.name in filters.conditions
    ]


def in_words(filters: Filters, labels: Labels | None = None) -> str:
    """All conditions in one line; everybody where there is none."""
    labels = labels if labels is not None else queries.labels(g.actor, filters)
    said = [f"{label}：{value}" for label, value, _without in chips(filters, labels)]
    return "；".join(said) or _("全部")


def person_ids(people: Sequence[Person]) -> list[int]:
    return [person.id or 0 for person in people]


def gender_said(person: Person) -> Any:
    return words.say(Gender(person.gender)) if person.gender else ""
