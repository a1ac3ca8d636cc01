"""The room's one blueprint: how a page finds its edition and guest, what its templates know, and long bulk acts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, flash, g, request, send_file, url_for
from flask_babel import gettext as _

from yishang_crm.conference import queries, words
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.conference.queries import PAGE, Filters
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.errors import HouseError
from yishang_crm.core.shown import clock, told

bp = Blueprint("conference", __name__, url_prefix="/conferences")

Row = TypeVar("Row")
PORTION = 100


def edition_or_404(slug: str) -> Edition:
    return queries.edition(slug) or abort(404)


def guest_or_404(slug: str, guest_id: int) -> tuple[Edition, Guest]:
    """A guest of this edition whom the actor may see."""
    edition, guest = edition_or_404(slug), queries.guest(g.actor, guest_id)
    if guest is None or guest.edition_id != edition.id:
        abort(404)
    return edition, guest


@bp.context_processor
def room_words() -> dict[str, Any]:
    """What the templates of this room say, and what their reader may do."""
    return {
        "say": words.say,
        "kind": words.kind,
        "state_of": words.state_of,
        "told": told,
        "clock": clock,
        "may": {
            "manage": g.actor.may(Permission.CONFERENCE_MANAGE),
            "nominate": g.actor.may(Permission.CONFERENCE_NOMINATE),
            "approve": g.actor.may(Permission.CONFERENCE_APPROVE),
            "letter": g.actor.may(Permission.CONFERENCE_LETTER),
            "record": g.actor.may(Permission.CONFERENCE_RECORD_REPLY),
            "edit_people": g.actor.may(Permission.PEOPLE_WRITE),
            "outbox": g.actor.may(Permission.OUTBOX_READ),
        },
        "sees_all": g.actor.sees_all,
        "guests_at": guests_at,
    }


@dataclass(frozen=True)
class Tab:
    """One of the pages of an edition."""

    label: str
    href: str
    current: bool
    count: int | None = None


def tabs(edition: Edition) -> list[Tab]:
    """The pages of an edition that the reader may open."""
    actor = g.actor
    named = [
        (_("看板"), "board", Permission.CONFERENCE_READ),
        (_("嘉宾"), "guests", Permission.CONFERENCE_READ),
        (_("提名"), "nominations", Permission.CONFERENCE_NOMINATE),
        (_("审定"), "approval", Permission.CONFERENCE_APPROVE),
        (_("函件"), "letters", Permission.CONFERENCE_LETTER),
        (_("答复"), "replies", Permission.CONFERENCE_READ),
        (_("名额"), "quotas", Permission.CONFERENCE_READ),
    ]
    shown = [
        Tab(label, url_for(f"conference.{name}", slug=edition.slug), request.endpoint == f"conference.{name}")
        for label, name, permission in named
        if actor.may(permission)
    ]
    # The room of the desks stands above this one and hangs its page under the same address.
    if actor.may(Permission.RECEPTION_READ):
        shown.append(Tab(_("报到"), f"/conferences/{edition.slug}/reception", current=False))
    return shown


def guests_at(edition: Edition, filters: Filters | None = None, **changes: Any) -> str:
    """The address of the guest list under some filters."""
    said = (filters.said if filters else {}) | changes
    return url_for(
        "conference.guests", slug=edition.slug, **{name: value for name, value in said.items() if value}
    )


def filters_of(args: Any) -> Filters:
    """The filters an address says; what it says wrongly finds nobody."""
    return Filters(
        q=args.get("q", "")[:200].strip(),
        unit=asked.number(args, "unit"),
        **{name: args.get(name, "")[:20] for name in _NAMED},
    )


_NAMED = ("approval", "reply", "logistics", "onsite", "letter", "category", "level")


def chosen_guests(edition: Edition) -> Sequence[Guest]:
    """The ticked ones, or all that the list's filters find."""
    if request.form.get("matching"):
        return queries.all_guests(g.actor, edition, filters_of(request.args))
    ids = asked.numbers(request.form, "id")
    return queries.guests_by_ids(g.actor, edition, ids)


def in_portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """A long list in portions, each kept before the next begins, so that nobody waits long for the write lock."""
    end_transaction()
    begin_writing()
    for first in range(0, len(rows), PORTION):
        yield rows[first : first + PORTION]
        end_transaction()


def tell_refused(refused: Sequence[tuple[str, HouseError]]) -> None:
    """Who was left out of a bulk act and why: five by name, the rest by number."""
    for name, error in refused[:5]:
        sentence = told(error)
        flash(sentence if name in sentence else f"{name}：{sentence}", "wait")
    if len(refused) > 5:
        flash(_("另有%(count)s位也没有办成。", count=len(refused) - 5), "wait")


def place(number: int, shown: int, total: int) -> dict[str, Any]:
    """Where on a list the reader is."""
    first = (number - 1) * PAGE + 1 if shown else 0
    pages = max(1, -(-total // PAGE))
    return {
        "first": first,
        "last": first + shown - 1 if shown else 0,
        "total": total,
        "number": number,
        "pages": pages,
        "has_next": number < pages,
    }


def page_number() -> int:
    return asked.page_number(request.args)


def paper_file(content: bytes, *, kind: str, name: str) -> Response:
    """A finished paper to keep or print."""
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


def value_shown(field: Any) -> str:
    """A field's value as a person reads it."""
    if hasattr(field, "iter_choices"):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "")
    if hasattr(field.data, "hour"):
        return f"{field.data:%Y-%m-%d %H:%M}"
    return "" if field.data is None else str(field.data)
