"""Deciding on what was nominated."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.conference.queries import Filters
from yishang_crm.conference.views.blueprint import (
    bp,
    chosen_guests,
    edition_or_404,
    filters_of,
    in_portions,
    page_number,
    place,
    tabs,
)
from yishang_crm.conference.views.editions import inviting_units
from yishang_crm.conference.views.guests import approve_selection
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page, two_step


@bp.get("/<slug>/approval")
@needs(Permission.CONFERENCE_APPROVE)
def approval(slug: str) -> Any:
    """What waits for a decision, a unit's or all; the reserves stand under their own view."""
    edition, number = edition_or_404(slug), page_number()
    filters = _filters()
    found = queries.page_of_guests(g.actor, edition, filters, page=number)
    total = queries.count_guests(g.actor, edition, filters)
    return page(
        "conference/approval.html",
        edition=edition,
        tabs=tabs(edition),
        filters=filters,
        cards=queries.cards(g.actor, found),
        units=inviting_units() if g.actor.sees_all else [],
        place=place(number, len(found), total),
        address=lambda **changes: _address(edition, filters, **changes),
    )


@bp.post("/<slug>/approval")
@needs(Permission.CONFERENCE_APPROVE)
@two_step
def decide(slug: str) -> Any:
    """Approve, reserve or reject the ticked ones, or all that the view finds."""
    edition = edition_or_404(slug)
    carry_out = _ACTS.get(request.form.get("act", "")) or abort(422)
    chosen = (
        queries.all_guests(g.actor, edition, _filters())
        if request.form.get("matching")
        else chosen_guests(edition)
    )
    carry_out(edition, chosen)
    return done(then=_address(edition, _filters()))


@bp.post("/<slug>/approval/undo")
@needs(Permission.CONFERENCE_APPROVE)
def undo_approvals(slug: str) -> Any:
    """What was approved in one go goes back, as far as no letter was made."""
    edition = edition_or_404(slug)
    at = _moment(request.args.get("at", "")) or abort(422)
    count = actions.undo_approvals(g.actor, edition, at=at)
    flash(_("已撤销%(count)s位的审定。", count=count), "done")
    return done(then=url_for("conference.approval", slug=slug))


def reserve_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    note = _note()
    count = sum(actions.reserve_many(g.actor, edition, some, note=note) for some in in_portions(chosen))
    flash(_("已列备选%(count)s位。", count=count), "done")


def reject_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    note = _note()
    count = sum(actions.reject_many(g.actor, edition, some, note=note) for some in in_portions(chosen))
    flash(_("已记下%(count)s位不予邀请，推荐单位看得到理由。", count=count), "done")


_ACTS: dict[str, Callable[[Edition, Sequence[Guest]], None]] = {
    "approve": approve_selection,
    "reserve": reserve_selection,
    "reject": reject_selection,
}


def _filters() -> Filters:
    asked = filters_of(request.args)
    return Filters(q=asked.q, unit=asked.unit, approval="reserve" if asked.approval == "reserve" else "open")


def _address(edition: Edition, filters: Filters, **changes: Any) -> str:
    said = filters.said | changes
    if said.get("approval") == "open":
        del said["approval"]
    return url_for(
        "conference.approval", slug=edition.slug, **{name: value for name, value in said.items() if value}
    )


def _note() -> str:
    return request.form.get("note", "")[:200].strip()


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
