"""Who answered, newest first; and who has not, by the unit that owns them."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from yishang_crm.conference import queries, words
from yishang_crm.conference.models import Reply
from yishang_crm.conference.queries import COUNTED
from yishang_crm.conference.views.blueprint import bp, edition_or_404, guests_at, page_number, place, tabs
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page


@bp.get("/<slug>/replies")
@needs(Permission.CONFERENCE_READ)
def replies(slug: str) -> Any:
    edition, number = edition_or_404(slug), page_number()
    figures = queries.figures(g.actor, edition)
    latest = queries.latest_answers(g.actor, edition, COUNTED["answered"], page=number)
    return page(
        "conference/replies.html",
        edition=edition,
        tabs=tabs(edition),
        figures=figures,
        stages=_stages(edition, figures.count),
        cards=queries.cards(g.actor, latest),
        late=[one for one in queries.figures_by_unit(g.actor, edition) if one.unanswered],
        unanswered=lambda unit: guests_at(edition, COUNTED["unanswered"], unit=unit.id),
        place=place(number, len(latest), figures.count["answered"]),
        address=lambda page: url_for("conference.replies", slug=slug, page=page),
    )


def _stages(edition: Any, count: dict[str, int]) -> list[dict[str, Any]]:
    named: list[tuple[str, Any, str | None]] = [
        ("accepted", words.say(Reply.ACCEPTED), "done"),
        ("delegated", words.say(Reply.DELEGATED), "info"),
        ("tentative", words.say(Reply.TENTATIVE), "wait"),
        ("waiting", words.say_reply("waiting"), "wait"),
        ("declined", words.say(Reply.DECLINED), "off"),
        ("cancelled", words.say(Reply.CANCELLED), "off"),
        ("unanswered", _("有函未复"), ""),
    ]
    return [
        {
            "count": count[name],
            "label": label,
            "kind": kind,
            "href": guests_at(edition, COUNTED[name]),
            "current": False,
        }
        for name, label, kind in named
    ]
