"""Nominating: a search with boxes to tick, and one person from their own page."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.conference import actions, queries
from yishang_crm.conference.forms import NominationForm
from yishang_crm.conference.models import Category, Edition
from yishang_crm.conference.views.blueprint import bp, edition_or_404, guests_at, tabs, tell_refused
from yishang_crm.conference.views.editions import inviting_units
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, options, page
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person
from yishang_crm.people.queries import Filters as PeopleFilters


@bp.get("/<slug>/nominations")
@needs(Permission.CONFERENCE_NOMINATE)
def nominations(slug: str) -> Any:
    return _page(edition_or_404(slug), nomination_form())


@bp.post("/<slug>/nominations")
@needs(Permission.CONFERENCE_NOMINATE)
def nominate(slug: str) -> Any:
    edition, form = edition_or_404(slug), nomination_form()
    if not form.validate():
        return _page(edition, form, status=422)
    ids = asked.numbers(request.form, "id")
    chosen = people.people_by_ids(g.actor, ids)
    nominated, refused = actions.nominate_many(g.actor, edition, chosen, **said(form))
    flash(_("已提名%(count)s位。", count=len(nominated)), "done" if nominated else "wait")
    tell_refused([(person.name, why) for person, why in refused])
    return done(then=url_for("conference.nominations", slug=slug))


@bp.get("/people/<int:person_id>/nomination")
@needs(Permission.CONFERENCE_NOMINATE)
def nominate_person(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    return _person_page(person, nomination_form(_keeping_unit(person)))


@bp.post("/people/<int:person_id>/nomination")
@needs(Permission.CONFERENCE_NOMINATE)
def nominate_one(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    edition = queries.edition(request.form.get("edition", "")) or abort(422)
    form = nomination_form()
    if not form.validate():
        return _person_page(person, form, status=422)
    guest = actions.nominate(g.actor, edition, person, **said(form))
    flash(_("已提名%(name)s，等审定。", name=person.name), "done")
    return done(then=url_for("conference.guest", slug=edition.slug, guest_id=guest.id))


def nomination_form(unit_id: int | None = None) -> NominationForm:
    """Who sees all may speak for each unit, everybody else for their own."""
    form = NominationForm()
    units = [unit for unit in inviting_units() if g.actor.sees_all or unit.id in g.actor.unit_ids]
    form.unit_id.choices = options((unit.id, unit.short_name) for unit in units)
    if not form.is_submitted():
        form.unit_id.data = unit_id or g.actor.unit_id
    return form


def said(form: NominationForm) -> dict[str, Any]:
    return {
        "category": Category(form.category.data),
        "reason": form.reason.data or "",
        "unit_id": form.unit_id.data,
    }


def _keeping_unit(person: Person) -> int | None:
    """Who keeps the person nominates, unless somebody else is named."""
    stewards = people.person_parts(g.actor, person).stewards
    return next((steward.unit_id for steward, _unit, _name in stewards if steward.answerable), None)


def _page(edition: Edition, form: NominationForm, *, status: int = 200) -> Any:
    text = request.args.get("q", "")[:200].strip()
    found = people.page_of_people(g.actor, PeopleFilters(q=text)) if text else []
    return page(
        "conference/nominations.html",
        edition=edition,
        tabs=tabs(edition),
        q=text,
        cards=people.cards(g.actor, found),
        listed=queries.listed(g.actor, edition, [person.id or 0 for person in found]),
        form=form,
        submitted=guests_at(edition, queries.Filters(approval="open")),
        status=status,
    )


def _person_page(person: Person, form: NominationForm, *, status: int = 200) -> Any:
    return page(
        "conference/nomination.html",
        person=person,
        editions=queries.open_editions(),
        invited={edition.id: guest for guest, edition in queries.editions_of_person(g.actor, person.id or 0)},
        form=form,
        status=status,
    )
