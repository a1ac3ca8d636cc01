"""`/network`: what waits, what ends, who is appointed."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now, today
from yishang_crm.core.web import needs, page
from yishang_crm.network import queries, words
from yishang_crm.network.models import AppointmentKind
from yishang_crm.network.queries.appointments import PAGE
from yishang_crm.network.views.pages import bp


@bp.get("/network")
@needs(Permission.NETWORK_READ)
def index() -> Any:
    wanted, number = request.args.get("kind", ""), asked.page_number(request.args)
    kind = AppointmentKind(wanted) if wanted in set(AppointmentKind) else None
    ended = wanted == "ended"
    rows = queries.page_of_appointments(g.actor, kind=kind, ended=ended, page=number)
    is_first = number == 1 and not wanted
    return page(
        "network/index.html",
        waiting=queries.waiting(g.actor) if is_first else [],
        ending=queries.ending(g.actor, today=today()) if is_first else [],
        rows=rows[:PAGE],
        views=_views(wanted, queries.count_by_kind(g.actor)),
        is_first=is_first,
        previous=_address(wanted, number - 1) if number > 1 else "",
        following=_address(wanted, number + 1) if len(rows) > PAGE else "",
        day=today(),
        moment_now=now(),
    )


def _address(wanted: str, number: int) -> str:
    return url_for("network.index", kind=wanted or None, page=number if number > 1 else None)


def _views(wanted: str, counts: dict[AppointmentKind, int]) -> list[dict[str, Any]]:
    """All, one for each kind, and those that have ended; the counts are of the lists they lead to."""
    kinds = [(kind.value, words.say(kind), counts.get(kind, 0)) for kind in AppointmentKind]
    every = [("", _("全部在聘"), sum(counts.values())), *kinds, ("ended", _("已结束"), None)]
    return [
        {"label": label, "href": _address(value, 1), "current": value == wanted, "count": count}
        for value, label, count in every
    ]
