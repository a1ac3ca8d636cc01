"""Bulk acts: each page asks what to do, says in a sentence what will happen and whom it leaves out, then does it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.undo import recent_acts
from yishang_crm.core.web import done, needs, page
from yishang_crm.core.words import N_
from yishang_crm.people import actions, queries, words
from yishang_crm.people.acts import Act, Selection, add_act
from yishang_crm.people.fields import FACTS, Fact
from yishang_crm.people.lists import plans
from yishang_crm.people.lists.plans import Plan
from yishang_crm.people.views import filtering
from yishang_crm.people.views.cells import read_fact
from yishang_crm.people.views.merging import MOST as MOST_MERGED

bp = Blueprint("people_acts", __name__, url_prefix="/people/acts")


def open_acts() -> None:
    """Hang the room's own acts on the list."""
    write = Permission.PEOPLE_WRITE
    add_act(Act("tag", N_("打标签"), "people_acts.tag", write, order=10, key="a"))
    add_act(Act("untag", N_("去标签"), "people_acts.untag", write, order=11))
    add_act(Act("edit", N_("改一项"), "people_acts.edit", write, order=20))
    add_act(Act("owner", N_("指派同事"), "people_acts.owner", write, order=30))
    add_act(Act("unit", N_("换负责单位"), "people_acts.unit", Permission.PEOPLE_SHARE, order=31))
    add_act(Act("merge", N_("合并"), "people_acts.merge", write, order=40, icon="two", few=True))
    add_act(Act("export", N_("导出"), "people_export.new", Permission.PEOPLE_EXPORT, order=50, icon="save"))


@bp.get("/edit")
@needs(Permission.PEOPLE_WRITE)
def edit() -> Any:
    return _edit_page(request.args)


@bp.post("/edit")
@needs(Permission.PEOPLE_WRITE)
def edit_many() -> Any:
    fact, value = _fact_asked(request.form)
    if fact is None:
        return _edit_page(request.form, status=422)
    count = actions.edit_many(
        g.actor,
        Selection.read(request.form),
        fact=fact,
        value=value,
        said=_said(fact, value),
        expected=_expected(),
    )
    return _done(
        _(
            "已把%(count)s人的“%(field)s”改为“%(value)s”。",
            count=count,
            field=_(fact.label),
            value=_said(fact, value),
        )
    )


def _edit_page(args: Any, *, status: int = 200) -> Any:
    selection = Selection.read(args)
    wrong, plan, said = "", None, ""
    try_value = "field" in args and "value" in args
    fact = FACTS.get(args.get("field", ""))
    if try_value and fact is not None:
        value, wrong = read_fact(fact, args.get("value", ""))
        if not wrong:
            plan = plans.plan_edit(g.actor, selection, fact=fact, value=value)
            said = _(
                "把%(count)s人的“%(field)s”改为“%(value)s”",
                count=plan.doing,
                field=_(fact.label),
                value=_said(fact, value),
            )
    return page(
        "people/acts/edit.html",
        selection=selection,
        size=_size(selection),
        facts=[(one.name, _(one.label)) for one in FACTS.values()],
        fact=fact,
        choices=_choices(fact),
        value=args.get("value", ""),
        wrong=wrong,
        plan=plan,
        sentence=said,
        status=status,
    )


def _fact_asked(args: Any) -> tuple[Fact | None, Any]:
    fact = FACTS.get(args.get("field", ""))
    if fact is None:
        return None, None
    value, wrong = read_fact(fact, args.get("value", ""))
    return (None, None) if wrong else (fact, value)


def _said(fact: Fact, value: Any) -> str:
    if value in (None, ""):
        return _("空")
    return str(words.say(value)) if fact.values is not None else str(value)


def _choices(fact: Fact | None) -> list[tuple[str, Any]]:
    if fact is None or fact.values is None:
        return []
    empty = [("", _("未知"))] if fact.may_be_empty else []
    return [*empty, *words.choices(fact.values)]


# Acts that ask for one row: a tag, a colleague, a unit


@bp.get("/tag")
@needs(Permission.PEOPLE_WRITE)
def tag() -> Any:
    return _tag_page("people_acts.tag_many", _("打标签"), off=False)


@bp.post("/tag")
@needs(Permission.PEOPLE_WRITE)
def tag_many() -> Any:
    wanted = queries.tag(g.actor, _one()) or abort(422)
    count = actions.tag_many(g.actor, Selection.read(request.form), tag=wanted, expected=_expected())
    return _done(_("已给%(count)s人打上标签“%(tag)s”。", count=count, tag=wanted.name))


@bp.get("/untag")
@needs(Permission.PEOPLE_WRITE)
def untag() -> Any:
    return _tag_page("people_acts.untag_many", _("去标签"), off=True)


@bp.post("/untag")
@needs(Permission.PEOPLE_WRITE)
def untag_many() -> Any:
    wanted = queries.tag(g.actor, _one()) or abort(422)
    count = actions.untag_many(g.actor, Selection.read(request.form), tag=wanted, expected=_expected())
    return _done(_("已给%(count)s人去掉标签“%(tag)s”。", count=count, tag=wanted.name))


