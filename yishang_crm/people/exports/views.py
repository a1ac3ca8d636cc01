"""Taking a list of people out: asked for from the list, made, fetched; and the record of what was taken."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, request, send_file, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.retention import kept_for
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people.exports import actions, making, queries, words
from yishang_crm.people.exports.columns import USUAL
from yishang_crm.people.exports.forms import ExportForm, offer
from yishang_crm.people.exports.models import Export, Form, Order
from yishang_crm.people.filters import Filters
from yishang_crm.people.views import filtering

bp = Blueprint("people_export", __name__, url_prefix="/people/exports")

KINDS = {
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.CARDS: "text/vcard; charset=utf-8",
}


@bp.get("")
@needs(Permission.PEOPLE_EXPORT)
def index() -> Any:
    is_all, before = request.args.get("whose") == "all", asked.number(request.args, "before")
    found = queries.exports(g.actor, mine=not is_all, before=before)
    rows = found[: queries.PAGE]
    return page(
        "people/exports/index.html",
        rows=rows,
        is_all=is_all,
        older=rows[-1].id if len(found) > queries.PAGE else None,
        say=words.say,
        looks=words.LOOKS,
    )


@bp.get("/new")
@needs(Permission.PEOPLE_EXPORT)
def new() -> Any:
    form = ExportForm(formdata=None)
    form.column.data = queries.last_columns(g.actor) or list(USUAL)
    form.title.data = "安庆籍在外企业家名册"  # the paper is in Chinese, whoever asks
    own = accounts.unit(g.actor.unit_id) if g.actor.unit_id else None
    form.filled_by.data = own.name if own else ""
    return _asking(form, columns=form.column.data)


@bp.post("")
@needs(Permission.PEOPLE_EXPORT)
@two_step
def ask() -> Any:
    form, filters = ExportForm(), _filters(request.form)
    if not form.validate():
        return _asking(form, columns=form.columns, status=422)
    with writing():
        export = actions.ask(
            g.actor,
            form=Form(form.form.data),
            filters=filters,
            said=_said(filters),
            columns=form.columns,
            order=Order(form.order.data),
            title=form.title.data,
            filled_by=form.filled_by.data or "",
            purpose=form.purpose.data,
            receiver=form.receiver.data,
            reason=form.reason.data or "",
            expected=asked.number(request.form, "expected") or 0,
        )
        db.session.commit()
    if export.is_made_at_once:
        making.make(g.actor, export.id or 0, _settings(), keep=kept_for("exports"))
    return done(then=url_for("people_export.show", export_id=export.id))


@bp.get("/<int:export_id>")
@needs(Permission.PEOPLE_EXPORT)
def show(export_id: int) -> Any:
    export = queries.export(g.actor, export_id) or abort(404)
    return page("people/exports/show.html", "people/exports/_state.html", **_shown(export))


@bp.post("/<int:export_id>/file")
@needs(Permission.PEOPLE_EXPORT)
def take(export_id: int) -> Response:
    """A POST, because fetching personal details leaves a trace."""
    export = queries.export(g.actor, export_id) or abort(404)
    name = actions.take(g.actor, export)
    path = making.file_of(_settings(), name)
    if not path.is_file():
        abort(404)
    return send_file(
        path,
        mimetype=KINDS[export.form],
        as_attachment=True,
        download_name=f"{export.title}.{export.form.value}",
    )


@bp.post("/<int:export_id>/wiping")
@needs(Permission.PEOPLE_EXPORT)
def wipe(export_id: int) -> Any:
    export = queries.export(g.actor, export_id) or abort(404)
    actions.drop(g.actor, export)
    making.wipe_file(_settings(), export)
    flash(_("文件已清除。谁在何时导出过什么，记录还在。"), "done")
    return done(then=url_for("people_export.index"))


def _asking(form: ExportForm, *, columns: list[str], status: int = 200) -> Any:
    said = request.form if request.method == "POST" else request.args
    filters = _filters(said)
    return page(
        "people/exports/new.html",
        status=status,
        form=form,
        filters=filters,
        said=_said(filters),
        count=queries.count(g.actor, filters),
        columns=offer(columns),
        list_address=_list_address(filters),
    )


def _shown(export: Export) -> dict[str, Any]:
    return {
        "export": export,
        "progress": making.progress(_settings(), export.id or 0) if export.is_under_way else 0,
        "is_mine": export.user_id == g.actor.id,
        "say": words.say,
        "looks": words.LOOKS,
        "list_address": _list_address(export.filters),
    }


def _filters(said: Any) -> dict[str, Any]:
    """A selection, or the filters of the list; empty ones are left out."""
    chosen = [] if said.get("matching") else asked.numbers(said, "id")
    if chosen:
        return {"id": sorted(set(chosen))[: queries.MOST_SELECTED]}
    return Filters.read(said).as_of(g.actor).conditions


def _said(filters: dict[str, Any]) -> str:
    if "id" in filters:
        return _("在名单上勾选的%(count)s人", count=len(filters["id"]))
    return filtering.in_words(Filters.read(filters))


def _list_address(filters: dict[str, Any]) -> str:
    if "id" in filters:
        return ""
    return filtering.address(Filters.read(filters))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
