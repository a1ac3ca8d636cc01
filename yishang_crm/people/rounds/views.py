"""Rounds of confirmation and the proposals that came in."""

from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.db import begin_writing
from yishang_crm.core.shown import told
from yishang_crm.core.web import done, is_htmx, needs, page, two_step
from yishang_crm.outbox.reading import LABELS
from yishang_crm.outbox.words import paragraphs
from yishang_crm.people import queries as people
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import Person
from yishang_crm.people.rounds import actions, letters, queries, words
from yishang_crm.people.rounds.forms import AcceptForm, RefuseForm, RoundForm
from yishang_crm.people.rounds.models import ChangeProposal, ConfirmationRound, ProposedField, RoundEntry

bp = Blueprint("rounds", __name__, url_prefix="/people")


@bp.get("/rounds")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    return page("people/rounds/index.html", **_listed(RoundForm(formdata=None, query=_query(request.args))))


@bp.post("/rounds")
@needs(Permission.PEOPLE_WRITE)
@two_step
def begin() -> Any:
    form = RoundForm()
    filters = _filters(form.query.data or "")
    if not form.validate():
        return page("people/rounds/index.html", **_listed(form), status=422)
    begin_writing()
    begun = actions.begin_round(
        g.actor, name=form.name.data, due_on=form.day, filters=filters, query=filters.said
    )
    return _filled(begun)


@bp.post("/rounds/<int:round_id>/people")
@needs(Permission.PEOPLE_WRITE)
@two_step
def fill(round_id: int) -> Any:
    """Go on where filling was cut off."""
    found = queries.confirmation_round(g.actor, round_id) or abort(404)
    begin_writing()
    actions.fill_round(g.actor, found, filters=Filters.read(found.filters))
    return _filled(found)


def _filled(begun: ConfirmationRound) -> Any:
    flash(_("%(count)s人已分到各单位的核对名单。", count=f"{begun.people:,}"), "done")
    return done(then=url_for("rounds.show", round_id=begun.id))


@bp.get("/rounds/<int:round_id>")
@needs(Permission.PEOPLE_READ)
def show(round_id: int) -> Any:
    found = queries.confirmation_round(g.actor, round_id) or abort(404)
    return page("people/rounds/round.html", "people/rounds/_worklist.html", **_shown(found))


@bp.get("/rounds/<int:round_id>/letters")
@needs(Permission.PEOPLE_WRITE)
def letters_of_round(round_id: int) -> Any:
    found = queries.confirmation_round(g.actor, round_id) or abort(404)
    return page("people/rounds/letters.html", **_letters(found))


@bp.post("/rounds/<int:round_id>/letters")
@needs(Permission.PEOPLE_WRITE)
def write_letters(round_id: int) -> Any:
    found = queries.confirmation_round(g.actor, round_id) or abort(404)
    written, refused = actions.write_letters(g.actor, found)
    flash(_("写好%(count)s封，都在待发里，放行以后才会发出。", count=len(written)), "done")
    if refused:
        flash(_("%(count)s人没有写，原因列在下面。", count=len(refused)), "wait")
    return done(then=url_for("rounds.letters_of_round", round_id=found.id))


@bp.post("/rounds/<int:round_id>/closure")
@needs(Permission.PEOPLE_WRITE)
def close(round_id: int) -> Any:
    found = queries.confirmation_round(g.actor, round_id) or abort(404)
    actions.close_round(g.actor, found)
    flash(_("这一轮核对已结束。"), "done")
    return done(then=url_for("rounds.show", round_id=found.id))


@bp.get("/rounds/entries/<int:entry_id>")
@needs(Permission.PEOPLE_READ)
def show_entry(entry_id: int) -> Any:
    """For the outbox, which knows an entry by number only."""
    _found, person = _entry(entry_id)
    return redirect(url_for("person.show", person_id=person.id))


@bp.post("/rounds/entries/<int:entry_id>/confirmation")
@needs(Permission.PEOPLE_WRITE)
def confirm(entry_id: int) -> Any:
    entry, person = _entry(entry_id)
    actions.confirm_entry(g.actor, entry, person)
    return _answered(entry, person)


@bp.post("/rounds/entries/<int:entry_id>/miss")
@needs(Permission.PEOPLE_WRITE)
def miss(entry_id: int) -> Any:
    entry, person = _entry(entry_id)
    actions.miss_entry(g.actor, entry, person)
    return _answered(entry, person)


@bp.post("/rounds/entries/<int:entry_id>/link")
@needs(Permission.PEOPLE_WRITE)
def open_link(entry_id: int) -> Any:
    entry, person = _entry(entry_id)
    address = actions.open_link(g.actor, entry, person)
    return page("people/rounds/link.html", person=person, address=address, round_id=entry.round_id)


@bp.get("/proposals")
@needs(Permission.PEOPLE_READ)
def proposals() -> Any:
    return page("people/rounds/proposals.html", **_proposals())


@bp.post("/proposals/<int:proposal_id>/acceptance")
@needs(Permission.PEOPLE_WRITE)
def accept(proposal_id: int) -> Any:
    proposal, person = _proposal(proposal_id)
    form = AcceptForm()
    if not form.validate():
        return page("people/rounds/proposals.html", **_proposals(), status=422)
    how = form.values if proposal.field == ProposedField.POST else {}
    actions.accept_proposal(g.actor, proposal, person, **how)
    flash(_("已采纳，%(name)s的资料已改。", name=person.name), "done")
    return done(then=url_for("rounds.proposals"))


