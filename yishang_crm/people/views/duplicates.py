"""The queue of people who may stand twice: its address is the view; what somebody says of a pair."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import UnitKind
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.pages import place
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.duplicates.models import PairState
from yishang_crm.people.duplicates.weighing import Reason
from yishang_crm.people.forms import PairForm
from yishang_crm.people.queries import duplicates
from yishang_crm.people.queries.duplicates import COUNTED_UP_TO, PAGE, Filters

bp = Blueprint("duplicates", __name__, url_prefix="/people/duplicates")

OWNERS = (UnitKind.BUREAU, UnitKind.COUNTY)


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters, number = filters_of(request.args), asked.page_number(request.args)
    pairs, people = duplicates.pairs_with_people(g.actor, filters, page=number)
    cards = {card.person.id: card for card in queries.cards(g.actor, list(people.values()), with_phone=True)}
    keeping, units = duplicates.units_keeping(people), accounts.units()
    counts = duplicates.counts_by_state(g.actor, filters)
    return page(
        "people/duplicates/index.html",
        "people/duplicates/_queue.html",
        filters=filters,
        pairs=pairs,
        cards=cards,
        units={unit.id: unit.short_name for unit in units},
        here=_said(filters),
        may_decide=g.actor.may(Permission.PEOPLE_WRITE),
        keeping=keeping,
        may_merge=_merges(keeping),
        counts=counts,
        states=list(PairState),
        reasons=[reason for reason in Reason if reason != Reason.BY_HAND],
        owners=[unit for unit in units if unit.kind in OWNERS] if g.actor.sees_all else [],
        chips=words.chips,
        say=words.say,
        place=_place(number, len(pairs), counts[filters.state]),
        address=lambda **changes: address(filters, **changes),
    )


@bp.post("/<int:pair_id>/decision")
@needs(Permission.PEOPLE_WRITE)
def decide(pair_id: int) -> Any:
    pair = duplicates.pair(g.actor, pair_id) or abort(404)
    form = PairForm()
    if not form.validate():
        abort(422)
    state, back = PairState(form.state.data), address(filters_of(request.args))
    if state == PairState.WAITING:
        actions.offer_again(g.actor, pair, version=form.version.data)
        flash(_("已放回队列。"), "done")
        return done(then=back)
    actions.decide_pair(g.actor, pair, state=state, version=form.version.data)
    flash(_("已记下：%(said)s。资料没有大的变化就不再提示。", said=words.say(state)), "done")
    return done(then=back)


def filters_of(args: Any) -> Filters:
    """The filters an address says; what it says wrongly is left out."""
    state, reason, span = (args.get(name, "") for name in ("state", "reason", "span"))
    return Filters(
        state=PairState(state) if state in set(PairState) else PairState.WAITING,
        reason=Reason(reason) if reason in set(Reason) else None,
        unit=asked.number(args, "unit"),
        span=span if span in ("within", "across") else "",
        sure=args.get("sure") == "1",
        person=asked.number(args, "person"),
    )


def address(filters: Filters, **changes: Any) -> str:
    """The queue's address with some filters changed; a change of filter begins at the first page."""
    said = _said(filters) | changes
    return url_for("duplicates.index", **{name: value for name, value in said.items() if value})


def _said(filters: Filters) -> dict[str, Any]:
    """The filters as an address says them; nothing for what is not asked."""
    said = {
        "state": filters.state.value if filters.state != PairState.WAITING else "",
        "reason": filters.reason.value if filters.reason else "",
        "unit": filters.unit,
        "span": filters.span,
        "sure": "1" if filters.sure else "",
        "person": filters.person,
    }
    return {name: value for name, value in said.items() if value}


def _merges(keeping: dict[int, set[int]]) -> Any:
    """Whether the reader may merge these two themselves, or asks the bureau; see `actions.merging.may_merge`."""
    writes = g.actor.may(Permission.PEOPLE_WRITE)
    return lambda ids: (
        writes and (g.actor.sees_all or all(keeping.get(one, set()) <= g.actor.unit_ids for one in ids))
    )


def _place(number: int, shown: int, total: int) -> dict[str, Any]:
    more, plain = _("%(most)s对以上", most=f"{COUNTED_UP_TO:,}"), _("%(total)s对", total=f"{total:,}")
    return place(
        number,
        shown=shown,
        total=total,
        size=PAGE,
        counted_up_to=COUNTED_UP_TO,
        said=more if total > COUNTED_UP_TO else plain,
    )
