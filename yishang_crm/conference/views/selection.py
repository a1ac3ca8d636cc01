"""Nominating a selection of the people list: whoever is ticked there, or all that its conditions find."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.conference import actions, queries
from yishang_crm.conference.forms import NominationForm
from yishang_crm.conference.models import Edition
from yishang_crm.conference.views.blueprint import bp, tell_refused
from yishang_crm.conference.views.nominations import nomination_form, said
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.core.words import N_
from yishang_crm.people import queries as people
from yishang_crm.people.acts import Act, Selection, add_act
from yishang_crm.people.models import Person

MOST = 500


def open_act() -> None:
    """Hang it on the bar of the people list."""
    nominate = Permission.CONFERENCE_NOMINATE
    add_act(Act("nominate", N_("提名参会"), "conference.selected", nominate, order=60))


@bp.get("/people/nominations")
@needs(Permission.CONFERENCE_NOMINATE)
def selected() -> Any:
    return _page(Selection.read(request.args), nomination_form())


@bp.post("/people/nominations")
@needs(Permission.CONFERENCE_NOMINATE)
def nominate_selected() -> Any:
    # Not `edition`: a condition of the list is called so.
    edition = queries.edition(request.form.get("slug", "")) or abort(422)
    selection, form = Selection.read(request.form), nomination_form()
    if not form.validate():
        return _page(selection, form, status=422)
    chosen = people.people_chosen(g.actor, selection, most=MOST + 1)
    expected = asked.number(request.form, "expected")
    nominated, refused = actions.nominate_many(g.actor, edition, chosen, expected=expected, **said(form))
    flash(_("已提名%(count)s位。", count=len(nominated)), "done" if nominated else "wait")
    tell_refused([(person.name, why) for person, why in refused])
    return done(then=url_for("conference.guests", slug=edition.slug, approval="open"))


def _page(selection: Selection, form: NominationForm, *, status: int = 200) -> Any:
    chosen = people.people_chosen(g.actor, selection, most=MOST + 1)
    return page(
        "conference/selection.html",
        selection=selection,
        count=len(chosen),
        most=MOST,
        plans=[_plan(edition, chosen) for edition in queries.open_editions()],
        slug=request.form.get("slug", ""),
        form=form,
        status=status,
    )


def _plan(edition: Edition, chosen: Sequence[Person]) -> dict[str, Any]:
    """How many of the selection can be nominated, are on the list already, or may not be invited."""
    listed = queries.listed(g.actor, edition, [person.id or 0 for person in chosen])
    standing = {person_id for person_id, guest in listed.items() if guest.stands}
    barred = sum(1 for person in chosen if not person.may_be_invited and person.id not in standing)
    return {
        "edition": edition,
        "standing": len(standing),
        "barred": barred,
        "free": len(chosen) - len(standing) - barred,
    }
