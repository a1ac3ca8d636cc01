"""The desk and its supervisor's page."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, request, session, url_for
from flask_babel import gettext as _

from yishang_crm.conference import queries as conference
from yishang_crm.conference.models import Edition
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, is_htmx, needs, page, two_step
from yishang_crm.reception import actions, forms, queries, verdicts
from yishang_crm.reception.turns import in_turn

reception = Blueprint("reception", __name__, url_prefix="/conferences/<slug>")


@reception.get("/desk")
@needs(Permission.RECEPTION_CHECK_IN)
def desk(slug: str) -> Any:
    """The page of a desk. `?q=` lists guests, `?arrival=` shows an answer again: both for browsers without script."""
    edition = conference.edition(slug) or abort(404)
    text = request.args.get("q", "")[:60].strip()
    answered = queries.answer_to(g.actor, edition, request.args.get("arrival", "")[:64])
    return page(
        "reception/desk.html",
        edition=edition,
        desk=_desk(edition),
        q=text,
        hits=queries.hits(g.actor, edition, text) if text else [],
        verdict=verdicts.verdict(answered) if answered else None,
        state_of=verdicts.state_of,
        may_supervise=g.actor.may(Permission.RECEPTION_READ),
    )


@reception.get("/desk/guests")
@needs(Permission.RECEPTION_CHECK_IN)
def guests(slug: str) -> Any:
    """At most eight, by name, initials or phone tail; a page of its own without script."""
    edition = conference.edition(slug) or abort(404)
    text = request.args.get("q", "")[:60].strip()
    if not is_htmx():
        return done(then=url_for("reception.desk", slug=slug, q=text or None))
    hits = queries.hits(g.actor, edition, text)
    return page("reception/_hits.html", desk=_desk(edition), q=text, hits=hits, state_of=verdicts.state_of)


@reception.post("/desk/arrivals")
@needs(Permission.RECEPTION_CHECK_IN)
@two_step
def arrivals(slug: str) -> Any:
    edition = conference.edition(slug) or abort(404)
    said = forms.said(request.form)
    if _is_a_name(said):
        return done(then=url_for("reception.desk", slug=slug, q=said.code))
    with in_turn():
        answered = queries.answered_before(g.actor, edition, said.nonce) or actions.answer(
            g.actor, edition, said
        )
    return _answer(edition, answered)


@reception.post("/desk/name")
@needs(Permission.RECEPTION_CHECK_IN)
def name_desk(slug: str) -> Any:
    """What this desk is called; kept in this browser."""
    session["desk"] = forms.desk_name(request.form.get("name", ""))
    return done(then=url_for("reception.desk", slug=slug))


@reception.get("/reception")
@needs(Permission.RECEPTION_READ)
def board(slug: str) -> Any:
    """How the arrivals stand, for whoever is answerable for the gate."""
    edition = conference.edition(slug) or abort(404)
    units = queries.by_unit(g.actor, edition)
    totals = queries.totals(g.actor, edition, units)
    return page(
        "reception/board.html",
        "reception/_board.html",
        edition=edition,
        units=units,
        totals=totals,
        figures=_figures(edition, totals),
        may_check_in=g.actor.may(Permission.RECEPTION_CHECK_IN),
        desks=queries.by_desk(g.actor, edition),
        latest=queries.latest(g.actor, edition),
        duplicates=queries.duplicates(g.actor, edition),
    )


@dataclass(frozen=True)
class Desk:
    """A desk as the layout knows it. `reader_id` names the queue kept in this browser and tells nothing else."""

    name: str
    arrivals: str
    search: str
    arrived_count: int
    reader_id: str


def _desk(edition: Edition) -> Desk:
    name = session.get("desk") or _("%(name)s的台", name=g.actor.name)
    key = str(current_app.secret_key).encode()
    return Desk(
        name=name,
        arrivals=url_for("reception.arrivals", slug=edition.slug),
        search=url_for("reception.guests", slug=edition.slug),
        arrived_count=queries.came_today(g.actor, edition, desk=name),
        reader_id=hmac.new(key, f"desk {g.actor.id}".encode(), hashlib.sha256).hexdigest()[:12],
    )


def _figures(edition: Edition, totals: queries.Totals) -> list[dict[str, Any]]:
    here = f"/conferences/{edition.slug}/guests?onsite=checked_in"
    named = [
        (_("应到"), totals.expected, None, ""),
        (_("已到"), totals.arrived, "done", here),
        (_("未到"), totals.expected - totals.arrived, "wait", ""),
        (_("随行已到"), totals.companions, None, ""),
        (_("临时来宾"), totals.walk_ins, None, ""),
    ]
    return [
        {"label": label, "count": count, "kind": kind, "href": href, "current": False}
        for label, count, kind, href in named
    ]


def _is_a_name(said: actions.Said) -> bool:
    """Typed into the field by a hand without script: then it is a search."""
    return bool(said.code) and not forms.is_code(said.code) and not is_htmx() and not _asks_for_json()


def _answer(edition: Edition, answered: queries.Answer) -> Any:
    verdict = verdicts.verdict(answered)
    if _asks_for_json():
        return make_response(verdict.told())
    if not is_htmx():
        return done(then=url_for("reception.desk", slug=edition.slug, arrival=answered.check_in.nonce))
    return page("reception/_verdict.html", desk_name=answered.check_in.desk, edition=edition, verdict=verdict)


def _asks_for_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
