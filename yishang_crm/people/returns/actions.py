"""Handing out the sheet of a unit: an export like any other, with purpose, receiver and a trace."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.exports import actions as exports
from yishang_crm.people.exports.models import Export, Form, Order
from yishang_crm.people.returns import paper, queries
from yishang_crm.people.rounds.models import ConfirmationRound

MOST = 2_000  # made while the page waits; a unit that keeps more divides its round


def ask_for_return(actor: Actor, found: ConfirmationRound, *, unit_id: int, unit: str) -> Export:
    """Ask for the sheet of a unit's worklist. `unit` is its name, printed as who fills it in.

    Raises `NotPossible` when the round is over, or nobody of that unit stands in it.
    """
    if not found.is_open:
        raise NotPossible(N_("这一轮核对已经结束，报送表请从新的一轮下载。"))
    ids = list(queries.people_of(actor, found, unit_id, most=MOST))
    if not ids:
        raise NotPossible(N_("这个单位在这一轮里没有要核对的人；可以下载空表从头填。"))
    if len(ids) > MOST:
        raise NotPossible(
            N_("这个单位超过%(most)s人，一张表装不下；请缩小范围另发起一轮。"), most=f"{MOST:,}"
        )
    return exports.ask(
        actor,
        form=Form.EXCEL,
        filters={"id": ids, "round": found.id},
        said=f"{found.name}：{unit}的核对名单",
        columns=paper.COLUMNS_TOLD,
        order=Order.UNIT,
        purpose=f"{found.name}，填年度报送表",
        receiver=unit,
        reason="年度核对，逐人核对号码",
        title=paper.title_of(today().year),
        filled_by=unit,
        expected=len(ids),
    )


ask_for_return.permission = Permission.PEOPLE_EXPORT  # type: ignore[attr-defined]