@bp.post("/proposals/<int:proposal_id>/refusal")
@needs(Permission.PEOPLE_WRITE)
def refuse(proposal_id: int) -> Any:
    proposal, person = _proposal(proposal_id)
    form = RefuseForm()
    if not form.validate():
        return page("people/rounds/proposals.html", **_proposals(wrong=(proposal.id, form)), status=422)
    actions.refuse_proposal(g.actor, proposal, person, reason=form.reason.data)
    return done(then=url_for("rounds.proposals"))


def _entry(entry_id: int) -> tuple[RoundEntry, Person]:
    entry = queries.entry(g.actor, entry_id) or abort(404)
    return entry, people.person(g.actor, entry.person_id) or abort(404)


def _proposal(proposal_id: int) -> tuple[ChangeProposal, Person]:
    proposal = queries.proposal(g.actor, proposal_id, hold=True) or abort(404)
    return proposal, people.person(g.actor, proposal.person_id) or abort(404)


def _answered(entry: RoundEntry, person: Person) -> Any:
    if is_htmx():
        return page(
            "people/rounds/_answered.html", "people/rounds/_answered.html", entry=entry, person=person
        )
    return done(then=url_for("rounds.show", round_id=entry.round_id))


def _query(args: Any) -> str:
    return urlencode([(name, value) for name, value in args.items(multi=True) if value and name != "page"])[
        :500
    ]


def _filters(query: str) -> Filters:
    """What the list's address said, also to whoever goes on with the round."""
    return Filters.read(MultiDict(parse_qsl(query))).as_of(g.actor)


def _listed(form: RoundForm) -> dict[str, Any]:
    filters = _filters(form.query.data or "")
    return {
        "form": form,
        "rounds": queries.rounds(g.actor),
        "count": queries.how_many(g.actor, filters, most=actions.MOST_PEOPLE),
        "most": actions.MOST_PEOPLE,
        "list_address": f"{url_for('people.index')}?{form.query.data or ''}",
        "day": today(),
        "may_fill": g.actor.may(Permission.PEOPLE_EXPORT) and g.actor.may(Permission.PEOPLE_OPEN_CONTACT),
        # Who sees all picks the unit on the round's page.
        "fills_own": not g.actor.sees_all,
    }


def _shown(found: ConfirmationRound) -> dict[str, Any]:
    part = queries.Asked(
        state=request.args.get("state", "waiting"),
        unit_id=asked.number(request.args, "unit"),
        mine=request.args.get("whose") == "mine",
    )
    number = asked.page_number(request.args)
    said = {"state": part.state, "unit": part.unit_id or "", "whose": "mine" if part.mine else ""}

    def address(**changes: Any) -> str:
        kept = {name: value for name, value in (said | changes).items() if value}
        return url_for("rounds.show", round_id=found.id, **kept)

    return {
        "found": found,
        "asked": part,
        "progress": queries.progress(g.actor, found),
        "lines": queries.worklist(g.actor, found, part, page=number),
        "total": queries.count_of(g.actor, found, part),
        "number": number,
        "labels": LABELS,
        "address": address,
        "states": [*words.STATES, *(one for one in words.BY_LETTER if one[0] == part.state)],
        "may_fill": found.is_open
        and g.actor.may(Permission.PEOPLE_EXPORT)
        and g.actor.may(Permission.PEOPLE_OPEN_CONTACT),
        "may_write_letters": found.takes_answers(on=today()) and g.actor.may(Permission.PEOPLE_WRITE),
        "may_close": g.actor.sees_all or found.unit_id in g.actor.unit_ids,
        "day": today(),
    }


LOOKED_AT = 200


def _letters(found: ConfirmationRound) -> dict[str, Any]:
    """The first two hundred are looked at beforehand: whom nobody can address yet, and one letter as it would be."""
    reach = queries.reach(g.actor, found)
    looked_at = list(islice(queries.addressed(g.actor, found), LOOKED_AT))
    checked = [(one, letters.why_not(one)) for one in looked_at]
    fit = [one for one, why in checked if why is None]
    return {
        "found": found,
        "ready": reach.ready,
        "stages": [
            {
                "count": count,
                "label": _(label),
                "href": url_for("rounds.show", round_id=found.id, state=state),
                "current": False,
            }
            for (state, label), count in zip(
                words.BY_LETTER, (reach.ready, reach.written, reach.no_mail), strict=True
            )
        ],
        "no_mail": reach.no_mail,
        "lacking": [(one, why) for one, why in checked if why is not None],
        "looked_at": len(looked_at),
        "told": told,
        "sample": letters.confirmation(fit[0]) if fit else None,
        "sample_of": fit[0] if fit else None,
        "lines": paragraphs,
        "at_once": actions.LETTERS_AT_ONCE,
        "takes_answers": found.takes_answers(on=today()),
        "may_read_outbox": g.actor.may(Permission.OUTBOX_READ),
        "labels": LABELS,
    }


def _proposals(wrong: tuple[int | None, RefuseForm] | None = None) -> dict[str, Any]:
    return {
        "waiting": queries.waiting_proposals(g.actor),
        "say": words.say,
        "wrong": wrong,
        "accept_form": AcceptForm(formdata=None),
        "refuse_form": RefuseForm(formdata=None),
        "divided": lambda text: text.rpartition(" ")[::2] if " " in text else (text, ""),
    }
