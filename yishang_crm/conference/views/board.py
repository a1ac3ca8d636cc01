"""The board of an edition: the way from nomination to arrival, seats, units; every number a link to the list it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _

from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Edition
from yishang_crm.conference.queries import COUNTED, Card, Figures, Filters
from yishang_crm.conference.views.blueprint import bp, edition_or_404, guests_at, tabs
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import local, now, today
from yishang_crm.core.web import needs, page

# A board of more cards than this is unusable; then the same people stand in a table.
MOST_CARDS = 150
FIRST = 50


@bp.get("/<slug>/board")
@needs(Permission.CONFERENCE_READ)
def board(slug: str) -> Any:
    edition = edition_or_404(slug)
    figures = queries.figures(g.actor, edition)
    by_stage = figures.count["nominated"] < MOST_CARDS
    return page(
        "conference/board.html",
        edition=edition,
        tabs=tabs(edition),
        figures=figures,
        stages=_stages(edition, figures),
        seats=_seats(edition, figures),
        units=_unit_rows(edition),
        columns=_columns(edition, figures) if by_stage else [],
        cards=[] if by_stage else _first_cards(edition),
        days_left=(local(edition.starts_at).date() - today()).days,
        is_over=edition.ends_at < now(),
        follow_up_day=actions.follow_up_day(edition) if edition.ends_at < now() else None,
    )


def _stages(edition: Edition, figures: Figures) -> list[dict[str, Any]]:
    labels = {
        "nominated": _("提名"),
        "open": _("待审"),
        "approved": _("审定"),
        "made": _("已制函"),
        "sent": _("已发函"),
        "answered": _("已答复"),
        "coming": _("参会和委派"),
        "known": _("行程已齐"),
        "checked_in": _("已报到"),
    }
    return [
        {
            "count": figures.count[name],
            "label": label,
            "href": guests_at(edition, COUNTED[name]),
            "current": False,
        }
        for name, label in labels.items()
    ]


@dataclass(frozen=True)
class Seats:
    """The hall: what is promised, what the unanswered may want, what would be left (negative: too many)."""

    all: int
    taken: int
    estimate: int

    @property
    def left(self) -> int:
        return self.all - self.taken - self.estimate


def _seats(edition: Edition, figures: Figures) -> Seats | None:
    """Only for those who see everyone: a part of the guests says nothing about the hall."""
    if edition.seats is None or not g.actor.sees_all:
        return None
    return Seats(edition.seats, edition.seats_taken, figures.estimate)


def _unit_rows(edition: Edition) -> list[dict[str, Any]]:
    """Each unit with its quota; a unit that has one stands here before its first nomination."""
    own = None if g.actor.sees_all else sorted(g.actor.unit_ids)
    rows: dict[int, dict[str, Any]] = {}
    for quota, unit in queries.quotas(edition, unit_ids=own):
        row = rows.setdefault(unit.id or 0, {"unit": unit, "granted": 0, "left": 0, "figures": None})
        row["granted"] += quota.granted
        row["left"] += quota.left
    for one in queries.figures_by_unit(g.actor, edition):
        row = rows.setdefault(
            one.unit.id or 0, {"unit": one.unit, "granted": None, "left": None, "figures": None}
        )
        row["figures"] = one
    return sorted(rows.values(), key=lambda row: (row["unit"].display_order, row["unit"].id))


@dataclass(frozen=True)
class Column:
    """A stage of the board with its first cards; `count` is that of the list behind `href`."""

    title: str
    note: str
    count: int
    href: str
    cards: Sequence[Card]


def _columns(edition: Edition, figures: Figures) -> list[Column]:
    everyone = queries.cards(g.actor, queries.all_guests(g.actor, edition, Filters(approval="standing")))
    named = [
        ("open", _("待审"), "", lambda guest: guest.approval in ("submitted", "prelim_ok")),
        ("unmade", _("待制函"), "", lambda guest: _is_invited(guest) and guest.letter_number is None),
        (
            "unanswered",
            _("未复"),
            "",
            lambda guest: _is_invited(guest) and guest.letter_number is not None and guest.reply == "none",
        ),
        (
            "accepted",
            _("参会"),
            _("随行%(count)s", count=figures.companions) if figures.companions else "",
            lambda guest: _is_invited(guest) and guest.reply == "accepted",
        ),
        ("delegated", _("委派"), "", lambda guest: _is_invited(guest) and guest.reply == "delegated"),
        ("tentative", _("待定"), "", lambda guest: _is_invited(guest) and guest.reply == "tentative"),
        ("declined", _("婉拒"), "", lambda guest: _is_invited(guest) and guest.reply == "declined"),
    ]
    return [
        Column(
            title,
            note,
            figures.count[name],
            guests_at(edition, COUNTED[name]),
            [card for card in everyone if belongs(card.guest)][:FIRST],
        )
        for name, title, note, belongs in named
        if figures.count[name]
    ]


def _is_invited(guest: Any) -> bool:
    return guest.approval == "approved"


def _first_cards(edition: Edition) -> Sequence[Card]:
    first = queries.page_of_guests(g.actor, edition, Filters(approval="approved"))
    return queries.cards(g.actor, first)
