"""Letters of an edition: which can be made and why others cannot, which wait to be posted, the register."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from yishang_crm.conference import actions, queries, wording
from yishang_crm.conference.letters import why_not
from yishang_crm.conference.papers.letters import letters_pdf
from yishang_crm.conference.queries import COUNTED, PAGE
from yishang_crm.conference.views.blueprint import (
    bp,
    edition_or_404,
    guests_at,
    page_number,
    paper_file,
    place,
    tabs,
)
from yishang_crm.conference.views.guests import make_letters_of_selection, post_letters_of_selection
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step

SHOWN = 50


@bp.get("/<slug>/letters")
@needs(Permission.CONFERENCE_LETTER)
def letters(slug: str) -> Any:
    edition, number = edition_or_404(slug), page_number()
    unmade = queries.without_letter(g.actor, edition)
    unposted = queries.unposted(g.actor, edition)
    register = queries.numbered(g.actor, edition, page=number)
    listed = {guest.id: guest for guest in (*unmade, *unposted, *register)}
    known = {one.guest.id: one for one in queries.invitations(g.actor, edition, list(listed.values()))}
    checked = [(known[guest.id], why_not(known[guest.id])) for guest in unmade]
    figures = queries.figures(g.actor, edition)
    return page(
        "conference/letters.html",
        edition=edition,
        tabs=tabs(edition),
        ready=[one for one, why in checked if why is None],
        lacking=[(one, why) for one, why in checked if why is not None],
        unposted=[known[guest.id] for guest in unposted if known[guest.id].email],
        without_address=[known[guest.id] for guest in unposted if not known[guest.id].email],
        register=[known[guest.id] for guest in register],
        messages=queries.messages_of(g.actor, register),
        shown=SHOWN,
        number=lambda one: wording.letter_number(edition, one.guest.letter_number),
        place=place(number, len(register), figures.count["made"]),
        stages=_stages(edition, figures.count),
    )


@bp.post("/<slug>/letters")
@needs(Permission.CONFERENCE_LETTER)
@two_step
def make_letters(slug: str) -> Any:
    """Make all that can be made."""
    edition = edition_or_404(slug)
    unmade = queries.invitations(g.actor, edition, queries.without_letter(g.actor, edition))
    make_letters_of_selection(edition, [one.guest for one in unmade if why_not(one) is None])
    return done(then=url_for("conference.letters", slug=slug))


@bp.post("/<slug>/letters/posting")
@needs(Permission.CONFERENCE_LETTER)
@two_step
def post_letters(slug: str) -> Any:
    """Give all that have a letter and an address to the outbox, where they are held until somebody lets them go."""
    edition = edition_or_404(slug)
    unposted = queries.invitations(g.actor, edition, queries.unposted(g.actor, edition))
    post_letters_of_selection(edition, [one.guest for one in unposted if one.email])
    return done(then=url_for("conference.letters", slug=slug))


@bp.post("/<slug>/letters/print")
@needs(Permission.CONFERENCE_LETTER)
@two_step
def print_letters(slug: str) -> Any:
    """The register's page as one document for the printer; the opening is recorded before the press begins."""
    edition = edition_or_404(slug)
    number = asked.page_number(request.form)
    register = queries.numbered(g.actor, edition, page=number)
    begin_writing()
    papers = actions.open_letters(g.actor, edition, register)
    end_transaction()
    first = (number - 1) * PAGE + 1
    return paper_file(
        letters_pdf(papers), kind="application/pdf", name=_("邀请函%(first)s起.pdf", first=first)
    )


def _stages(edition: Any, count: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "approved": _("审定"),
        "unmade": _("未制函"),
        "made": _("已制函"),
        "unposted": _("已制未交发"),
        "outbox": _("待发"),
        "sent": _("已发出"),
        "failed": _("没发成"),
    }
    return [
        {"count": count[name], "label": label, "href": guests_at(edition, COUNTED[name]), "current": False}
        for name, label in labels.items()
    ]
