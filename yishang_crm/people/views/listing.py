"""The people list: its address is the view."""

from typing import Any

from flask import Blueprint, g, get_template_attribute, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import UnitKind
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries, words
from yishang_crm.people.columns import cells_for, columns
from yishang_crm.people.models import PersonState, Tier
from yishang_crm.people.places.localities import KEY, NOTHING, UNKNOWN, localities
from yishang_crm.people.queries.persons import COUNTED_UP_TO, PAGE, Filters

bp = Blueprint("people", __name__)


@bp.get("/people")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters = filters_of(request.args)
    total = queries.count_up_to(g.actor, filters)
    number = _page_within(total, asked.page_number(request.args))
    people = queries.page_of_people(g.actor, filters, page=number)
    return page(
        "people/index.html",
        "people/_list.html",
        filters=filters,
        cards=queries.cards(g.actor, people),
        columns=columns(),
        cells=cells_for(g.actor, people),
        drawn={column.name: get_template_attribute(column.template, "cell") for column in columns()},
        choices=_choices(),
        chips=chips_of(filters),
        place=_place(number, len(people), total),
        address=lambda **changes: address_of(filters, **changes),
        kept=_kept(filters),
        may_export=g.actor.may(Permission.PEOPLE_EXPORT),
        of_map=address_of(filters, "people_map.china", lives="", sort=""),
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
        unit=asked.number(args, "unit"),
        place=_text(args, "place", most=40),
        residence=_text(args, "residence", most=60),
        lives=args.get("lives", "") if KEY.fullmatch(args.get("lives", "")) else "",
        tier=tuple(
            tier for tier in args.getlist("tier") for tier in tier.split(",") if tier in Tier.__members__
        ),
        chain=_text(args, "chain", most=60),
        firm=asked.number(args, "firm"),
        formerly=asked.number(args, "formerly"),
        state=args.get("state", "") if args.get("state", "") in set(PersonState) else "",
        sort=args.get("sort", "") if args.get("sort", "") in ("tier", "name") else "",
    )


def _text(args: Any, name: str, *, most: int) -> str:
    # What stood for a NUL: no text of ours has one. (A search is cut into words first, and finds nothing.)
    return str(args.get(name, "")).replace(asked.NOTHING_READABLE, "")[:most]


def _page_within(total: int, wanted: int) -> int:
    """The page that is shown: the last one to whoever asks for one behind it."""
    pages = asked.FARTHEST_PAGE if total > COUNTED_UP_TO else max(1, -(-total // PAGE))
    return min(wanted, pages)


def address_of(filters: Filters, endpoint: str = "people.index", **changes: Any) -> str:
    """The list's address with some filters changed (or that of another view of the same list); a change of filter
    begins at the first page."""
    said = said_in_address(filters) | changes
    return url_for(endpoint, **{name: value for name, value in said.items() if value})


def said_in_address(filters: Filters) -> dict[str, Any]:
    """The filters as they stand in an address."""
    return {
        "q": filters.q,
        "unit": filters.unit,
        "place": filters.place,
        "residence": filters.residence,
        "lives": filters.lives,
        "tier": ",".join(filters.tier),
        "chain": filters.chain,
        "state": filters.state,
        "firm": filters.firm,
        "formerly": filters.formerly,
        "sort": filters.sort,
    }


def _kept(filters: Filters) -> dict[str, Any]:
    """What an address or form must carry so that it speaks of this list: filters in force, not their order."""
    return {name: value for name, value in said_in_address(filters).items() if value and name != "sort"}


def organization_said(organization_id: int | None) -> str:
    found = queries.organization(organization_id) if organization_id else None
    return found.short_name or found.name if found else ("?" if organization_id else "")


def lives_said(key: str) -> str:
    """A place of residence as a filter says it."""
    if key == UNKNOWN:
        return _("没认出来的地方")
    return _("没写常驻地") if key == NOTHING else localities().called(key)


def chips_of(filters: Filters, endpoint: str = "people.index", **place: Any) -> list[tuple[str, str, str]]:
    """The filters in force: what each is, what it says, and the address of the view without it."""
    in_force = [
        (_("搜索"), filters.q, "q"),
        (_("单位"), _unit_said(filters.unit), "unit"),
        (_("籍贯"), filters.place, "place"),
        (_("常驻"), filters.residence, "residence"),
        (_("住在"), lives_said(filters.lives), "lives"),
        (_("等级"), "、".join(filters.tier), "tier"),
        (_("产业"), filters.chain, "chain"),
        (_("现任职于"), organization_said(filters.firm), "firm"),
        (_("曾任职于"), organization_said(filters.formerly), "formerly"),
        (_("状态"), words.say(PersonState(filters.state)) if filters.state else "", "state"),
    ]
    return [
        (label, said, address_of(filters, endpoint, **place, **{name: ""}))
        for label, said, name in in_force
        if said
    ]


def _unit_said(unit_id: int | None) -> str:
    if unit_id is None:
        return ""
    unit = accounts.unit(unit_id)
    return unit.short_name if unit else _("没有这个单位")


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
