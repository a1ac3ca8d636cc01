"""The people list: its address is the view. Conditions, columns, and the selection that acts begin with."""

from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, flash, g, get_template_attribute, request
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.pages import place
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.acts import acts_for
from yishang_crm.people.columns import cells_for, columns_for, shown_columns
from yishang_crm.people.filters import Filters, filters_for
from yishang_crm.people.queries.listing import COUNTED_UP_TO
from yishang_crm.people.queries.persons import PAGE
from yishang_crm.people.views import filtering

bp = Blueprint("people", __name__)


@bp.get("/people")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters = Filters.read(request.args)
    layout = queries.layout(g.actor, view_asked(), filters)
    found = queries.listed(g.actor, filters, page=asked.page_number(request.args))
    shown = shown_columns(g.actor, layout.columns)
    view = layout.view
    return page(
        "people/index.html",
        "people/_list.html",
        filters=filters,
        view=view,
        is_changed=view is not None and Filters.read(view.filters) != filters,
        may_keep=view is not None and view.user_id == g.actor.id,
        cards=queries.cards(g.actor, found.people),
        columns=shown,
        cells=cells_for(g.actor, found.people, shown),
        chips=filtering.chips(filters, layout.labels, view=view.id if view else None),
        acts=acts_for(g.actor),
        may=g.actor.may,
        P=Permission,
        of_map=filtering.address(filters, "people_map.china", lives="", sort=""),
        sees_all=g.actor.sees_all,
        drawn={
            column.name: get_template_attribute(column.template, "cell")
            for column in shown
            if column.template
        },
        place=_place(found.page, len(found.people), found.total),
        address=lambda **changes: filtering.address(
            filters, **({"view": view.id if view else None} | changes)
        ),
        say=words.say,
    )


@bp.get("/people/conditions")
@needs(Permission.PEOPLE_READ)
def conditions() -> Any:
    """All conditions in one form, with what can be chosen; the list opens it in place."""
    filters = Filters.read(request.args)
    fields = [
        {
            "name": one.name,
            "label": _(one.label),
            "hint": _(one.hint) if one.hint else "",
            "kind": one.kind,
            "choices": list(one.choices(g.actor)) if one.choices else [],
            "values": filters.values(one.name) if one.kind == "many" else [filters.said.get(one.name, "")],
        }
        for one in filters_for(g.actor)
        if one.name != "q"
    ]
    offered = [field for field in fields if field["kind"] in ("text", "kept") or field["choices"]]
    return page(
        "people/conditions.html",
        "people/_conditions.html",
        fields=offered,
        filters=filters,
        view=view_asked(),
    )


@bp.get("/people/columns")
@needs(Permission.PEOPLE_READ)
def columns() -> Any:
    """Which columns stand in the list, in which order: of one's own view, or of one's list."""
    view = queries.view(g.actor, view_asked() or 0)
    layout = queries.layout(g.actor, view.id if view else None)
    shown = [column.name for column in shown_columns(g.actor, layout.columns)]
    rest = [column.name for column in columns_for(g.actor) if column.name not in shown]
    offered = {column.name: column for column in columns_for(g.actor)}
    is_own = view is not None and view.user_id == g.actor.id
    return page(
        "people/columns.html",
        rows=[(place, offered[name], name in shown) for place, name in enumerate([*shown, *rest], 1)],
        view=view if is_own else None,
        own_version=own.version if (own := queries.own_layout(g.actor)) else 0,
        filters=Filters.read(request.args),
    )


@bp.post("/people/columns")
@needs(Permission.PEOPLE_READ)
def choose_columns() -> Any:
    wanted = request.form.getlist("column")
    order = {name: asked.number(request.form, f"place-{name}") or 99 for name in wanted}
    view = queries.view(g.actor, asked.number(request.form, "view") or 0)
    chosen = [] if "usual" in request.form else sorted(wanted, key=lambda name: order[name])
    shown = [column.name for column in shown_columns(g.actor, chosen)] if chosen else []
    actions.choose_columns(g.actor, columns=shown, view=view, version=asked.version(request.form))
    flash(_("列已换好。"), "done")
    return done(then=filtering.address(filters_in_form(), view=view.id if view else None))


def filters_in_form() -> Filters:
    """The conditions that a form carries as one field, written as in an address."""
    said = parse_qs(request.form.get("filters", "")[:4000], max_num_fields=60)
    return Filters.read({name: ",".join(values) for name, values in said.items()})


def view_asked() -> int | None:
    return asked.number(request.args, "view")


def _place(number: int, shown: int, total: int) -> dict[str, Any]:
    """Where on the list the reader is; above the counted limit only "more than" is said."""
    said = say_count(total)
    there = place(number, shown=shown, total=total, size=PAGE, counted_up_to=COUNTED_UP_TO, said=said)
    return there | {"said": f"{COUNTED_UP_TO:,}+" if total > COUNTED_UP_TO else f"{total:,}"}


def say_count(total: int) -> str:
    """`1,840人`, or more than a thousand."""
    if total > COUNTED_UP_TO:
        return _("%(most)s人以上", most=f"{COUNTED_UP_TO:,}")
    return _("%(total)s人", total=f"{total:,}")
