"""What this room holds of people, told to the room below."""

from collections.abc import Sequence

from yishang_crm.core.bulk import Bulk
from yishang_crm.core.words import N_
from yishang_crm.followup.models import Cadence, Participant, Task
from yishang_crm.people.queries.held import held_in, ids_at
from yishang_crm.people.uses import Use, add_use


def open_uses() -> None:
    """A contact or a promise keeps a person; a clock that runs by the rule of everybody goes with them."""
    tables = frozenset({"participant", "task"})
    people = held_in(Participant.person_id, Task.person_id)
    add_use(Use("followup", N_("已有联络记录或待办，留着"), tables, people=people))
    by_hand = held_in(Cadence.person_id, where=Cadence.days.is_not(None))  # type: ignore[union-attr]
    add_use(
        Use(
            "cadence",
            N_("联系频次是专门定的，留着"),
            frozenset({"cadence"}),
            people=by_hand,
            let_go=stop_clocks,
        )
    )


def stop_clocks(work: Bulk, ids: Sequence[int]) -> None:
    """The night starts a clock for everybody; it stops with the person."""
    work.delete(Cadence, ids_at(Cadence.person_id, Cadence.id, ids))
