"""Opening the link changes nothing; saying so does."""

from typing import Any

from flask import Blueprint, Flask, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actors, tries
from yishang_crm.core import limits
from yishang_crm.core.clock import today
from yishang_crm.core.db import begin_writing
from yishang_crm.core.web import done, open_to_all, page, two_step
from yishang_crm.people import words as people_words
from yishang_crm.people.rounds import actions, links, queries, words
from yishang_crm.people.rounds.forms import OwnForm

bp = Blueprint("own", __name__, url_prefix="/portal/details")


def open_pages(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/<token>")
@open_to_all
def details(token: str) -> Any:
    own = _behind(token)
    return _page(own, token, OwnForm(formdata=None)) if own else _gone()


@bp.post("/<token>/confirmation")
@open_to_all
@two_step
def confirm(token: str) -> Any:
    tries.take(f"own-address:{limits.client_address()}", tries.BY_ADDRESS)
    begin_writing()
    own = _behind(token)
    if own is None:
        return _gone()
    actions.confirm_own(g.actor, own)
    flash(_("谢谢您，已记下：资料今天由您本人核对过。"), "done")
    return done(then=url_for("own.details", token=token))


@bp.post("/<token>/proposals")
@open_to_all
@two_step
def propose(token: str) -> Any:
    tries.take(f"own-address:{limits.client_address()}", tries.BY_ADDRESS)
    own, form = _behind(token), OwnForm()
    if own is None:
        return _gone()
    if not form.validate():
        return _page(own, token, form, status=422)
    begin_writing()
    own = _behind(token)
    if own is None:
        return _gone()
    count = actions.propose(g.actor, own, values=form.said)
    flash(_("谢谢您，%(count)s处修改已经收到，由联系您的同志核对后更改。", count=count), "done")
    return done(then=url_for("own.details", token=token))


def _behind(token: str) -> queries.Own | None:
    entry_id = links.entry_behind(token)
    own = queries.own(entry_id) if entry_id else None
    if own is None or not own.may_be_shown(on=today()):
        return None
    g.actor = actors.of_person(own.person.id or 0, name=own.person.name, language=g.actor.language)
    return own


def _page(own: queries.Own, token: str, form: OwnForm, *, status: int = 200) -> Any:
    return page(
        "portal/own/details.html",
        own=own,
        token=token,
        form=form,
        may_answer=own.found.takes_answers(on=today()),
        say=words.say,
        say_people=people_words.say,
        status=status,
    )


def _gone() -> Any:
    return page("portal/own/gone.html", status=404)
