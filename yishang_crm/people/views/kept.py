"""Saved views: the bar above the list with live counts, the page of all, saving, sharing, removing."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.forms import READERS, KeptForm
from yishang_crm.people.lists.models import Readers, SavedView
from yishang_crm.people.queries.listing import COUNTED_UP_TO
from yishang_crm.people.views import filtering
from yishang_crm.people.views.listing import filters_in_form, view_asked

bp = Blueprint("people_views", __name__, url_prefix="/people/views")
MOST_IN_BAR = 8


@bp.get("/bar")
@needs(Permission.PEOPLE_READ)
def bar() -> Any:
    """The strip above the list; its counts are live, each up to a thousand."""
    filters, current = Filters.read(request.args), view_asked()
    shown = queries.views(g.actor)[:MOST_IN_BAR]
    lists = [Filters(), Filters(owner="me"), *(Filters.read(view.filters) for view in shown)]
    counts = [say_up_to(count) for count in queries.counts_up_to(g.actor, lists)]
    labels = [_("全部"), _("我负责的"), *(view.name for view in shown)]
    ids = [None, None, *(view.id for view in shown)]
    items = [
        {
            "label": label,
            "count": count,
            "href": filtering.address(wanted, view=view_id),
            "current": view_id == current if current else wanted == filters,
        }
        for label, count, wanted, view_id in zip(labels, counts, lists, ids, strict=True)
    ]
    return page("people/views/bar.html", "people/views/_bar.html", items=items)


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    shown = queries.views(g.actor)
    read = [Filters.read(view.filters) for view in shown]
    counts = queries.counts_up_to(g.actor, read)
    rows = [
        (view, filtering.in_words(filters), say_up_to(count), filtering.address(filters, view=view.id))
        for view, filters, count in zip(shown, read, counts, strict=True)
    ]
    return page("people/views/index.html", rows=rows, readers=READERS)


@bp.get("/new")
@needs(Permission.PEOPLE_READ)
def new() -> Any:
    """The name for what the list now shows."""
    return _new_page(KeptForm(formdata=None), Filters.read(request.args), view_asked())


@bp.post("")
@needs(Permission.PEOPLE_READ)
def add() -> Any:
    form, filters = KeptForm(), filters_in_form()
    came_from = asked.number(request.form, "view")
    if not form.validate():
        return _new_page(form, filters, came_from, status=422)
    columns = queries.layout(g.actor, came_from).columns
    view = actions.save_view(
        g.actor, name=form.name.data, readers=Readers(form.readers.data), filters=filters, columns=columns
    )
    flash(_("已存为视图“%(name)s”。", name=view.name), "done")
    return done(then=filtering.address(filters, view=view.id))


@bp.get("/<int:view_id>")
@needs(Permission.PEOPLE_READ)
def edit(view_id: int) -> Any:
    view = queries.view(g.actor, view_id) or abort(404)
    form = KeptForm(formdata=None, name=view.name, readers=view.readers.value, version=view.version)
    return _edit_page(view, form)


@bp.post("/<int:view_id>")
@needs(Permission.PEOPLE_READ)
def save(view_id: int) -> Any:
    """Name and readers."""
    view = queries.view(g.actor, view_id) or abort(404)
    form = KeptForm()
    if not form.validate():
        return _edit_page(view, form, status=422)
    actions.rename_view(
        g.actor,
        view,
        name=form.name.data,
        readers=Readers(form.readers.data),
        version=form.version.data,
    )
    flash(_("已保存。"), "done")
    return done(then=url_for("people_views.index"))


@bp.post("/<int:view_id>/conditions")
@needs(Permission.PEOPLE_READ)
def keep(view_id: int) -> Any:
    """Take over what the list now shows."""
    view = queries.view(g.actor, view_id) or abort(404)
    filters = filters_in_form()
    actions.keep_view(g.actor, view, filters=filters, version=asked.version(request.form))
    flash(_("视图“%(name)s”已改成现在的样子。", name=view.name), "done")
    return done(then=filtering.address(filters, view=view.id))


@bp.post("/<int:view_id>/removal")
@needs(Permission.PEOPLE_READ)
def remove(view_id: int) -> Any:
    view = queries.view(g.actor, view_id) or abort(404)
    actions.remove_view(g.actor, view)
    flash(_("已删去视图“%(name)s”，里面的人都还在。", name=view.name), "done")
    return done(then=url_for("people_views.index"))


def say_up_to(count: int) -> str:
    """`284`, or `1,000+`."""
    return f"{COUNTED_UP_TO:,}+" if count > COUNTED_UP_TO else f"{count:,}"


def _new_page(form: KeptForm, filters: Filters, view: int | None, *, status: int = 200) -> Any:
    offer_readers(form)
    return page(
        "people/views/new.html",
        form=form,
        in_words=filtering.in_words(filters),
        query=urlencode(filters.said),
        view=view,
        status=status,
    )


def _edit_page(view: SavedView, form: KeptForm, *, status: int = 200) -> Any:
    offer_readers(form)
    filters = Filters.read(view.filters)
    return page(
        "people/views/edit.html",
        form=form,
        view=view,
        in_words=filtering.in_words(filters),
        is_own=view.user_id == g.actor.id,
        status=status,
    )


def offer_readers(form: KeptForm) -> None:
    """Only who sees everybody shares with everybody."""
    if not g.actor.sees_all:
        form.readers.choices = [
            choice for choice in form.readers.choices if choice.value != Readers.ALL.value
        ]
