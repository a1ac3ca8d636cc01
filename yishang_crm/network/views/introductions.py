"""One introduction: read, accepted for somebody new or known, refused with a reason."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.web import done, is_htmx, needs, page
from yishang_crm.network import actions, queries
from yishang_crm.network.forms import AcceptForm, RefusalForm, SameForm
from yishang_crm.network.models import Introduction
from yishang_crm.network.views.pages import bp
from yishang_crm.people import queries as people
from yishang_crm.people.models import Tier
from yishang_crm.people.queries import Filters

MOST_CANDIDATES = 8


@bp.get("/network/introductions/<int:introduction_id>")
@needs(Permission.NETWORK_READ)
def introduction(introduction_id: int) -> Any:
    found = queries.introduction(g.actor, introduction_id) or abort(404)
    return page("network/introduction.html", **_shown(found))


@bp.post("/network/introductions/<int:introduction_id>/acceptance")
@needs(Permission.NETWORK_WRITE)
def accept(introduction_id: int) -> Any:
    """As somebody new."""
    found = queries.introduction(g.actor, introduction_id, hold=True) or abort(404)
    form = AcceptForm()
    if not form.validate():
        return page("network/introduction.html", **_shown(found, accept_form=form), status=422)
    values = form.values
    tier = Tier(values.pop("tier"))
    person = actions.accept_introduction(g.actor, found, tier=tier, details=values)
    return _accepted(person.name, person.id)


@bp.post("/network/introductions/<int:introduction_id>/identity")
@needs(Permission.NETWORK_WRITE)
def accept_known(introduction_id: int) -> Any:
    """As somebody whom the record knew."""
    found = queries.introduction(g.actor, introduction_id, hold=True) or abort(404)
    form = SameForm()
    person = people.person(g.actor, form.person_id.data or 0) or abort(404)
    actions.accept_introduction(g.actor, found, person=person)
    return _accepted(person.name, person.id)


@bp.post("/network/introductions/<int:introduction_id>/refusal")
@needs(Permission.NETWORK_WRITE)
def refuse(introduction_id: int) -> Any:
    found = queries.introduction(g.actor, introduction_id, hold=True) or abort(404)
    form = RefusalForm()
    if not form.validate():
        return page("network/introduction.html", **_shown(found, refusal_form=form), status=422)
    actions.refuse_introduction(g.actor, found, reason=form.reason.data)
    flash(_("已回复%(name)s：没有采纳。", name=found.partner_name), "done")
    return done(then=url_for("network.index"))


@bp.post("/network/introductions/<int:introduction_id>/phone")
@needs(Permission.PEOPLE_OPEN_CONTACT)
def open_phone(introduction_id: int) -> Any:
    found = queries.introduction(g.actor, introduction_id) or abort(404)
    value = actions.open_introduced_phone(g.actor, found)
    fragment = "people/_opened.html" if is_htmx() else None
    return page("network/opened.html", fragment, introduction=found, value=value, href=f"tel:{value}")


def _accepted(name: str, person_id: int | None) -> Any:
    flash(_("已采纳，%(name)s由引荐人一起联系。", name=name), "done")
    return done(then=url_for("person.show", person_id=person_id))


def _shown(found: Introduction, **forms: Any) -> dict[str, Any]:
    text = request.args.get("q", "")[:100].strip() or found.name
    likely = people.page_of_people(g.actor, Filters(q=text))[:MOST_CANDIDATES] if found.is_waiting else []
    seen = people.people_by_ids(g.actor, [found.partner_id, *([found.person_id] if found.person_id else [])])
    organization, title = _divided(found)
    return {
        "introduction": found,
        "unit": accounts.unit(found.unit_id),
        "candidates": people.cards(g.actor, likely),
        "q": request.args.get("q", "")[:100],
        "seen": {person.id: person for person in seen},
        "is_late": found.is_late(now()),
        "may_write": g.actor.may(Permission.NETWORK_WRITE),
        "accept_form": forms.get("accept_form")
        or AcceptForm(
            formdata=None, name=found.name, organization=organization, title=title, city=found.city
        ),
        "refusal_form": forms.get("refusal_form") or RefusalForm(formdata=None),
    }


def _divided(found: Introduction) -> tuple[str, str]:
    """A partner writes firm and post into one field: `东莞大枫轴承 董事长`."""
    if found.title:
        return found.organization, found.title
    organization, _space, title = found.organization.partition(" ")
    return organization, title
