"""Where people live: China by provinces, a province by its cities, the world by countries; each figure is a link."""

from typing import Any

from flask import Blueprint, abort, current_app, g, request
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.web import needs, page
from yishang_crm.core.words import N_
from yishang_crm.people import queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.maps.outline import HEIGHT, WIDTH, Outline, outline
from yishang_crm.people.maps.shades import shades
from yishang_crm.people.places.localities import (
    CHINA,
    CHINA_ONLY,
    NOTHING,
    UNKNOWN,
    is_wide,
    localities,
    whole_key,
)
from yishang_crm.people.queries.whereabouts import Whereabouts
from yishang_crm.people.views.filtering import address, chips

# As the dictionary has them.
_REGIONS = (N_("亚洲"), N_("欧洲"), N_("北美洲"), N_("南美洲"), N_("非洲"), N_("大洋洲"))

bp = Blueprint("people_map", __name__, url_prefix="/people/map")


@bp.get("")
@needs(Permission.PEOPLE_READ)
def china() -> Any:
    """China by provinces: on tiles, or on the approved outline that the installation brought."""
    filters = _filters()
    found = queries.whereabouts(g.actor, filters)
    provinces = found.provinces()
    base, refused = _base()
    return page(
        "people/map/china.html",
        **_shared(filters, found, here="people_map.china"),
        tiles={(place.row, place.column): (place, count) for place, count in provinces},
        counts={place.key: count for place, count in provinces},
        names={place.key: place.called for place, _count in provinces},
        shades=shades(count for _place, count in provinces),
        rows=_rows(filters, [(one.called, one.key, count) for one, count in provinces])
        + _rows(filters, [(_("只写了中国"), CHINA_ONLY, found.at(CHINA_ONLY))]),
        base=base,
        refused=refused,
        size=(WIDTH, HEIGHT),
    )


@bp.get("/world")
@needs(Permission.PEOPLE_READ)
def world() -> Any:
    filters = _filters()
    found = queries.whereabouts(g.actor, filters)
    regions = []
    for region, lives in found.countries():
        rows = _rows(filters, [(one.called, one.key, count) for one, count in lives])
        if region == _REGIONS[0]:
            rows = _rows(filters, [(localities().called(CHINA), CHINA, found.at(CHINA))]) + rows
        if rows:
            regions.append((_(region), rows, sum(count for _name, count, _href in rows)))
    return page("people/map/world.html", **_shared(filters, found, here="people_map.world"), regions=regions)


@bp.get("/<province>")
@needs(Permission.PEOPLE_READ)
def province(province: str) -> Any:
    place = localities().by_key.get(province)
    if place is None or place.kind != "province":
        abort(404)
    filters = _filters()
    found = queries.whereabouts(g.actor, filters)
    cities = found.cities(province)
    told = [(one.called, one.key, count) for one, count in cities]
    only = _("只写到省") if cities else place.called
    return page(
        "people/map/province.html",
        **_shared(filters, found, here="people_map.province", province=province),
        place=place,
        total_here=(found.at(province), address(filters, lives=province)),
        rows=_rows(filters, [*told, (only, whole_key(province), found.at(whole_key(province)))]),
        empty=sum(not count for _one, count in cities),
    )


def _filters() -> Filters:
    # The map itself says where; a place that the list asked for is one of its figures.
    return Filters.read(request.args).but(lives="", sort="")


def _shared(filters: Filters, found: Whereabouts, *, here: str, **place: str) -> dict[str, Any]:
    def listed(key: str) -> str:
        return address(filters, lives=key)

    return {
        "total": (found.total, address(filters)),
        "parts": [
            (_("中国"), found.at(CHINA), listed(CHINA), address(filters, "people_map.china")),
            (_("国外"), found.abroad, "", address(filters, "people_map.world")),
            (_("没认出来的地方"), found.at(UNKNOWN), listed(UNKNOWN), ""),
            (_("没写常驻地"), found.at(NOTHING), listed(NOTHING), ""),
        ],
        "listed": listed,
        "opened": lambda key: (
            address(filters, "people_map.province", province=key) if is_wide(key) else listed(key)
        ),
        "chips": chips(filters, queries.labels(g.actor, filters), here, **place),
        "here": here,
        "of_china": address(filters, "people_map.china"),
        "of_world": address(filters, "people_map.world"),
    }


def _rows(filters: Filters, told: list[tuple[str, str, int]]) -> list[tuple[str, int, str]]:
    """Name, figure and list of each place where somebody lives, the most first."""
    lives = sorted((one for one in told if one[2]), key=lambda one: -one[2])
    return [(name, count, address(filters, lives=key)) for name, key, count in lives]


def _base() -> tuple[Outline | None, NotPossible | None]:
    """The installation's outline map, or why it may not be used."""
    try:
        return outline(current_app.config["SETTINGS"].folder), None
    except NotPossible as refusal:
        return None, refusal
