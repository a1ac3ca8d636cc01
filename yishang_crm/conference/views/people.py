"""What this room adds to the people list and the palette: guests of an edition, and the editions themselves."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext

from yishang_crm.conference import queries
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.palette import Asked, Group, Row, add_group
from yishang_crm.core.words import N_
from yishang_crm.people import filters as reading
from yishang_crm.people.filters import Choices, Filter, add_filter
from yishang_crm.people.names import initials, readings


def open_people() -> None:
    """Called once, when the room is opened."""
    read = Permission.CONFERENCE_READ
    add_filter(
        Filter(
            "edition",
            N_("大会来宾"),
            reading.row_id,
            queries.are_guests_of,
            _said,
            _choices,
            "one",
            order=60,
            permission=read,
        )
    )
    add_group(Group("editions", lazy_gettext("大会"), _editions, read, order=30, most=2))


def _choices(_actor: Actor) -> Choices:
    return [(str(edition.id), edition.name) for edition in queries.editions()]


def _said(value: str) -> Any:
    return next((edition.name for edition in queries.editions() if str(edition.id) == value), value)


def _editions(_actor: Actor, asked: Asked) -> list[Row]:
    """By part of the name, the year in the address, or as it is read."""
    typed = asked.text.lower()
    found = [
        edition
        for edition in queries.editions()
        if not typed
        or typed in edition.name.lower()
        or typed in edition.slug
        or _is_read(edition.name, typed)
    ]
    return [Row(url_for("conference.board", slug=one.slug), one.name, "", "gate") for one in found]


def _is_read(name: str, typed: str) -> bool:
    return typed.isascii() and any(way.startswith(typed) for way in (*readings(name), *initials(name)))
