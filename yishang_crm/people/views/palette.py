"""The palette: people, organizations, editions, places to go, things to do; without script it is the search page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.palette import MOST_PLACES, MOST_ROWS, Asked, Group, Row, add_group, groups_for
from yishang_crm.core.web import needs, page, panels
from yishang_crm.core.words import N_
from yishang_crm.people import names, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import Person
from yishang_crm.people.views.listing import bp

_PREFIXES = {"@": "@", "＠": "@", "#": "#", "＃": "#", ">": ">", "＞": ">", "》": ">", "?": "?", "？": "?"}
_HELP = (("@", N_("只找人")), ("#", N_("只找单位")), (">", N_("去哪一页、做什么事")))


@bp.get("/palette")
@needs(Permission.PEOPLE_READ)
def palette() -> Any:
    """Groups with at most twelve rows in all."""
    text = request.args.get("q", "")[:200].strip()
    groups = _help() if _prefix(text) == "?" else _found(text)
    return page("people/palette.html", "people/_palette.html", q=text, groups=groups)


@bp.get("/palette/people/<int:person_id>")
@needs(Permission.PEOPLE_READ)
def verbs(person_id: int) -> Any:
    """What can be done with a person: what Tab shows."""
    person = queries.person(g.actor, person_id) or abort(404)
    groups = [(person.name, _verbs(person))]
    return page("people/palette.html", "people/_palette.html", q="", groups=groups)


def open_groups() -> None:
    """The groups of this room; called once, when it is opened."""
    read = Permission.PEOPLE_READ
    add_group(Group("here", lazy_gettext("这一页"), _here, read, order=0, most=4, is_listed=True))
    add_group(Group("people", lazy_gettext("人脉"), _people, read, order=10, prefix="@", most=6))
    add_group(
        Group("organizations", lazy_gettext("单位"), _organizations, read, order=20, prefix="#", most=3)
    )
    add_group(
        Group(
            "people-places", lazy_gettext("前往"), _places, read, order=41, prefix=">", most=3, is_listed=True
        )
    )
    add_group(
        Group(
            "people-deeds",
            lazy_gettext("办事"),
            _deeds,
            read,
            order=50,
            prefix=">",
            most=6,
            is_listed=True,
            does=True,
        )
    )


def _prefix(text: str) -> str:
    return _PREFIXES.get(text[:1], "")


def _found(text: str) -> list[tuple[Any, list[Row]]]:
    prefix = _prefix(text)
    asked = _asked(text[1:].strip() if prefix else text)
    left, found = MOST_ROWS, {}
    groups = groups_for(g.actor, prefix=prefix)
    is_bare = prefix == ">" and not asked.text
    if is_bare:  # what can be done is asked for by this sign alone; where to go stands in the rail as well
        groups.sort(key=lambda group: not group.does)
    for group in groups:
        most = min(left, MOST_ROWS if prefix else group.most)
        if is_bare:
            room = group.most if group.does else MOST_PLACES - len(found.get(str(group.title), ()))
            most = min(left, room)
        if not most:
            continue
        rows = list(group.find(g.actor, asked))
        rows = _answering(rows, asked.text) if group.is_listed else rows
        if rows:
            found.setdefault(str(group.title), []).extend(rows[:most])
            left -= len(rows[:most])
    if (
        asked.text
        and prefix in ("", "@")
        and left
        and any(row.verbs for rows in found.values() for row in rows)
    ):
        row = Row(url_for("people.index", q=asked.text), _("在列表中打开"), asked.text, "search")
        found.setdefault(_("人脉"), []).append(row)
    return list(found.items())


def _asked(text: str) -> Asked:
    """With the page the palette was opened on, as htmx tells it."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if not here.path:
        return Asked(text)
    try:
        endpoint, values = current_app.url_map.bind(request.host).match(here.path)
    except HTTPException:
        return Asked(text)
    return Asked(text, endpoint, {**values, "?": here.query})


def _answering(rows: Sequence[Row], text: str) -> list[Row]:
    """Rows whose label holds what was typed, or is read so: 人脉 answers to 脉, rm and renmai."""
    if not text:
        return list(rows)
    typed = text.lower()
    return [row for row in rows if _answers(str(row.label), typed)]


