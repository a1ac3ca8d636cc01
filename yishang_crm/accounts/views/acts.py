"""What one did to many rows at once in the last 30 days, and taking it back."""

from typing import Any

from flask import Blueprint, abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core import undo as undoing
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.undo import Act
from yishang_crm.core.web import done, needs, page
from yishang_crm.core.words import N_

bp = Blueprint("acts", __name__, url_prefix="/acts")

WHY = {
    "edited": N_("之后又有人改过，没有动"),
    "gone": N_("已经不在库里"),
    "hidden": N_("已不在您负责的范围内"),
    "needed": N_("已有别的记录用到，没有动"),
}


@bp.get("")
@needs(Permission.OWN_ACCOUNT)
def index() -> Any:
    rows = [(act, said(act), act.may_be_undone(at=now())) for act in undoing.recent_acts(g.actor)]
    return page("accounts/acts.html", rows=rows)


@bp.get("/<int:act_id>")
@needs(Permission.OWN_ACCOUNT)
def show(act_id: int) -> Any:
    act = undoing.own_act(g.actor, act_id) or abort(404)
    return page(
        "accounts/act.html",
        act=act,
        sentence=said(act),
        may_undo=act.may_be_undone(at=now()),
        until=act.at + undoing.UNDO_WITHIN,
        left=act.left,
        names=undoing.named(g.actor, [one["row"] for one in act.left]),
        why={word: _(sentence) for word, sentence in WHY.items()},
    )


@bp.post("/<int:act_id>/undoing")
@needs(Permission.OWN_ACCOUNT)
def undo(act_id: int) -> Any:
    act = undoing.own_act(g.actor, act_id) or abort(404)
    what = undoing.undo(g.actor, act)
    if what.left:
        flash(
            _("已撤销：还原%(restored)s处，%(left)s处没有动。", restored=what.restored, left=len(what.left)),
            "wait",
        )
    else:
        flash(_("已撤销：还原%(restored)s处。", restored=what.restored), "done")
    return done(then=url_for("acts.show", act_id=act.id))


def said(act: Act) -> str:
    """What was done, in the reader's language."""
    values = {name: _(value) if isinstance(value, str) else value for name, value in act.said.items()}
    return _(act.sentence) % values
