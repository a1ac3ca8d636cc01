"""Snapshots: a list frozen with who froze it and why, who stood on it, and what came and went between two."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.forms import READERS, FreezeForm
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.views import filtering
from yishang_crm.people.views.kept import offer_readers
from yishang_crm.people.views.listing import filters_in_form, say_count, view_asked

bp = Blueprint("snapshot", __name__, url_prefix="/people/snapshots")


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    return page("people/snapshots/index.html", rows=queries.snapshots(g.actor), readers=READERS)


@bp.get("/new")
@needs(Permission.PEOPLE_READ)
def new() -> Any:
    """Of what the list shows now."""
    return _new_page(FreezeForm(formdata=None), Filters.read(request.args), view_asked())


@bp.post("")
@needs(Permission.PEOPLE_READ)
def add() -> Any:
    form, filters = FreezeForm(), filters_in_form()
    view = queries.view(g.actor, asked.number(request.form, "view") or 0)
    if not form.validate():
        return _new_page(form, filters, view.id if view else None, status=422)
    snapshot = actions.freeze(
        g.actor,
        name=form.name.data,
        why=form.why.data,
        readers=Readers(form.readers.data),
        filters=filters,
        about=_about(filters, view.id if view else None),
    )
    flash(_("已留存“%(name)s”：%(people)s人。", name=snapshot.name, people=snapshot.people), "done")
    return done(then=url_for("snapshot.show", snapshot_id=snapshot.id))


@bp.get("/<int:snapshot_id>")
@needs(Permission.PEOPLE_READ)
def show(snapshot_id: int) -> Any:
    snapshot = queries.snapshot(g.actor, snapshot_id) or abort(404)
    found = queries.seen_of(g.actor, snapshot, page=asked.page_number(request.args))
    return page(
        "people/snapshots/show.html",
        snapshot=snapshot,
        in_words=filtering.in_words(Filters.read(snapshot.filters)),
        found=found,
        cards=queries.cards(g.actor, found.people),
        others=[one for one in queries.snapshots(g.actor) if one.id != snapshot.id],
        number=asked.page_number(request.args),
        list_href=url_for("people.index", snapshot=snapshot.id),
    )


@bp.get("/<int:snapshot_id>/changes")
@needs(Permission.PEOPLE_READ)
def changes(snapshot_id: int) -> Any:
    """Who came and who went since another snapshot, which may be the older or the newer one."""
    snapshot = queries.snapshot(g.actor, snapshot_id) or abort(404)
    other = queries.snapshot(g.actor, asked.number(request.args, "since") or 0)
    if other is None:
        return done(then=url_for("snapshot.show", snapshot_id=snapshot.id))
    older, newer = sorted((snapshot, other), key=lambda one: one.frozen_at)
    came = queries.came(g.actor, since=older, until=newer, page=asked.page_number(request.args))
    went = queries.came(g.actor, since=newer, until=older, page=asked.page_number(request.args))
    return page(
        "people/snapshots/changes.html",
        older=older,
        newer=newer,
        parts=[
            (_("新来的"), came, queries.cards(g.actor, came.people)),
            (_("离开的"), went, queries.cards(g.actor, went.people)),
        ],
        number=asked.page_number(request.args),
        snapshot=snapshot,
        since=other.id,
    )


def _new_page(form: FreezeForm, filters: Filters, view: int | None, *, status: int = 200) -> Any:
    offer_readers(form)
    return page(
        "people/snapshots/new.html",
        form=form,
        in_words=filtering.in_words(filters),
        query=urlencode(filters.said),
        count=say_count(queries.count_up_to(g.actor, filters)),
        view=view,
        status=status,
    )


def _about(filters: Filters, view: int | None) -> str:
    if set(filters.conditions) == {"segment"}:
        return f"segment:{filters.said['segment']}"
    return f"view:{view}" if view else ""
