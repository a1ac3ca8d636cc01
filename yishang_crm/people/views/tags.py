"""The tags of the city and of one's unit: made, renamed, retired."""

from typing import Any

from flask import Blueprint, abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.lists.forms import NewTagForm, TagForm
from yishang_crm.people.queries.listing import COUNTED_UP_TO
from yishang_crm.people.views.kept import say_up_to

bp = Blueprint("tag", __name__, url_prefix="/people/tags")


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    return _page(NewTagForm(formdata=None))


@bp.post("")
@needs(Permission.PEOPLE_WRITE)
def add() -> Any:
    form = NewTagForm()
    if not form.validate():
        return _page(form, status=422)
    tag = actions.add_tag(g.actor, name=form.name.data, citywide=bool(form.citywide.data))
    flash(_("已建标签“%(name)s”。", name=tag.name), "done")
    return done(then=url_for("tag.index"))


@bp.get("/<int:tag_id>")
@needs(Permission.PEOPLE_WRITE)
def edit(tag_id: int) -> Any:
    tag = queries.tag(g.actor, tag_id) or abort(404)
    form = TagForm(formdata=None, name=tag.name, version=tag.version)
    return page("people/tags/edit.html", tag=tag, form=form)


@bp.post("/<int:tag_id>")
@needs(Permission.PEOPLE_WRITE)
def rename(tag_id: int) -> Any:
    tag = queries.tag(g.actor, tag_id) or abort(404)
    form = TagForm()
    if not form.validate():
        return page("people/tags/edit.html", tag=tag, form=form, status=422)
    actions.rename_tag(g.actor, tag, name=form.name.data, version=form.version.data)
    flash(_("已保存。"), "done")
    return done(then=url_for("tag.index"))


@bp.post("/<int:tag_id>/retirement")
@needs(Permission.PEOPLE_WRITE)
def retire(tag_id: int) -> Any:
    tag = queries.tag(g.actor, tag_id) or abort(404)
    actions.retire_tag(g.actor, tag)
    flash(_("标签“%(name)s”已停用，名单上不再显示。", name=tag.name), "done")
    return done(then=url_for("tag.index"))


@bp.post("/<int:tag_id>/retirement/end")
@needs(Permission.PEOPLE_WRITE)
def revive(tag_id: int) -> Any:
    tag = queries.tag(g.actor, tag_id) or abort(404)
    actions.revive_tag(g.actor, tag)
    return done(then=url_for("tag.index"))


def _page(form: NewTagForm, *, status: int = 200) -> Any:
    tags = queries.tags(g.actor, retired=True)
    counts = queries.tag_counts(g.actor, most=COUNTED_UP_TO)
    rows = [
        (
            tag,
            say_up_to(counts.get(tag.id or 0, 0)),
            url_for("people.index", tag=tag.id),
            g.actor.may(Permission.PEOPLE_WRITE) and (g.actor.sees_all or tag.unit_id == g.actor.unit_id),
        )
        for tag in tags
    ]
    return page("people/tags/index.html", form=form, rows=rows, may_citywide=g.actor.sees_all, status=status)
