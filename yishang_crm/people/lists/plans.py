"""What a bulk act will do, before it does: counted in the actor's scope, with those left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.acts import MOST_AT_ONCE, Selection
from yishang_crm.people.fields import Fact
from yishang_crm.people.lists.models import Tag
from yishang_crm.people.queries import selected as reading


@dataclass(frozen=True)
class Plan:
    """Of `chosen` people `doing` will change; the rest with the reason (a Chinese source sentence)."""

    chosen: int
    doing: int
    left_out: Sequence[tuple[str, int]] = ()

    def must_be_as_shown(self, expected: int) -> None:
        """Between the sentence and the click somebody may have changed the list."""
        if not self.doing:
            raise NotPossible(N_("没有要改的人：选中的人都已经是这样了。"))
        if self.doing != expected:
            raise NotPossible(
                N_("名单刚才变了：现在是%(now)s人，您看到的是%(seen)s人。请返回再看一眼。"),
                now=self.doing,
                seen=expected,
            )


def size(actor: Actor, selection: Selection) -> int:
    """How many of the selection the actor may see. Raises `NotPossible` above what is done at once."""
    return _counted(actor, selection, None)[0]


def plan_edit(actor: Actor, selection: Selection, *, fact: Fact, value: Any) -> Plan:
    return _plan(actor, selection, same=reading.has_value(fact.name, value), why=N_("已经是这个值"))


def plan_tagging(actor: Actor, selection: Selection, *, tag: Tag, off: bool = False) -> Plan:
    has = reading.has_tag(tag)
    return _plan(
        actor, selection, same=~has if off else has, why=N_("没有这个标签") if off else N_("已有这个标签")
    )


def plan_owner(actor: Actor, selection: Selection, *, user: User) -> Plan:
    """Only those whom the colleague's unit keeps can be given to the colleague."""
    chosen, not_kept = _counted(actor, selection, ~reading.is_kept_by(user.unit_id))
    _, already = _counted(actor, selection, reading.is_kept_by(user.unit_id, user_id=user.id))
    left = [(N_("不由这位同事的单位负责"), not_kept), (N_("已经由这位同事联系"), already)]
    return _with_hidden(selection, chosen, chosen - not_kept - already, left)


def plan_unit(actor: Actor, selection: Selection, *, unit: Unit) -> Plan:
    same = reading.is_answered_for_by(unit.id or 0)
    return _plan(actor, selection, same=same, why=N_("已经由这个单位负责"))


def _plan(actor: Actor, selection: Selection, *, same: Any, why: str) -> Plan:
    chosen, already = _counted(actor, selection, same)
    return _with_hidden(selection, chosen, chosen - already, [(why, already)])


def _counted(actor: Actor, selection: Selection, also: Any) -> tuple[int, int]:
    people, holding = reading.count_chosen(actor, selection, also=also, most=MOST_AT_ONCE)
    if people > MOST_AT_ONCE:
        raise NotPossible(N_("一次最多办20,000人，请再加条件分几次办。"))
    return people, holding


def _with_hidden(selection: Selection, chosen: int, doing: int, left: list[tuple[str, int]]) -> Plan:
    hidden = len(selection.ids) - chosen if selection.filters is None else 0
    left = [*left, (N_("不在您负责的范围内"), hidden)]
    return Plan(chosen, doing, [(why, count) for why, count in left if count])
