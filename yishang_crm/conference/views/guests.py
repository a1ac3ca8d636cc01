"""The guest list: its address is the view; and what is done to a selection."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions, queries, words
from yishang_crm.conference.models import Approval, Category, Edition, Guest, Reply
from yishang_crm.conference.queries import Filters
from yishang_crm.conference.views.blueprint import (
    bp,
    chosen_guests,
    edition_or_404,
    filters_of,
    guests_at,
    in_portions,
    page_number,
    place,
    tabs,
    tell_refused,
)
from yishang_crm.conference.views.editions import inviting_units
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.core.words import N_


@bp.get("/<slug>/guests")
@needs(Permission.CONFERENCE_READ)
def guests(slug: str) -> Any:
    edition, filters, number = edition_or_404(slug), filters_of(request.args), page_number()
    found = queries.page_of_guests(g.actor, edition, filters, page=number)
    total = queries.count_guests(g.actor, edition, filters)
    return page(
        "conference/guests.html",
        "conference/_guests.html",
        edition=edition,
        tabs=tabs(edition),
        filters=filters,
        cards=queries.cards(g.actor, found),
        chips=_chips(edition, filters),
        choices=_choices(),
        place=place(number, len(found), total),
        address=lambda **changes: guests_at(edition, filters, **changes),
    )


@bp.get("/guests/<int:guest_id>")
@needs(Permission.CONFERENCE_READ)
def guest_by_number(guest_id: int) -> Any:
    """For other rooms, which know a guest by number only."""
    guest = queries.guest(g.actor, guest_id) or abort(404)
    edition = queries.edition_by_id(guest.edition_id)
    return redirect(url_for("conference.guest", slug=edition.slug, guest_id=guest.id))


@bp.post("/<slug>/guests/selection")
@needs(Permission.CONFERENCE_READ)
@two_step
def selection(slug: str) -> Any:
    """What the bar of a selection does; each act asks for its own permission."""
    edition = edition_or_404(slug)
    carry_out = _ACTS.get(request.form.get("act", "")) or abort(422)
    carry_out(edition, chosen_guests(edition))
    return done(then=guests_at(edition, filters_of(request.args)))


def approve_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    at, note = now(), request.form.get("note", "")[:200].strip()
    count = sum(
        actions.approve_many(g.actor, edition, some, at=at, note=note) for some in in_portions(chosen)
    )
    undo = url_for("conference.undo_approvals", slug=edition.slug, at=at.isoformat()) if count else ""
    text = _("已审定%(count)s位。", count=count)
    flash({"text": text, "undo": undo} if undo else text, "done")


def make_letters_of_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    made, refused = 0, []
    for some in in_portions(chosen):
        done_now, refused_now = actions.make_letters(g.actor, edition, some)
        made += len(done_now)
        refused += [(one.name, why) for one, why in refused_now]
    flash(_("已制函%(count)s份。", count=made), "done")
    tell_refused(refused)


def post_letters_of_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    posted, refused = 0, []
    for some in in_portions(chosen):
        posted_now, refused_now = actions.post_letters(g.actor, edition, some)
        posted += len(posted_now)
        refused += [(one.name, why) for one, why in refused_now]
    flash(_("%(count)s封已交发件箱，等会务组放行。", count=posted), "done")
    tell_refused(refused)


def withdraw_selection(edition: Edition, chosen: Sequence[Guest]) -> None:
    note = request.form.get("note", "")[:200].strip()
    names = {card.guest.id: card.name for card in queries.cards(g.actor, chosen)}
    count, refused = 0, []
    for some in in_portions(chosen):
        withdrawn, refused_now = actions.withdraw_many(g.actor, edition, some, note=note)
        count += withdrawn
        refused += [(names[guest.id], why) for guest, why in refused_now]
    flash(_("已撤回%(count)s位。", count=count), "done")
    tell_refused(refused)


_ACTS: dict[str, Callable[[Edition, Sequence[Guest]], None]] = {
    "approve": approve_selection,
    "letters": make_letters_of_selection,
    "post": post_letters_of_selection,
    "withdraw": withdraw_selection,
}


def _chips(edition: Edition, filters: Filters) -> list[tuple[str, str, str]]:
    unit = accounts.unit(filters.unit) if filters.unit else None
    in_force = [
        (_("搜索"), filters.q, "q"),
        (_("单位"), unit.short_name if unit else "", "unit"),
        (_("审定"), _said(Approval, filters.approval, _APPROVALS), "approval"),
        (_("答复"), _said(Reply, filters.reply, words.REPLIES), "reply"),
        (_("函件"), _(words.LETTERS[filters.letter]) if filters.letter in words.LETTERS else "", "letter"),
        (_("行程"), _("已齐") if filters.logistics else "", "logistics"),
        (
            _("到会"),
            _("已报到") if filters.onsite == "checked_in" else filters.onsite and _("未到会"),
            "onsite",
        ),
        (_("类别"), _said(Category, filters.category, {}), "category"),
        (_("等级"), filters.level, "level"),
    ]
    return [
        (label, said, guests_at(edition, filters, **{name: ""})) for label, said, name in in_force if said
    ]


_APPROVALS = {"open": N_("待审"), "standing": N_("在列")}


def _said(values: Any, value: str, groups: dict[str, str]) -> str:
    if value in groups:
        return _(groups[value])
    return str(words.say(values(value))) if value in set(values) else value


def _choices() -> dict[str, Any]:
    return {
        "units": inviting_units() if g.actor.sees_all else [],
        "approvals": words.choices(Approval),
        "replies": [*((one, words.say_reply(one)) for one in words.REPLIES), *words.choices(Reply)],
        "letters": [(one, words.say_letter(one)) for one in words.LETTERS],
        "categories": words.choices(Category),
    }
