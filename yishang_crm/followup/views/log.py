"""The one-line log: its page, its live chips, saving, taking back."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now, today
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import is_htmx, needs, page
from yishang_crm.followup import actions, queries, words
from yishang_crm.followup.models import Readers
from yishang_crm.followup.sentence import Candidate, ChipKind, Said, parse
from yishang_crm.followup.views.pages import answer, bp, with_toast
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person

LONGEST = 2000


@bp.get("/log")
@needs(Permission.FOLLOWUP_LOG)
def log() -> Any:
    return page("followup/log.html", box=_box(None), **_own())


@bp.get("/log/chips")
@needs(Permission.FOLLOWUP_LOG)
def chips() -> Any:
    line = request.args.get("line", "")[:LONGEST]
    if not line.strip():
        return page("followup/chips.html", "followup/_chips.html", said=None, labels={})
    said = _read(line, _preset(request.args.get("person")), request.args.getlist("chosen"))
    return page("followup/chips.html", "followup/_chips.html", said=said, labels=_labels(said))


@bp.post("/log")
@needs(Permission.FOLLOWUP_LOG)
def save() -> Any:
    line, person = request.form.get("line", "")[:LONGEST], _preset(request.form.get("person"))
    said = _read(line, person, _chosen())
    if wrong := _what_is_missing(said):
        return _once_more(_box(person, line=line, wrong=wrong, said=said))
    entry = actions.log_said(g.actor, said, readers=_readers(), client_id=request.form.get("client_id", ""))
    told, undo = _told(said), url_for("followup.take_back", interaction_id=entry.id)
    if is_htmx():
        response = make_response(render_template("followup/_box.html", box=_box(person)))
        return with_toast(response, told, undo=undo, logged={"id": entry.id})
    flash({"text": told, "undo": undo}, "done")  # type: ignore[arg-type]
    then = url_for("person.show", person_id=person.id) if person else url_for("followup.log")
    return redirect(then, code=303)


@bp.post("/log/<int:interaction_id>/withdrawal")
@needs(Permission.FOLLOWUP_LOG)
def take_back(interaction_id: int) -> Any:
    entry = queries.interaction(g.actor, interaction_id) or abort(404)
    actions.undo_log(g.actor, entry)
    return answer(_("已撤销这条记录，联系间隔恢复原样。"), then=url_for("followup.log"))


@bp.post("/log/<int:interaction_id>/readers")
@needs(Permission.FOLLOWUP_LOG)
def show_to(interaction_id: int) -> Any:
    entry = queries.interaction(g.actor, interaction_id) or abort(404)
    actions.show_to(g.actor, entry, readers=_readers())
    return answer(_("已改为%(readers)s。", readers=words.say(entry.readers)), then=url_for("followup.log"))


def fresh_draft() -> str:
    """A name for a new draft, so that a form sent twice is logged once, with or without script."""
    return secrets.token_hex(16)


def _read(line: str, person: Person | None, chosen: Iterable[str]) -> Said:
    return parse(
        line,
        today=today(),
        calendar=queries.work_calendar(around=today()),
        people=queries.People(g.actor, line),
        colleagues=queries.Colleagues(g.actor),
        on_page=Candidate(person.id or 0, person.name, standing=person.standing) if person else None,
        chosen=_by_token(chosen),
    )


def _preset(text: str | None) -> Person | None:
    """The person on whose page the line is typed; one out of scope is not found."""
    if not text:
        return None
    return people.person(g.actor, number_in(text) or 0) or abort(404)


def _chosen() -> list[str]:
    # Buttons leave `chosen`; without script each doubtful name has radio buttons of its own: chosen-1, chosen-2 …
    return [
        value
        for name in request.form
        if re.fullmatch(r"chosen(-\d{1,2})?", name)
        for value in request.form.getlist(name)
    ]


def _by_token(chosen: Iterable[str]) -> dict[str, int]:
    """`余秉衡=17` says which of several is meant."""
    parts = (value.rpartition("=") for value in chosen)
    meant = ((token, number_in(one)) for token, _sign, one in parts)
    return {token: one for token, one in meant if token and one is not None}


def _what_is_missing(said: Said) -> str:
    if any(one.candidates for one in said.unclear):
        return _("有同名的人，请选是哪一位。")
    if said.people:
        return ""
    if said.unknown:
        return _("您负责的人里没有“%(names)s”。请核对姓名，或先新增此人。", names="、".join(said.unknown))
    return _("没有认出是和谁联系。请写上姓名、拼音首字母或手机尾号。")


def _once_more(box: dict[str, Any]) -> Any:
    return page(
        "followup/log.html", "followup/_box.html", box=box, **({} if is_htmx() else _own()), status=422
    )


def _box(
    person: Person | None, *, line: str = "", wrong: str = "", said: Said | None = None
) -> dict[str, Any]:
    """What the log box is drawn from; what was typed stays."""
    field_id = request.form.get("field_id", "")
    return {
        "field_id": field_id if re.fullmatch(r"[a-z][a-z-]{0,30}", field_id) else "say",
        "line": line,
        "wrong": wrong,
        "person_id": person.id if person else None,
        "person_name": person.name if person else "",
        "client_id": (request.form.get("client_id") if wrong else "") or fresh_draft(),
        "chips": _choices(said) if said else "",
    }


def _choices(said: Said) -> Markup:
    """What is still to be chosen, and what was chosen before, so that it is not asked twice."""
    open_names = {one.token for one in said.unclear}
    taken = [value for value in _chosen() if value.rpartition("=")[0] not in open_names]
    drawn = render_template("followup/_choices.html", said=said, chosen=taken)
    return Markup(drawn)  # noqa: S704 - our own template, which has escaped what was typed


def _own() -> dict[str, Any]:
    at = now()
    entries = queries.own_latest(g.actor)
    open_to_undo = {
        one.interaction.id for one in entries if one.interaction.may_be_undone(by=g.actor.id, at=at)
    }
    return {"entries": entries, "open_to_undo": open_to_undo, "readers_choices": list(Readers)}


def _labels(said: Said) -> dict[str, str]:
    """The chips of days, by kind, as the parser said them."""
    return {chip.kind.value: chip.label for chip in said.chips if chip.kind in (ChipKind.NEXT, ChipKind.WHEN)}


def _readers() -> Readers:
    asked = request.form.get("readers", "")
    return Readers(asked) if asked in set(Readers) else Readers.UNIT


def _told(said: Said) -> str:
    names = "、".join(one.name for one in said.people[:3])
    many = _("%(names)s等%(count)s人", names=names, count=len(said.people)) if len(said.people) > 3 else names
    if said.next_on is None:
        return _("已记下：%(names)s。", names=many)
    return _("已记下：%(names)s。%(day)s%(what)s。", names=many, day=words.due(said.next_on, said.next_at, today=today()),
             what=said.next_what or _("再联系"))  # fmt: skip
