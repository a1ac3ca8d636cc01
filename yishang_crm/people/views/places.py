"""The dictionary of native places: looked through, added to, corrected by the bureau."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.models import Place
from yishang_crm.people.places.forms import LEVELS, PlaceForm
from yishang_crm.people.queries import dictionary as reading

bp = Blueprint("place", __name__, url_prefix="/people/places")


@bp.get("")
@needs(Permission.PEOPLE_PLACES)
def index() -> Any:
    of = request.args.get("of", "")[:40]
    rows = reading.counties_and_towns(of=of)
    people = reading.people_who_wrote(g.actor, [row.name for row in rows], county=of)
    natives = sum(people.get(row.name, 0) for row in rows if row.counts_as_native)
    return page(
        "people/places/index.html",
        rows=rows,
        of=of,
        people=people,
        natives=natives,
        towns=reading.towns_per_county() if not of else {},
        levels=LEVELS,
        waiting=sum(not row.is_confirmed for row in rows),
    )


@bp.get("/new")
@needs(Permission.PEOPLE_PLACES)
def new() -> Any:
    of = request.args.get("of", "")[:40]
    form = PlaceForm(
        formdata=None, level="town" if of else "county", parent=of, counts_as_native=True, display_order=0
    )
    return page("people/places/new.html", form=form, counties=queries.counties())


@bp.post("")
@needs(Permission.PEOPLE_PLACES)
def add() -> Any:
    form = PlaceForm()
    if not form.validate():
        return page("people/places/new.html", form=form, counties=queries.counties(), status=422)
    place = actions.add_place(g.actor, **form.values)
    flash(_("已添上“%(name)s”，以后的名册照此认。", name=place.name), "done")
    return done(then=_list_of(place))


@bp.get("/<int:place_id>")
@needs(Permission.PEOPLE_PLACES)
def edit(place_id: int) -> Any:
    place = reading.place(place_id) or abort(404)
    form = PlaceForm(formdata=None, obj=place, confirmed=place.is_confirmed)
    form.aliases.data = "、".join(place.spellings[1:])
    return _page(place, form)


@bp.post("/<int:place_id>")
@needs(Permission.PEOPLE_PLACES)
def save(place_id: int) -> Any:
    place = reading.place(place_id) or abort(404)
    form = PlaceForm()
    if not form.validate():
        return _page(place, form, status=422)
    if form.version.data != place.version:
        return _page(place, form, theirs=_theirs(place, form), status=Stale.status)
    actions.edit_place(g.actor, place, version=form.version.data, **form.values)
    flash(_("已保存，以后的名册照此认；已有的人仍按原来的写法。"), "done")
    return done(then=_list_of(place))


def _page(place: Place, form: PlaceForm, *, status: int = 200, theirs: dict[str, Any] | None = None) -> Any:
    county = place.parent if place.is_town else ""
    wrote = reading.people_who_wrote(g.actor, place.spellings, county=county)
    return page(
        "people/places/edit.html",
        status=status,
        place=place,
        form=form,
        theirs=theirs or {},
        wrote=wrote,
        counties=queries.counties(),
    )


def _theirs(place: Place, form: PlaceForm) -> dict[str, tuple[Any, Any]]:
    """What differs; saving again takes what was typed here."""
    form.version.data = place.version
    form.version.raw_data = None
    standing = {name: getattr(place, name) for name in ("name", "level", "parent", "code", "display_order", "valid_to",
                                                        "counts_as_native", "remark")}  # fmt: skip
    standing |= {"aliases": "、".join(place.spellings[1:]), "confirmed": place.is_confirmed}
    return {name: (form[name].data, value) for name, value in standing.items() if form[name].data != value}


def _list_of(place: Place) -> str:
    return url_for("place.index", of=place.parent if place.is_town else None)
