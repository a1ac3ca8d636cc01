"""The room's blueprint, and how its small deeds are answered."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import is_htmx
from yishang_crm.followup import words
from yishang_crm.followup.models import Channel
from yishang_crm.followup.sentence import Candidate, Unclear

bp = Blueprint("followup", __name__)


@bp.context_processor
def room_words() -> dict[str, Any]:
    """What the templates of this room say, and whether their reader may act."""
    return {
        "words": words,
        "say": words.say,
        "say_channel": lambda channel: words.say(Channel(channel)),
        "icon_of": words.icon_of,
        "happened": words.happened,
        "month_of": words.month,
        "many": words.many,
        "choices_of": choices_of,
        "sees_all": g.actor.sees_all,
        "may_log": g.actor.may(Permission.FOLLOWUP_LOG),
        "may_act": g.actor.may(Permission.FOLLOWUP_TASK),
    }


@dataclass(frozen=True)
class Choice:
    """One of several people of a name; `id` says which name it answers."""

    id: str
    label: str


def choices_of(unclear: Unclear) -> list[Choice]:
    """`望岳精密 尾号0417` tells two of one name apart."""
    return [Choice(f"{unclear.token}={one.id}", _label(one)) for one in unclear.candidates]


def _label(one: Candidate) -> str:
    tail = _("尾号%(digits)s", digits=one.phone_tail) if one.phone_tail else ""
    said = " ".join(part for part in (one.organization, tail) if part) or one.name
    return f"{said} · {_(one.standing)}" if one.standing else said


def answer(text: str, *, then: str, undo: str = "", fragment: str = "", **context: Any) -> Response:
    """After a deed: the fragment and a toast for htmx, else a 303 to the page, which says the same."""
    if fragment and is_htmx():
        return with_toast(make_response(render_template(fragment, **context)), text, undo=undo)
    flash({"text": text, "undo": undo} if undo else text, "done")  # type: ignore[arg-type]
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = then
        return response
    return redirect(then, code=303)  # type: ignore[return-value]


def with_toast(response: Response, text: str, *, undo: str = "", **events: Any) -> Response:
    """Let the page say something beside the fragment; headers are ASCII."""
    toast = {"text": text, "kind": "done"} | ({"undo": undo} if undo else {})
    response.headers["HX-Trigger"] = json.dumps(events | {"toast": toast})
    return response


def back() -> str:
    """Which page a deed was done on: today, tasks or person."""
    return request.form.get("back", "")
