"""The yearly return: a unit's own sheet of a round, and a blank one to start with. It comes back as any import does."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, send_file, url_for

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import db, writing
from yishang_crm.core.retention import kept_for
from yishang_crm.core.web import done, needs, two_step
from yishang_crm.people.exports import making
from yishang_crm.people.exports.models import Form
from yishang_crm.people.exports.views import KINDS
from yishang_crm.people.returns import actions, paper, queries
from yishang_crm.people.rounds import queries as rounds

bp = Blueprint("returns", __name__, url_prefix="/people")


@bp.get("/returns/blank")
@needs(Permission.PEOPLE_READ)
def blank() -> Response:
    own = accounts.unit(g.actor.unit_id) if g.actor.unit_id else None
    answer = send_file(
        BytesIO(paper.blank(own.name if own else "")),
        mimetype=KINDS[Form.EXCEL],
        as_attachment=True,
        download_name="年度报送表（空表）.xlsx",
    )
    answer.headers["Cache-Control"] = "no-store"  # it names the reader's unit
    return answer


@bp.post("/rounds/<int:round_id>/return")
@needs(Permission.PEOPLE_EXPORT)
@two_step
def ask(round_id: int) -> Any:
    """A POST, because phones are opened; the file is fetched from the export's own page."""
    found = rounds.confirmation_round(g.actor, round_id) or abort(404)
    unit = queries.unit_to_fill(g.actor, asked.number(request.form, "unit")) or abort(404)
    with writing():
        export = actions.ask_for_return(g.actor, found, unit_id=unit.id or 0, unit=unit.name)
        db.session.commit()
    making.make(g.actor, export.id or 0, current_app.config["SETTINGS"], keep=kept_for("exports"))
    return done(then=url_for("people_export.show", export_id=export.id))
