"""The dictionary of native places: entries added, changed, confirmed. Nobody's record is rewritten by it."""

from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.models import CONFIRMED, UNCONFIRMED, Place
from yishang_crm.people.queries import dictionary as reading


@action(Permission.PEOPLE_PLACES)
def add_place(actor: Actor, *, confirmed: bool = False, **values: Any) -> Place:
    """Add an entry. Raises `NotPossible` when its name or an alias is another's already."""
    values = _tidied(values)
    place = Place(**values, state=CONFIRMED if confirmed else UNCONFIRMED)
    _must_make_sense(place)
    db.session.add(place)
    return place


@action(Permission.PEOPLE_PLACES)
def edit_place(actor: Actor, place: Place, *, version: int, confirmed: bool, **values: Any) -> None:
    """Change an entry; files are read by it from here on. Towns follow a county that takes another name. Raises `Stale`."""
    place.must_be_version(version)
    was = place.name
    place.edit(confirmed=confirmed, **_tidied(values))
    _must_make_sense(place)
    if was != place.name and not place.is_town:
        for town in reading.counties_and_towns(of=was):
            town.parent = place.name
            town.version += 1


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    """Aliases as they are kept: divided by `|`, each once, never the name itself."""
    text = values.get("aliases", "")
    for mark in "、，,；; \n\r\t/":
        text = text.replace(mark, "|")
    aliases = dict.fromkeys(alias for alias in text.split("|") if alias and alias != values.get("name"))
    return values | {
        "aliases": "|".join(aliases),
        "parent": values["parent"] if values["level"] == "town" else "安庆市",
    }


def _must_make_sense(place: Place) -> None:
    if place.is_town and reading.county_named(place.parent) is None:
        raise NotPossible(N_("字典里没有“%(name)s”这个县市区，请先添上。"), name=place.parent)
    if len(place.aliases) > 300:
        raise NotPossible(N_("别名太多了，合起来最多300个字。"))
    spellings = [place.name] if place.is_town else place.spellings
    other = reading.known_as(spellings, but=place.id, towns_of=place.parent if place.is_town else None)
    if other is not None:
        raise NotPossible(
            N_("“%(name)s”里已经有这个名称或别名，导入时会分不清。请改用别的写法。"), name=other.name
        )
