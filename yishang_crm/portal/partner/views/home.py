"""The first page: who you are to us, what waits, what became of whom you introduced."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from yishang_crm.conference import tokens
from yishang_crm.conference.models import Reply
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now, today
from yishang_crm.core.shown import day
from yishang_crm.core.web import needs, page
from yishang_crm.network import queries as network
from yishang_crm.portal.partner import queries, words
from yishang_crm.portal.partner.views.pages import bp


@bp.get("/portal")
@needs(Permission.PORTAL_USE)
def home() -> Any:
    details = network.own_details(g.actor)
    if details is None:
        return page("portal/partner/nobody.html")
    charges = network.charges(g.actor)
    leads = queries.leads(g.actor, charges)
    introduced = {lead.introduction.person_id for lead in leads}
    term = network.own_appointment(g.actor)
    edition = queries.open_edition()
    return page(
        "portal/partner/home.html",
        called=words.called(details),
        greeting=words.greeting(now()),
        term=term,
        keeper=term or network.keeper_of(g.actor),
        invitation=_invitation(edition),
        edition=edition,
        confirmed=words.since(details.person.confirmed_at, today=today()),
        leads=leads,
        steps=[_("收到"), _("接手"), _("联系过")],
        charges=[charge for charge in charges if charge.person.id not in introduced],
    )


def _invitation(edition: Any) -> dict[str, Any] | None:
    """The first task: to answer one's own invitation while answers are taken."""
    guest = queries.own_invitation(g.actor, edition) if edition else None
    if guest is None or not edition.takes_replies(on=today()):
        return None
    left = (edition.reply_until - today()).days
    until = _("%(day)s截止，还有%(left)s天", day=day(edition.reply_until), left=left)
    return {
        "token": tokens.token(guest),
        "is_open": guest.reply in (Reply.NONE, Reply.TENTATIVE),
        "until": until if left else _("今天截止"),
    }