def _tag_page(endpoint: str, title: str, *, off: bool) -> Any:
    def plan(selection: Selection, tag_id: int) -> tuple[Plan, str] | None:
        wanted = queries.tag(g.actor, tag_id)
        if wanted is None:
            return None
        plan = plans.plan_tagging(g.actor, selection, tag=wanted, off=off)
        said = {"count": plan.doing, "tag": wanted.name}
        return plan, _("给%(count)s人去掉标签“%(tag)s”", **said) if off else _(
            "给%(count)s人打上标签“%(tag)s”", **said
        )

    choices = [(tag.id, tag.name) for tag in queries.tags(g.actor)]
    return _one_page(endpoint, title, _("标签"), choices, plan, make=url_for("tag.index"))


@bp.get("/owner")
@needs(Permission.PEOPLE_WRITE)
def owner() -> Any:
    def plan(selection: Selection, user_id: int) -> tuple[Plan, str] | None:
        user = _liaison(user_id)
        if user is None:
            return None
        plan = plans.plan_owner(g.actor, selection, user=user)
        return plan, _("把%(count)s人交给%(who)s联系", count=plan.doing, who=user.name)

    choices = [(user.id, user.name) for user in filtering.liaisons(g.actor)]
    return _one_page("people_acts.assign_owner", _("指派同事"), _("同事"), choices, plan)


@bp.post("/owner")
@needs(Permission.PEOPLE_WRITE)
def assign_owner() -> Any:
    user = _liaison(_one()) or abort(422)
    count = actions.assign_owner(g.actor, Selection.read(request.form), user=user, expected=_expected())
    return _done(_("已把%(count)s人交给%(who)s联系。", count=count, who=user.name))


@bp.get("/unit")
@needs(Permission.PEOPLE_SHARE)
def unit() -> Any:
    def plan(selection: Selection, unit_id: int) -> tuple[Plan, str] | None:
        wanted = accounts.unit(unit_id)
        if wanted is None:
            return None
        plan = plans.plan_unit(g.actor, selection, unit=wanted)
        return plan, _(
            "把%(count)s人改由%(unit)s负责，原来的单位仍能看到他们", count=plan.doing, unit=wanted.short_name
        )

    if not g.actor.sees_all:
        raise NotPossible(N_("换负责单位由市局来办，请找市局。"))
    choices = [(one.id, one.name) for one in accounts.units() if one.is_open]
    return _one_page("people_acts.assign_unit", _("换负责单位"), _("单位"), choices, plan)


@bp.post("/unit")
@needs(Permission.PEOPLE_SHARE)
def assign_unit() -> Any:
    wanted = accounts.unit(_one()) or abort(422)
    count = actions.assign_unit(g.actor, Selection.read(request.form), unit=wanted, expected=_expected())
    return _done(_("已把%(count)s人改由%(unit)s负责。", count=count, unit=wanted.short_name))


@bp.get("/merging")
@needs(Permission.PEOPLE_WRITE)
def merge() -> Any:
    """Two to four go to the page where each value is chosen; whether they are one is seen there."""
    ids = Selection.read(request.args).ids
    if not 2 <= len(ids) <= MOST_MERGED:
        raise NotPossible(N_("合并要勾选2到4个人，现在勾选了%(count)s人。"), count=len(ids))
    return done(then=url_for("merging.show", id=list(ids)))


def _one_page(
    endpoint: str,
    title: str,
    label: str,
    choices: Sequence[tuple[Any, str]],
    plan: Callable[[Selection, int], tuple[Plan, str] | None],
    *,
    make: str = "",
) -> Any:
    selection, one = Selection.read(request.args), asked.number(request.args, "one")
    planned = plan(selection, one) if one else None
    return page(
        "people/acts/one.html",
        endpoint=endpoint,
        title=title,
        label=label,
        choices=choices,
        make=make,
        one=one,
        selection=selection,
        size=_size(selection),
        plan=planned[0] if planned else None,
        sentence=planned[1] if planned else "",
    )


def _liaison(user_id: int) -> Any:
    return next((user for user in filtering.liaisons(g.actor) if user.id == user_id), None)


def _one() -> int:
    return asked.number(request.form, "one") or 0


def _expected() -> int:
    expected = asked.number(request.form, "expected")
    return -1 if expected is None else expected


def _size(selection: Selection) -> int:
    """How many are in the selection and may be seen."""
    return plans.size(g.actor, selection)


def _done(sentence: str) -> Any:
    """Say what was done, with a way back; return to the list it began on."""
    newest = recent_acts(g.actor, most=1)
    undo = url_for("acts.undo", act_id=newest[0].id) if newest else ""
    flash({"text": sentence, "undo": undo}, "done")
    selection = Selection.read(request.form)
    then = filtering.address(selection.filters) if selection.filters is not None else url_for("people.index")
    return done(then=then)