def _answers(label: str, typed: str) -> bool:
    plain = label.lower()
    if typed in plain:
        return True
    if not typed.isascii():
        return False
    return any(way.startswith(typed) for way in (*names.readings(label), *names.initials(label)))


def _help() -> list[tuple[Any, list[Row]]]:
    rows = [Row(url_for("people.palette", q=sign), _(said), "", "search", sign) for sign, said in _HELP]
    return [(_("怎么找"), rows)]


def _here(actor: Actor, asked: Asked) -> list[Row]:
    """The acts of the page it was opened on: a person's, or the list's."""
    if asked.endpoint in ("person.show", "person.panel"):
        person = queries.person(actor, asked.values["person_id"])
        return _verbs(person) if person else []
    if asked.endpoint == "people.index":
        query = f"?{asked.values['?']}" if asked.values["?"] else ""
        return [
            Row(f"{url_for('people_views.new')}{query}", _("存为视图"), "", "save"),
            Row(f"{url_for('snapshot.new')}{query}", _("留存快照"), "", "flag"),
            Row(f"{url_for('people.columns')}{query}", _("选择列"), "", "cols"),
            Row(f"{url_for('segment.new')}{query}", _("存为人群"), "", "people"),
        ]
    return []


def _verbs(person: Person) -> list[Row]:
    rows = [
        Row(url_for("person.show", person_id=person.id), _("打开%(name)s", name=person.name), "", "people")
    ]
    if g.actor.may(Permission.FOLLOWUP_LOG):
        href = url_for("person.show", person_id=person.id, _anchor="log")
        rows.append(Row(href, _("记一笔"), "", "log", "L"))
    rows += [
        Row(url_for(door.endpoint, person_id=person.id), _(door.title), "", "task")
        for door in panels("person-act", about=person)
    ]
    if g.actor.may(Permission.PEOPLE_WRITE):
        rows.append(Row(url_for("person.edit", person_id=person.id), _("修改"), "", "gear", "E"))
    if g.actor.may(Permission.PEOPLE_OPEN_CONTACT):
        rows.append(
            Row(url_for("person.show", person_id=person.id, _anchor="contacts"), _("联系方式"), "", "phone")
        )
    return rows


def _people(actor: Actor, asked: Asked) -> list[Row]:
    """Nothing typed: those lately in touch."""
    if asked.text:
        people = queries.listed(actor, Filters(q=asked.text)).people[:MOST_ROWS]
    else:
        people = queries.lately_met(actor, most=5)
    return [
        Row(
            url_for("person.show", person_id=card.person.id),
            card.person.name,
            f"{card.post} {card.person.native_place}".strip(),
            "people",
            verbs=url_for("people.verbs", person_id=card.person.id),
            stands=card.person.standing,
        )
        for card in queries.cards(actor, people)
    ]


def _organizations(actor: Actor, asked: Asked) -> list[Row]:
    if not asked.text:
        return []
    return [
        Row(url_for("organization.show", organization_id=one.id), one.name, one.seat, "org")
        for one in queries.organizations_found(actor, asked.text)
    ]


def _places(_actor: Actor, _asked: Asked) -> list[Row]:
    return [
        Row(url_for("organization.index"), _("单位"), "", "org"),
        Row(url_for("people_views.index"), _("视图"), "", "cols"),
        Row(url_for("segment.index"), _("人群"), "", "people"),
        Row(url_for("snapshot.index"), _("快照"), "", "flag"),
        Row(url_for("tag.index"), _("标签"), "", "pin"),
    ]


def _deeds(actor: Actor, _asked: Asked) -> list[Row]:
    deeds = (
        (Permission.PEOPLE_WRITE, "person.new", _("添一个人"), "plus"),
        (Permission.PEOPLE_IMPORT, "people_import.index", _("导入名册"), "tray"),
        (Permission.PEOPLE_WRITE, "organization.new", _("添一个单位"), "org"),
        (Permission.PEOPLE_WRITE, "duplicates.index", _("查重"), "two"),
        (Permission.PEOPLE_EXPORT, "people_export.new", _("导出"), "save"),
    )
    return [Row(url_for(page), label, "", icon) for needed, page, label, icon in deeds if actor.may(needed)]
