"""The morning: what is promised for today, and who is owed a call."""

from typing import Any

from flask import g, request, url_for
from flask_babel import get_locale

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.shown import long_day
from yishang_crm.core.web import needs, page
from yishang_crm.followup import almanac, queries
from yishang_crm.followup.queries.cadences import PAGE
from yishang_crm.followup.views.log import fresh_draft
from yishang_crm.followup.views.pages import bp


@bp.get("/today")
@needs(Permission.FOLLOWUP_READ)
def morning() -> Any:
    return page("followup/today.html", "followup/_today.html", **lists(), **_date(), client_id=fresh_draft())


@bp.get("/today/owed")
@needs(Permission.FOLLOWUP_READ)
def owed() -> Any:
    number = asked.page_number(request.args)
    whose = "unit" if request.args.get("whose") == "unit" else "mine"
    when = request.args.get("when", "") if request.args.get("when") in {"overdue", "soon"} else ""
    calls = queries.owed(g.actor, today=today(), whose=whose, when=when, page=number)
    counts = queries.owed_counts(g.actor, today=today(), whose=whose)

    def address(**changes: Any) -> str:
        said = {"whose": "" if whose == "mine" else whose, "when": when} | changes
        return url_for("followup.owed", **{name: value for name, value in said.items() if value})

    return page(
        "followup/owed.html",
        calls=calls,
        posts=queries.posts_of(g.actor, [one.person.id or 0 for one in calls]),
        counts=counts,
        total={"overdue": counts.overdue, "soon": counts.soon}.get(when, counts.overdue + counts.soon),
        whose=whose,
        when=when,
        day=today(),
        number=number,
        address=address,
        before=address(page=number - 1) if number > 1 else "",
        after=address(page=number + 1) if len(calls) == PAGE else "",
    )


def lists() -> dict[str, Any]:
    """What stands on the page apart from its head; deeds answer with it."""
    return {"morning": queries.today(g.actor, day=today())}


def _date() -> dict[str, str]:
    day = today()
    if str(get_locale()) == "en":
        return {"title": long_day(day), "lunar": ""}
    near = almanac.solar_term(day)
    return {"title": almanac.heading(day), "lunar": almanac.lunar_date(day) + (f" · {near}" if near else "")}
