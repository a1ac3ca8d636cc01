"""Chambers and associations: the list by their next election, a new edition, an officer."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.models import Organization
from yishang_crm.people.models.bodies import HAVE_EDITIONS, ChamberLevel, ChamberState
from yishang_crm.people.organization_forms import EditionForm, OfficerForm
from yishang_crm.people.queries.bodies import DUE_WITHIN
from yishang_crm.people.views.choosing import chosen
from yishang_crm.people.views.organizations import address_of, filters_of, place_of, record

bp = Blueprint("chamber", __name__, url_prefix="/organizations")


@bp.get("/chambers")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters, number, day = filters_of(request.args), asked.page_number(request.args), today()
    rows = queries.page_of_chambers(g.actor, filters, today=day, page=number)
    past, soon = queries.dues(today=day)
    chips = [
        (_("搜索"), filters.q, "q"),
        (_("级别"), words.say(ChamberLevel(filters.level)) if filters.level else "", "level"),
        (_("状态"), words.say(ChamberState(filters.state)) if filters.state else "", "state"),
        (_("换届"), {"past": _("已过换届日期"), "soon": _("三个月内换届")}.get(filters.due, ""), "due"),
    ]

    def address(**changes: Any) -> str:
        return address_of(filters, "chamber.index", **changes)

    return page(
        "people/organizations/chambers.html",
        filters=filters,
        rows=rows,
        dues=[(_("已过换届日期"), past, "late", "past"), (_("三个月内换届"), soon, "wait", "soon")],
        levels=words.choices(ChamberLevel),
        states=words.choices(ChamberState),
        chips=[(label, said, address(**{name: ""})) for label, said, name in chips if said],
        place=place_of(number, len(rows), queries.count_chambers(filters, today=day)),
        address=address,
        say=words.say,
        day=day,
        soon_until=day + DUE_WITHIN,
    )


@bp.get("/<int:organization_id>/editions/new")
@needs(Permission.PEOPLE_WRITE)
def new_edition(organization_id: int) -> Any:
    organization = _chamber(organization_id)
    editions = queries.editions_of(organization)
    number = editions[0].number + 1 if editions else 1
    form = EditionForm(_holders(organization), data={"number": number, "since": today()})
    return page("people/organizations/edition.html", organization=organization, form=form)


@bp.post("/<int:organization_id>/editions")
@needs(Permission.PEOPLE_WRITE)
def add_edition(organization_id: int) -> Any:
    organization = _chamber(organization_id)
    form = EditionForm(_holders(organization))
    if not form.validate():
        return page("people/organizations/edition.html", organization=organization, form=form, status=422)
    actions.begin_edition(
        g.actor,
        organization,
        number=form.number.data,
        since=form.since.data,
        reelection_on=form.reelection_on.data,
        staying=form.staying.data or (),
    )
    flash(_("第%(number)s届已开始。", number=form.number.data), "done")
    return done(then=url_for("organization.show", organization_id=organization.id))


@bp.get("/<int:organization_id>/officers/new")
@needs(Permission.PEOPLE_WRITE)
def new_officer(organization_id: int) -> Any:
    organization = _chamber(organization_id)
    return page("people/organizations/show.html", **record(organization, officer_form=OfficerForm()))


@bp.post("/<int:organization_id>/officers")
@needs(Permission.PEOPLE_WRITE)
def add_officer(organization_id: int) -> Any:
    organization = _chamber(organization_id)
    form = OfficerForm()
    is_whole = form.validate()
    person, offered = chosen(form)
    if not is_whole or person is None:
        shown = record(organization, officer_form=form, offered=offered)
        return page("people/organizations/show.html", **shown, status=422)
    actions.add_officer(g.actor, organization, person, title=form.title.data, since=form.since.data)
    flash(_("%(name)s已记为%(title)s。", name=person.name, title=form.title.data), "done")
    return done(then=url_for("organization.show", organization_id=organization.id, _anchor="present"))


def _chamber(organization_id: int) -> Organization:
    organization = queries.organization(organization_id)
    if organization is None or organization.kind not in HAVE_EDITIONS:
        abort(404)
    return organization


def _holders(organization: Organization) -> list[tuple[int, str]]:
    """The officers of the present edition whom the reader may see."""
    return [
        (one.post.id or 0, f"{one.person.name} {one.post.title}")
        for one in queries.people_at(g.actor, organization)
        if one.edition is not None
    ]
