"""What this room shows on a person's page: to which editions they were invited, and what came of it."""

from typing import Any

from flask import abort, g
from flask_babel import gettext as _

from yishang_crm.conference import queries
from yishang_crm.conference.models import Onsite
from yishang_crm.conference.views.blueprint import bp
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries as people


@bp.get("/people/<int:person_id>")
@needs(Permission.CONFERENCE_READ)
def person_panel(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    rows = queries.editions_of_person(g.actor, person_id)
    came = sum(guest.onsite in (Onsite.CHECKED_IN, Onsite.LEFT) for guest, _edition in rows)
    return page(
        "conference/person_panel.html",
        "conference/_person_panel.html",
        person=person,
        rows=rows,
        summary=_("邀过%(invited)s届，来过%(came)s届", invited=len(rows), came=came)
        if rows
        else _("还没有邀请过"),
    )
