"""The system administrator's units, in the city's customary order."""

from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions, queries
from yishang_crm.accounts.forms import KIND_LABELS, AddUnitForm, UnitForm
from yishang_crm.accounts.models import Unit, UnitKind
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.accounts.views.meanwhile import meanwhile
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page


@accounts.get("/admin/units")
@needs(Permission.ADMIN_UNITS)
def units() -> Any:
    labels = {kind: _(label) for kind, label in KIND_LABELS.items()}
    return page("accounts/units.html", units=queries.units(), labels=labels, seats=queries.seats_taken())


@accounts.get("/admin/units/new")
@needs(Permission.ADMIN_UNITS)
def unit_new() -> Any:
    return page("accounts/unit_new.html", form=AddUnitForm())


@accounts.post("/admin/units")
@needs(Permission.ADMIN_UNITS)
def units_post() -> Any:
    form = AddUnitForm()
    if not form.validate():
        return page("accounts/unit_new.html", form=form, status=422)
    unit = actions.add_unit(g.actor, code=form.code.data, kind=UnitKind(form.kind.data), **_said(form))
    flash(_("已添加“%(name)s”。", name=unit.name), "done")
    return done(then=url_for("accounts.units"))


@accounts.get("/admin/units/<int:unit_id>")
@needs(Permission.ADMIN_UNITS)
def unit(unit_id: int) -> Any:
    unit = queries.unit(unit_id) or abort(404)
    form = UnitForm(unit)
    form.confirmed.data = unit.confirmed_at is not None
    return _unit_page(unit, form)


@accounts.post("/admin/units/<int:unit_id>")
@needs(Permission.ADMIN_UNITS)
def unit_post(unit_id: int) -> Any:
    unit = queries.unit(unit_id) or abort(404)
    form = UnitForm(unit)
    if not form.validate():
        return _unit_page(unit, form, status=422)
    if form.version.data != unit.version:
        return _unit_page(unit, form, status=409, conflict=meanwhile(form, unit, _standing(unit)))
    actions.edit_unit(g.actor, unit, version=form.version.data, **_said(form))
    flash(_("已保存。"), "done")
    return done(then=url_for("accounts.units"))


@accounts.post("/admin/units/<int:unit_id>/closing")
@needs(Permission.ADMIN_UNITS)
def unit_closing(unit_id: int) -> Any:
    unit = queries.unit(unit_id) or abort(404)
    actions.close_unit(g.actor, unit)
    flash(_("“%(name)s”已撤销，历史记录都在。", name=unit.name), "done")
    return done(then=url_for("accounts.units"))


@accounts.post("/admin/units/<int:unit_id>/reopening")
@needs(Permission.ADMIN_UNITS)
def unit_reopening(unit_id: int) -> Any:
    unit = queries.unit(unit_id) or abort(404)
    actions.reopen_unit(g.actor, unit)
    flash(_("“%(name)s”已恢复。", name=unit.name), "done")
    return done(then=url_for("accounts.unit", unit_id=unit.id))


def _said(form: UnitForm) -> dict[str, Any]:
    fields = ("name", "short_name", "display_order", "liaison_name", "liaison_phone", "confirmed")
    return {name: form[name].data for name in fields}


def _standing(unit: Unit) -> dict[str, Any]:
    fields = ("version", "name", "short_name", "display_order", "liaison_name", "liaison_phone")
    return {name: getattr(unit, name) for name in fields} | {"confirmed": unit.confirmed_at is not None}


def _unit_page(unit: Unit, form: UnitForm, *, status: int = 200, conflict: Any = None) -> Any:
    seats = queries.seats_taken().get(unit.id or 0, 0)
    label = _(KIND_LABELS[unit.kind])
    return page(
        "accounts/unit.html", status=status, unit=unit, form=form, conflict=conflict, kind=label, seats=seats
    )
