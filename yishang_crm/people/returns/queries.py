"""Who stands on a unit's worklist of a round, and whom an id that came back means."""

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import col, select

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import Person
from yishang_crm.people.queries import persons
from yishang_crm.people.returned import Meant
from yishang_crm.people.returns.tokens import entry_behind
from yishang_crm.people.rounds.models import ConfirmationRound, RoundEntry
from yishang_crm.people.rounds.queries import entries_visible_to

AT_ONCE = 500


def unit_to_fill(actor: Actor, unit_id: int | None) -> Unit | None:
    """The unit whose sheet is asked for, or the actor's own; None where it is not theirs to fill."""
    wanted = unit_id or actor.unit_id or 0
    return accounts.unit(wanted) if actor.sees_all or wanted in actor.unit_ids else None


def people_of(actor: Actor, found: ConfirmationRound, unit_id: int, *, most: int) -> Sequence[int]:
    """Ids of the people whom a unit was asked about and whom the actor sees; `most + 1` means more."""
    seen = persons.visible_to(actor).with_only_columns(col(Person.id))
    wanted = (
        entries_visible_to(actor)
        .where(RoundEntry.round_id == found.id, RoundEntry.unit_id == unit_id)
        .where(seen.where(col(Person.id) == RoundEntry.person_id).correlate(RoundEntry).exists())
        .with_only_columns(col(RoundEntry.person_id))
        .order_by(col(RoundEntry.person_id))
        .limit(most + 1)
    )
    return [int(one) for one in db.session.execute(wanted).scalars()]


def entries_of(actor: Actor, round_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """Person → entry of the round."""
    found: dict[int, int] = {}
    for start in range(0, len(person_ids), AT_ONCE):
        wanted = entries_visible_to(actor).where(
            RoundEntry.round_id == round_id,
            col(RoundEntry.person_id).in_(list(person_ids[start : start + AT_ONCE])),
        )
        rows = db.session.execute(wanted.with_only_columns(RoundEntry.person_id, RoundEntry.id))
        found |= {int(person_id): int(entry_id) for person_id, entry_id in rows}
    return found


def meant(actor: Actor, tokens: Collection[str]) -> dict[str, Meant]:
    """Whom these ids mean; one that is not ours, or means nobody any more, is left out. At most two statements."""
    genuine = {entry_id: token for token in tokens if (entry_id := entry_behind(token)) is not None}
    if not genuine:
        return {}
    wanted = (
        entries_visible_to(actor)
        .join(ConfirmationRound, col(ConfirmationRound.id) == RoundEntry.round_id)
        .where(col(RoundEntry.id).in_(list(genuine)))
        .with_only_columns(col(RoundEntry.id), col(RoundEntry.person_id), col(ConfirmationRound.closed_at))
    )
    seen = {int(row[0]): Meant(int(row[1]), is_open=row[2] is None) for row in db.session.execute(wanted)}
    seen |= dict.fromkeys(_still_there(genuine.keys() - seen.keys()), Meant(None))
    return {token: seen[entry_id] for entry_id, token in genuine.items() if entry_id in seen}


def _still_there(entry_ids: Collection[int]) -> Iterable[int]:
    """Those out of sight; two records of one list that became one have left a single entry."""
    wanted = select(RoundEntry.id).where(col(RoundEntry.id).in_(list(entry_ids)))
    found = db.session.scalars(unscoped_for("does an id still mean somebody", wanted)) if entry_ids else ()
    return [int(one or 0) for one in found]
