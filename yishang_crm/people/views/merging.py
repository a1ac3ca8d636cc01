"""The merge screen, what came of a merge, and taking it back."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.core.words import N_
from yishang_crm.people import actions, queries, words
from yishang_crm.people.duplicates import choosing
from yishang_crm.people.duplicates.parts import parts
from yishang_crm.people.forms import MergeForm, ReasonForm
from yishang_crm.people.models import BirthCalendar, Person
from yishang_crm.people.queries import duplicates, merging
from yishang_crm.people.queries.duplicates import Filters

bp = Blueprint("merging", __name__, url_prefix="/people")

MOST = 4


@bp.get("/merging")
@needs(Permission.PEOPLE_WRITE)
def show() -> Any:
    people = _people(request.args)
    if not people:
        return done(then=url_for("duplicates.index"))
    suggestions = choosing.all_suggested(people)
    values = {
        column: value
        for name, one in suggestions.items()
        for column, value in zip(choosing.FIELDS[name], one.values, strict=True)
    }
    return page("people/duplicates/merge.html", **_screen(people, MergeForm(formdata=None, data=values)))


@bp.post("/merging")
@needs(Permission.PEOPLE_WRITE)
def merge() -> Any:
    people = _people(request.form)
    if not people:
        flash(_("请先从队列里选要合并的人。"), "wait")
        return done(then=url_for("duplicates.index"))
    form = MergeForm()
    if not form.validate():
        return page("people/duplicates/merge.html", **_screen(people, form), status=422)
    edited = [one for one in people if asked.number(request.form, f"version-{one.id}") != one.version]
    if edited:
        return page("people/duplicates/merge.html", **_screen(people, form, edited=edited), status=409)
    picked = {name: asked.number(request.form, f"take-{name}") or 0 for name in choosing.FIELDS}
    values, taken = choosing.decided(people, written=form.values, picked=picked)
    made = actions.merge_people(
        g.actor,
        people,
        chosen=actions.Chosen(
            values=values,
            taken=taken,
            answerable_unit_id=asked.number(request.form, "answerable"),
            first_post_id=asked.number(request.form, "post"),
            first_contact_id=asked.number(request.form, "contact"),
        ),
        versions={one.id or 0: one.version for one in people},
    )
    flash(
        {
            "text": _("已合并成“%(name)s”一条。", name=form.name.data),
            "undo": url_for("merging.undo", merge_id=made.id),
        },
        "done",
    )
    return done(then=_next(made.survivor_id))


@bp.post("/merging/request")
@needs(Permission.PEOPLE_WRITE)
def ask() -> Any:
    people = _people(request.form)
    form = ReasonForm()
    if not people or not form.validate():
        flash(_("请写明为什么是同一个人，市局看得到。"), "wait")
        return done(
            then=url_for("merging.show", id=[one.id for one in people])
            if people
            else url_for("duplicates.index")
        )
    actions.ask_merge(g.actor, people, why=form.reason.data)
    flash(_("已请市局合并。办好以后两条会变成一条。"), "done")
    return done(then=url_for("duplicates.index"))


@bp.get("/merges")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    return page("people/duplicates/merges.html", merges=merging.latest_merges(g.actor))


@bp.get("/merges/<int:merge_id>")
@needs(Permission.PEOPLE_READ)
def made(merge_id: int) -> Any:
    found = merging.merge(g.actor, merge_id) or abort(404)
    person = queries.person(g.actor, found.survivor_id) or merging.standing_for(g.actor, found.survivor_id)
    return page(
        "people/duplicates/made.html",
        merge=found,
        person=person,
        moved=MOVED,
        remarks=[_said(**one) for one in found.remarks],
        may_undo=person is not None and duplicates.may_merge(g.actor, [person.id or 0]),
    )


@bp.post("/merges/<int:merge_id>/revocation")
@needs(Permission.PEOPLE_WRITE)
def undo(merge_id: int) -> Any:
    found = merging.merge(g.actor, merge_id) or abort(404)
    since = actions.undo_merge(g.actor, found)
    if since:
        flash(
            _(
                "合并已撤销，各条都回来了。合并后又改过的%(count)s处保留现在的样子，请各看一眼。",
                count=len(since),
            ),
            "wait",
        )
    else:
        flash(_("合并已撤销，各条都和合并前一样。"), "done")
    return done(then=url_for("merging.made", merge_id=merge_id))


# What rooms call what they moved, in the order of the receipt.
MOVED = {
    "contacts": N_("联系方式"), "posts": N_("任职"), "stewards": N_("联系单位"), "relations": N_("关系"), "files": N_("文件和照片"),
    "rounds": N_("核对名单"), "accounts": N_("登录账号"), "messages": N_("信件"),
    "interactions": N_("往来"), "tasks": N_("待办"), "appointments": N_("聘任"), "entrusted": N_("托付"), "introductions": N_("引荐"),
    "projects": N_("项目"), "guests": N_("大会邀请"), "check_ins": N_("报到记录"), "tags": N_("标签"), "snapshots": N_("快照"), "others": N_("其他"),
}  # fmt: skip


def _said(*, sentence: str, values: dict[str, Any]) -> str:
    """What a rule decided in the place of whoever merged."""
    return str(_(sentence)) % values


def _people(said: MultiDict[str, str]) -> list[Person]:
    """Two to four whom the reader may see, by number; one who is not found makes the page not found."""
    wanted = sorted(asked.numbers(said, "id"))
    if not wanted:
        return []
    if not 2 <= len(wanted) <= MOST:
        abort(422)
    people = sorted(queries.people_by_ids(g.actor, wanted), key=lambda one: one.id or 0)
    return people if len(people) == len(wanted) else abort(404)


def _screen(people: Sequence[Person], form: MergeForm, *, edited: Sequence[Person] = ()) -> dict[str, Any]:
    ids = [person.id or 0 for person in people]
    own = [queries.person_parts(g.actor, person) for person in people]
    rows = [_row(people, form, name) for name in choosing.FIELDS]
    pair = duplicates.pair_between(g.actor, ids[0], ids[-1]) if len(ids) == 2 else None
    return {
        "people": people,
        "own": own,
        "form": form,
        "groups": [
            (_("不一致"), [row for row in rows if row["differs"] == 2], True),
            (_("只有一边有，已自动带上"), [row for row in rows if row["differs"] == 1], True),
            (_("相同"), [row for row in rows if row["differs"] == 0 and row["is_said"]], False),
            (_("都没有"), [row for row in rows if row["differs"] == 0 and not row["is_said"]], False),
        ],
        "lines": [line for part in reversed(parts()) for line in part.lines(g.actor, ids) if line.total],
        "edited": edited,
        "may_merge": duplicates.may_merge(g.actor, ids),
        "reason_form": ReasonForm(formdata=None),
        "pair": pair,
        "chips": words.chips,
        "left": duplicates.count_up_to(g.actor, Filters()),
        "answerable": next(
            (parts.answerable_unit_id for parts in reversed(own) if parts.answerable_unit_id), None
        ),
        "units": {unit.id: unit.short_name for unit in accounts.units()},
        "say": words.say,
        "is_queue": request.values.get("queue") == "1",
    }


def _row(people: Sequence[Person], form: MergeForm, name: str) -> dict[str, Any]:
    suggestion = choosing.suggested(people, name)
    columns = choosing.FIELDS[name]
    return {
        "name": name,
        "label": _(words.MERGE_FIELDS[name]),
        "fields": [form[column] for column in columns],
        "differs": choosing.differing(people, name),
        "is_said": not choosing.is_blank(name, choosing.value_of(people[-1], name)),
        "why": suggestion.why,
        "is_wrong": any(form[column].errors for column in columns),
        "cells": [
            {
                "person": person,
                "text": _told(person, name),
                "is_taken": suggestion.taken_from == person.id,
                "values": {column: _entered(getattr(person, column)) for column in columns},
            }
            for person in people
        ],
    }


def _told(person: Person, name: str) -> Any:
    """A cell as people read it."""
    if name == "birth":
        if not person.birth:
            return ""
        leap = _("闰月") if person.birth_in_leap_month else ""
        lunar = words.say(person.birth_calendar) if person.birth_calendar == BirthCalendar.LUNAR else ""
        return f"{lunar} {person.birth} {leap}".strip()
    value = getattr(person, choosing.FIELDS[name][0])
    return words.say(value) if value in words.SAID else value or ""


def _entered(value: Any) -> Any:
    """As a control of the form holds it."""
    if value is None:
        return ""
    return value if isinstance(value, bool) else str(value)


def _next(survivor_id: int) -> str:
    """The next pair of the queue for whoever works through it; else the record."""
    if request.form.get("queue") == "1":
        pair = duplicates.next_pair(g.actor, Filters())
        if pair is not None:
            return url_for("merging.show", id=pair.ids, queue=1)
        return url_for("duplicates.index")
    return url_for("person.show", person_id=survivor_id)
