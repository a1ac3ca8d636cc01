"""Editions: the list, a new one, its facts, its quotas, its end."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, redirect, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import Unit, UnitKind
from yishang_crm.conference import actions, queries, wording
from yishang_crm.conference.forms import EditionForm, QuotaForm
from yishang_crm.conference.models import Category, Edition, Quota
from yishang_crm.conference.views.blueprint import bp, edition_or_404, tabs, value_shown
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, needs, options, page


@bp.get("")
@needs(Permission.OWN_ACCOUNT)
def index() -> Any:
    """All editions. Who stands at a desk sees none of their guests, but finds the way to the desk."""
    if not g.actor.may(Permission.RECEPTION_CHECK_IN):
        g.actor.must(Permission.CONFERENCE_READ)
    return page(
        "conference/index.html",
        editions=queries.editions(),
        may_read=g.actor.may(Permission.CONFERENCE_READ),
        may_check_in=g.actor.may(Permission.RECEPTION_CHECK_IN),
    )


@bp.get("/<slug>")
@needs(Permission.CONFERENCE_READ)
def front(slug: str) -> Any:
    edition = edition_or_404(slug)
    return redirect(url_for("conference.board", slug=edition.slug))


@bp.get("/new")
@needs(Permission.CONFERENCE_MANAGE)
def new() -> Any:
    return _form_page(EditionForm(), None)


@bp.post("")
@needs(Permission.CONFERENCE_MANAGE)
def add() -> Any:
    form = EditionForm()
    if not form.validate():
        return _form_page(form, None, status=422)
    edition = actions.add_edition(g.actor, **form.facts)
    flash(_("已建%(name)s。接着给各单位定名额。", name=edition.name), "done")
    return done(then=url_for("conference.quotas", slug=edition.slug))


@bp.get("/<slug>/facts")
@needs(Permission.CONFERENCE_MANAGE)
def facts(slug: str) -> Any:
    edition = edition_or_404(slug)
    return _form_page(EditionForm.of(edition), edition)


@bp.post("/<slug>/facts")
@needs(Permission.CONFERENCE_MANAGE)
def save_facts(slug: str) -> Any:
    edition, form = edition_or_404(slug), EditionForm()
    if not form.validate():
        return _form_page(form, edition, status=422)
    if form.version.data != edition.version:
        return _side_by_side(edition, form)
    changed = {name: value for name, value in form.facts.items() if name != "slug"}
    actions.edit_edition(g.actor, edition, version=form.version.data, **changed)
    flash(_("已保存。"), "done")
    return done(then=url_for("conference.board", slug=slug))


@bp.get("/<slug>/quotas")
@needs(Permission.CONFERENCE_READ)
def quotas(slug: str) -> Any:
    return _quota_page(edition_or_404(slug), _quota_form())


@bp.post("/<slug>/quotas")
@needs(Permission.CONFERENCE_MANAGE)
def set_quota(slug: str) -> Any:
    edition, form = edition_or_404(slug), _quota_form()
    if not form.validate():
        return _quota_page(edition, form, status=422)
    unit = accounts.unit(form.unit_id.data) or abort(422)
    category = Category(form.category.data)
    rows = queries.quotas(edition)
    if form.seen.data != _mark(rows):
        form.granted.errors = [_("您打开这一页以后，别人已经改过名额。请看一眼左边现在的数，要改再定一次。")]
        return _quota_page(edition, form, status=Stale.status)
    was = next(
        (quota.granted for quota, one in rows if (one.id, quota.category) == (unit.id, category)), None
    )
    actions.set_quota(g.actor, edition, unit, category=category, granted=form.granted.data, was=was)
    flash(_("已定：%(unit)s %(count)s个名额。", unit=unit.short_name, count=form.granted.data), "done")
    return done(then=url_for("conference.quotas", slug=slug))


@bp.post("/<slug>/closing")
@needs(Permission.CONFERENCE_MANAGE)
def close(slug: str) -> Any:
    edition = edition_or_404(slug)
    missing = actions.close_edition(g.actor, edition)
    flash(_("%(name)s已结束，%(count)s位答应了没有来。", name=edition.name, count=missing), "done")
    return done(then=url_for("conference.board", slug=slug))


@bp.post("/<slug>/follow-up")
@needs(Permission.CONFERENCE_MANAGE)
def follow_up(slug: str) -> Any:
    edition = edition_or_404(slug)
    count = actions.begin_follow_up(g.actor, edition)
    flash(_("已给到会的%(count)s位各布置一件回访。", count=count), "done")
    return done(then=url_for("conference.board", slug=slug))


def inviting_units() -> list[Unit]:
    """Units that nominate, in their customary order."""
    kinds = [UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.GROUP]
    return [unit for unit in accounts.units(kinds=kinds) if unit.closed_at is None]


def _form_page(
    form: EditionForm, edition: Edition | None, *, theirs: Sequence[Any] = (), status: int = 200
) -> Any:
    return page(
        "conference/edition.html",
        form=form,
        edition=edition,
        theirs=theirs,
        tabs=tabs(edition) if edition else [],
        shipped=wording.PARAGRAPHS["zh_Hans"],
        placeholders=wording.PLACEHOLDERS,
        status=status,
    )


def _side_by_side(edition: Edition, form: EditionForm) -> Any:
    """Somebody saved meanwhile: both stand beside each other; saving again takes what is typed here."""
    stands = EditionForm.of(edition, formdata=None)
    theirs = [
        {
            "label": field.label.text,
            "name": field.id,
            "theirs": value_shown(stands[field.name]),
            "mine": value_shown(field),
        }
        for field in form
        if field.type not in ("HiddenField", "CSRFTokenField") and field.name != "slug"
        if value_shown(stands[field.name]) != value_shown(field)
    ]
    form.version.data = edition.version
    return _form_page(form, edition, theirs=theirs, status=Stale.status)


def _quota_form() -> QuotaForm:
    form = QuotaForm()
    form.unit_id.choices = options((unit.id, unit.short_name) for unit in inviting_units())
    return form


def _mark(rows: Sequence[tuple[Quota, Unit]]) -> str:
    """Of the quotas as they stand, so that a form tells whether it was drawn from these."""
    said = sorted((unit.id, quota.category.value, quota.granted) for quota, unit in rows)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _quota_page(edition: Edition, form: QuotaForm, *, status: int = 200) -> Any:
    own = None if g.actor.sees_all else sorted(g.actor.unit_ids)
    rows = queries.quotas(edition, unit_ids=own)
    form.seen.data = _mark(rows)  # who may set them sees them all
    return page(
        "conference/quotas.html",
        edition=edition,
        tabs=tabs(edition),
        rows=rows,
        total=(sum(quota.granted for quota, _unit in rows), sum(quota.used for quota, _unit in rows)),
        form=form,
        status=status,
    )
