"""Segments: saved filters combined by and, or, not, in a form that needs no script; the count is live."""

from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.forms import READERS, KeptForm
from yishang_crm.people.lists.models import Readers, Segment
from yishang_crm.people.queries.listing import COUNTED_UP_TO
from yishang_crm.people.views import filtering
from yishang_crm.people.views.kept import offer_readers, say_up_to

bp = Blueprint("segment", __name__, url_prefix="/people/segments")
MOST_GROUPS, MOST_LEAVES = 6, 8


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    shown = queries.segments(g.actor)
    counts = queries.counts_of_trees(g.actor, [one.tree for one in shown], most=COUNTED_UP_TO)
    rows = [
        (one, say_up_to(count), url_for("people.index", segment=one.id))
        for one, count in zip(shown, counts, strict=True)
    ]
    return page("people/segments/index.html", rows=rows, readers=READERS)


@bp.get("/new")
@needs(Permission.PEOPLE_READ)
def new() -> Any:
    """Begins with what the list shows, if it shows something."""
    filters = Filters.read(request.args).but(segment="", sort="")
    tree: dict[str, Any] = {"join": "and", "parts": []}
    if not filters.are_empty:
        tree["parts"] = [{"join": "and", "not": False, "parts": [{"not": False, "filters": filters.said}]}]
    return _form_page(KeptForm(formdata=None), tree)


@bp.post("")
@needs(Permission.PEOPLE_READ)
def add() -> Any:
    form, tree = KeptForm(), tree_in_form()
    if "more" in request.form or not form.validate():
        return _form_page(form, tree, status=200 if "more" in request.form else 422)
    segment = actions.add_segment(g.actor, name=form.name.data, readers=Readers(form.readers.data), tree=tree)
    flash(_("已存为人群“%(name)s”。", name=segment.name), "done")
    return done(then=url_for("segment.show", segment_id=segment.id))


@bp.get("/<int:segment_id>")
@needs(Permission.PEOPLE_READ)
def show(segment_id: int) -> Any:
    segment = queries.segment(g.actor, segment_id) or abort(404)
    form = KeptForm(formdata=None, name=segment.name, readers=segment.readers.value, version=segment.version)
    return _form_page(form, segment.tree, segment=segment)


@bp.post("/<int:segment_id>")
@needs(Permission.PEOPLE_READ)
def save(segment_id: int) -> Any:
    segment = queries.segment(g.actor, segment_id) or abort(404)
    form, tree = KeptForm(), tree_in_form()
    if "more" in request.form or not form.validate():
        return _form_page(form, tree, segment=segment, status=200 if "more" in request.form else 422)
    actions.edit_segment(
        g.actor,
        segment,
        name=form.name.data,
        readers=Readers(form.readers.data),
        tree=tree,
        version=form.version.data,
    )
    flash(_("已保存。"), "done")
    return done(then=url_for("segment.show", segment_id=segment.id))


@bp.post("/<int:segment_id>/removal")
@needs(Permission.PEOPLE_READ)
def remove(segment_id: int) -> Any:
    segment = queries.segment(g.actor, segment_id) or abort(404)
    actions.remove_segment(g.actor, segment)
    flash(_("已删去人群“%(name)s”，里面的人都还在。", name=segment.name), "done")
    return done(then=url_for("segment.index"))


def tree_in_form() -> dict[str, Any]:
    """The tree as the form's fields say it: `join`, `g0-join`, `g0-not`, `g0-0-what`, `g0-0-not`, …; empty rows fall away."""
    said = request.form
    groups = []
    for place in range(MOST_GROUPS + 1):
        leaves = [_leaf(f"g{place}-{row}") for row in range(MOST_LEAVES + 1)]
        if known := [leaf for leaf in leaves if leaf]:
            join = "or" if said.get(f"g{place}-join") == "or" else "and"
            groups.append({"join": join, "not": f"g{place}-not" in said, "parts": known[:MOST_LEAVES]})
    return {"join": "or" if said.get("join") == "or" else "and", "parts": groups[:MOST_GROUPS]}


def _leaf(name: str) -> dict[str, Any] | None:
    what = request.form.get(f"{name}-what", "")
    turned = f"{name}-not" in request.form
    kind, _colon, value = what.partition(":")
    view_id = number_in(value) if kind == "view" else None
    if view_id and queries.view(g.actor, view_id) is not None:
        return {"not": turned, "view": view_id}
    if kind == "filters":
        said = parse_qs(value[:2000], max_num_fields=60)
        filters = Filters.read({name: ",".join(values) for name, values in said.items()}).but(
            segment="", sort=""
        )
        if not filters.are_empty:
            return {"not": turned, "filters": filters.said}
    return None


def _form_page(
    form: KeptForm, tree: dict[str, Any], *, segment: Segment | None = None, status: int = 200
) -> Any:
    offer_readers(form)
    views = queries.views(g.actor)
    known = {view.id for view in views}
    groups = [
        {
            "join": group.get("join", "and"),
            "not": bool(group.get("not")),
            "leaves": [_shown_leaf(leaf, known) for leaf in group.get("parts", [])],
        }
        for group in tree.get("parts", [])
    ]
    has_parts = any(group.get("parts") for group in tree.get("parts", []))
    count = queries.count_of_tree(g.actor, tree, most=COUNTED_UP_TO) if has_parts else 0
    return page(
        "people/segments/edit.html",
        form=form,
        segment=segment,
        is_own=segment is None or segment.user_id == g.actor.id,
        join=tree.get("join", "and"),
        groups=groups,
        views=[(f"view:{view.id}", view.name) for view in views],
        count=say_up_to(count),
        has_parts=has_parts,
        snapshots=queries.snapshots(g.actor, about=f"segment:{segment.id}") if segment else [],
        status=status,
    )


def _shown_leaf(leaf: dict[str, Any], known: set[int | None]) -> dict[str, Any]:
    if leaf.get("view"):
        what, said = (
            f"view:{leaf['view']}",
            "" if leaf["view"] in known else _("这个视图已经打不开，按没有人算"),
        )
    else:
        filters = Filters.read(leaf.get("filters", {}))
        what, said = f"filters:{urlencode(filters.said)}", filtering.in_words(filters)
    return {"what": what, "said": said, "not": bool(leaf.get("not"))}
