"""The people list: its address is the view."""

from typing import Any

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import UnitKind
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries, words
from yishang_crm.people.columns import cells_for, columns
from yishang_crm.people.models import PersonState, Tier
from yishang_crm.people.queries.persons import COUNTED_UP_TO, PAGE, Filters

bp = Blueprint("people", __name__)


@bp.get("/people")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters, number = filters_of(request.args), max(request.args.get("page", 1, type=int), 1)
    people = queries.page_of_people(g.actor, filters, page=number)
    total = queries.count_up_to(g.actor, filters)
    return page(
        "people/index.html",
        "people/_list.html",
        filters=filters,
        cards=queries.cards(g.actor, people),
        columns=columns(),
        cells=cells_for(g.actor, people),
        choices=_choices(),
        chips=_chips(filters),
        place=_place(number, len(people), total),
        address=lambda **changes: _address(filters, **changes),
        may=g.actor.may,
        P=Permission,
    )


@bp.get("/palette")
@needs(Permission.PEOPLE_READ)
def palette() -> Any:
    """The quick search: people first; the same words open the list."""
    text = request.args.get("q", "")
    people = queries.page_of_people(g.actor, Filters(q=text))[:8] if text.strip() else []
    return page("people/palette.html", "people/_palette.html", q=text, cards=queries.cards(g.actor, people))


def filters_of(args: Any) -> Filters:
    """The filters an address says; what it says wrongly is left out."""
    return Filters(
        q=args.get("q", "")[:200].strip(),
        unit=args.get("unit", type=int),
        place=args.get("place", "")[:40],
        residence=args.get("residence", "")[:60],
        tier=tuple(
            tier for tier in args.getlist("tier") for tier in tier.split(",") if tier in Tier.__members__
        ),
        chain=args.get("chain", "")[:60],
        state=args.get("state", "") if args.get("state", "") in set(PersonState) else "",
        sort=args.get("sort", "") if args.get("sort", "") in ("tier", "name") else "",
    )


def _address(filters: Filters, **changes: Any) -> str:
    """The list's address with some filters changed; a change of filter begins at the first page."""
    said = {
        "q": filters.q,
        "unit": filters.unit,
        "place": filters.place,
        "residence": filters.residence,
        "tier": ",".join(filters.tier),
        "chain": filters.chain,
        "state": filters.state,
        "sort": filters.sort,
    } | changes
    return url_for("people.index", **{name: value for name, value in said.items() if value})


def _chips(filters: Filters) -> list[tuple[str, str, str]]:
    unit = accounts.unit(filters.unit) if filters.unit else None
    in_force = [
        (_("搜索"), filters.q, "q"),
        (_("单位"), unit.short_name if unit else "", "unit"),
        (_("籍贯"), filters.place, "place"),
        (_("常驻"), filters.residence, "residence"),
        (_("等级"), "、".join(filters.tier), "tier"),
        (_("产业"), filters.chain, "chain"),
        (_("状态"), words.say(PersonState(filters.state)) if filters.state else "", "state"),
    ]
    return [(label, said, _address(filters, **{name: ""})) for label, said, name in in_force if said]


def _choices() -> dict[str, Any]:
    owners = accounts.units(kinds=[UnitKind.BUREAU, UnitKind.COUNTY]) if g.actor.sees_all else []
    return {
        "units": owners,
        "counties": queries.counties(),
        "tiers": list(Tier),
        "states": words.choices(PersonState),
    }


def _place(number: int, shown: int, total: int) -> dict[str, Any]:
    """Where on the list the reader is; above the counted limit only "more than" is said."""
    first = (number - 1) * PAGE + 1 if shown else 0
    is_more = total > COUNTED_UP_TO
    return {
        "first": first,
        "last": first + shown - 1 if shown else 0,
        "total": _("%(most)s人以上", most=f"{COUNTED_UP_TO:,}")
        if is_more
        else _("%(total)s人", total=f"{total:,}"),
        "number": number,
        "pages": None if is_more else max(1, -(-total // PAGE)),
        "has_next": shown == PAGE and (is_more or number * PAGE < total),
    }
