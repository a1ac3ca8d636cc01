"""Which messages can be seen, and by whom."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.outbox.models import Attempt, Message, State

PAGE = 50

# The views of the list: which states stand under which heading.
VIEWS: dict[str, tuple[State, ...]] = {
    "held": (State.HELD,),
    "queued": (State.QUEUED, State.SENDING),
    "sent": (State.SENT,),
    "in_doubt": (State.IN_DOUBT,),
    "failed": (State.FAILED, State.BOUNCED),
    "cancelled": (State.CANCELLED,),
}


@dataclass(frozen=True)
class Filter:
    """What the address of a list says, or which messages were ticked on it."""

    view: str = "held"
    purpose: str = ""
    unit_id: int | None = None
    q: str = ""
    ids: tuple[int, ...] = ()
    release_mark: str = ""


def visible_to(actor: Actor) -> SelectOfScalar[Message]:
    """Those who see all see every message, the others those of their units; a message of no unit only the former."""
    messages = scoped(Message, actor)
    if not actor.may(Permission.OUTBOX_READ):
        return messages.where(sa.false())
    return messages if actor.sees_all else messages.where(col(Message.unit_id).in_(actor.unit_ids))


def message(actor: Actor, message_id: int) -> Message | None:
    return db.session.scalars(visible_to(actor).where(Message.id == message_id)).one_or_none()


def message_to_change(actor: Actor, message_id: int) -> Message | None:
    """The same row, fresh and locked until the transaction ends: a worker may be about to send it."""
    wanted = visible_to(actor).where(Message.id == message_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def readable_in_full(actor: Actor, message_ids: Collection[str]) -> set[str]:
    """Of letters that have left, by their Message-ID: those that the actor may see and that open no door to anybody's account."""
    wanted = visible_to(actor).where(
        col(Message.message_id).in_(list(message_ids)), col(Message.is_sensitive).is_(False)
    )
    return set(db.session.scalars(wanted.with_only_columns(col(Message.message_id))))


def messages(actor: Actor, wanted: Filter, *, page: int = 1) -> Sequence[Message]:
    """One page of a view, the next to leave first; what is over, newest first."""
    found = narrowed(visible_to(actor), wanted).order_by(*_order(wanted.view))
    return db.session.scalars(found.offset((page - 1) * PAGE).limit(PAGE)).all()


def neighbors(actor: Actor, wanted: Filter, message: Message) -> tuple[int | None, int | None]:
    """The messages before and after one in its view, found without counting through it."""
    here = sa.tuple_(sa.literal(message.due_at), sa.literal(message.id))
    place = sa.tuple_(col(Message.due_at), col(Message.id))
    earlier, later = (place < here, place > here) if _is_waiting(wanted.view) else _by_id(message)
    before = _nearest(actor, wanted, earlier, *_order(wanted.view, backwards=True))
    after = _nearest(actor, wanted, later, *_order(wanted.view))
    found = db.session.execute(sa.select(before, after).execution_options(scope=actor.key)).one()
    return found[0], found[1]


def _nearest(actor: Actor, wanted: Filter, side: sa.ColumnElement[bool], *order: Any) -> sa.ScalarSelect[Any]:
    on_that_side = narrowed(visible_to(actor), wanted).where(side).order_by(*order).limit(1)
    return on_that_side.with_only_columns(col(Message.id)).scalar_subquery()


def _by_id(message: Message) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Message.id) > message.id, col(Message.id) < message.id


def counts(actor: Actor, wanted: Filter) -> dict[str, int]:
    """How many stand in each view under the same filters; equal to the lists."""
    everywhere = narrowed(visible_to(actor), wanted, any_view=True)
    grouped = everywhere.with_only_columns(col(Message.state), sa.func.count()).group_by(col(Message.state))
    by_state = {State(state): int(count) for state, count in db.session.execute(grouped)}
    return {view: sum(by_state.get(state, 0) for state in states) for view, states in VIEWS.items()}


def count(actor: Actor, wanted: Filter) -> int:
    """How many messages a filter finds."""
    counted = narrowed(visible_to(actor), wanted).with_only_columns(sa.func.count(col(Message.id)))
    return int(db.session.scalar(counted) or 0)


def held_count(actor: Actor) -> int | None:
    """For the bar above every page; None for those who have no outbox."""
    return count(actor, Filter()) if actor.may(Permission.OUTBOX_READ) else None


def attempts(actor: Actor, message: Message) -> Sequence[Attempt]:
    """What was tried with a message this actor has found, oldest first."""
    tried = scoped(Attempt, actor).where(Attempt.message_id == message.id)
    return db.session.scalars(tried.order_by(col(Attempt.at), col(Attempt.id))).all()


def troubles_with(actor: Actor, message: Message) -> int:
    """How many other messages to the same address came back or failed."""
    others = visible_to(actor).where(
        Message.address == message.address,
        col(Message.state).in_([State.FAILED, State.BOUNCED]),
        Message.id != message.id,
    )
    return int(db.session.scalar(others.with_only_columns(sa.func.count(col(Message.id)))) or 0)


def about(actor: Actor, subject: str) -> Sequence[Message]:
    """Everything written about one thing (`guest:42`), oldest first: for a panel of an upper room."""
    return db.session.scalars(
        visible_to(actor).where(Message.about == subject).order_by(col(Message.id))
    ).all()


def to_person(actor: Actor, person_id: int) -> Sequence[Message]:
    """Everything written to one person, newest first."""
    found = visible_to(actor).where(Message.person_id == person_id).order_by(col(Message.id).desc())
    return db.session.scalars(found).all()


def narrowed(
    messages: SelectOfScalar[Message], wanted: Filter, *, any_view: bool = False
) -> SelectOfScalar[Message]:
    """A query with the conditions of a filter."""
    if not any_view and wanted.view != "all":
        messages = messages.where(col(Message.state).in_(VIEWS[wanted.view]))
    if wanted.purpose:
        messages = messages.where(Message.purpose == wanted.purpose)
    if wanted.unit_id is not None:
        messages = messages.where(Message.unit_id == wanted.unit_id)
    if wanted.release_mark:
        messages = messages.where(Message.release_mark == wanted.release_mark)
    if wanted.ids:
        messages = messages.where(col(Message.id).in_(wanted.ids))
    if wanted.q:
        said = (col(Message.recipient_name), col(Message.subject), col(Message.recipient_title))
        messages = messages.where(sa.or_(*(column.icontains(wanted.q, autoescape=True) for column in said)))
    return messages


def _order(view: str, *, backwards: bool = False) -> tuple[Any, ...]:
    # What waits stands in the order of leaving, what is over with the newest first.
    columns = (col(Message.due_at), col(Message.id)) if _is_waiting(view) else (col(Message.id),)
    return tuple(column.desc() for column in columns) if _is_waiting(view) is backwards else columns


def _is_waiting(view: str) -> bool:
    return view in ("held", "queued")


# Moves of many at once, each a single UPDATE that looks at the state itself; called by actions only.


def release_all(
    actor: Actor, wanted: Filter, *, at: dt.datetime, due_at: dt.datetime, mark: str
) -> list[int]:
    """Let held messages go; returns their ids."""
    return _moved(
        actor, wanted, State.HELD,
        state=State.QUEUED, released_at=at, released_by=actor.key, release_mark=mark, due_at=due_at,
    )  # fmt: skip


def hold_all_again(actor: Actor, wanted: Filter) -> list[int]:
    """Take back what was let go and has not left; returns the ids of what is held again."""
    return _moved(
        actor, wanted, State.QUEUED,
        state=State.HELD, released_at=None, released_by="", release_mark="", leased_by="", leased_until=None,
    )  # fmt: skip


def cancel_all(actor: Actor, wanted: Filter, *, reason: str) -> list[int]:
    """Cancel held messages and free their keys; returns their ids."""
    freed = sa.func.substr(col(Message.key), 1, 105) + "~" + sa.cast(col(Message.id), sa.String)
    return _moved(actor, wanted, State.HELD, state=State.CANCELLED, key=freed, last_error=reason[:300])


def _moved(actor: Actor, wanted: Filter, was: State, **values: object) -> list[int]:
    found = narrowed(visible_to(actor), wanted, any_view=True).with_only_columns(col(Message.id))
    moving = sa.update(Message).where(col(Message.id).in_(found), col(Message.state) == was).values(**values)
    moving = moving.returning(col(Message.id)).execution_options(synchronize_session=False, scope=actor.key)
    ids = sorted(int(id_ or 0) for id_ in db.session.execute(moving).scalars())
    for row in [row for row in db.session if isinstance(row, Message)]:
        db.session.expire(row)  # what is in hand was moved behind its back
    return ids


# For the door, which writes inside another room's action and must find doubles whoever they belong to.


def by_key(key: str) -> Message | None:
    return db.session.scalars(
        unscoped_for("doubles", select(Message).where(Message.key == key))
    ).one_or_none()


def unsent(*, subject: str = "", person_id: int | None = None, purpose: str = "") -> Sequence[Message]:
    """What was written and has not left, about one thing or to one person, locked."""
    waiting = select(Message).where(col(Message.state).in_([State.HELD, State.QUEUED]))
    if subject:
        waiting = waiting.where(Message.about == subject)
    if person_id is not None:
        waiting = waiting.where(Message.person_id == person_id)
    if purpose:
        waiting = waiting.where(Message.purpose == purpose)
    fresh = waiting.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(unscoped_for("called back", fresh)).all()


def all_about(subject: str) -> Sequence[Message]:
    """Every message about one thing, whoever may see it, locked: for a merge."""
    wanted = select(Message).where(Message.about == subject).order_by(col(Message.id)).with_for_update()
    fresh = wanted.execution_options(populate_existing=True)
    return db.session.scalars(unscoped_for("merge, erasure", fresh)).all()


def of_person(person_id: int) -> Sequence[Message]:
    """Every message to a person, whoever may see it: for a merge or an erasure."""
    return db.session.scalars(
        unscoped_for("merge, erasure", select(Message).where(Message.person_id == person_id))
    ).all()


def totals() -> dict[str, int]:
    """How many messages stand in each state: for the operator's figures."""
    grouped = select(Message.state, sa.func.count()).group_by(col(Message.state))
    return {str(State(state)): int(n) for state, n in db.session.execute(unscoped_for("figures", grouped))}


# Whatever the ledger says of one person, whoever asks: for telling it to them, and for forgetting it.

_OWN = "a person's own rights"


def messages_to(person_id: int) -> Sequence[Message]:
    """All that was ever written to a person, oldest first."""
    wanted = select(Message).where(Message.person_id == person_id).order_by(col(Message.id))
    return db.session.scalars(unscoped_for(_OWN, wanted)).all()


def messages_saying(numbers: Sequence[str], *, digests_saying: Sequence[str]) -> Sequence[Message]:
    """Letters to others that hold one of these numbers or addresses, and colleagues' digests that hold one of these words."""
    body = col(Message.body_text)
    holds = [body.contains(number, autoescape=True) for number in numbers]
    holds += [
        sa.and_(Message.purpose == "digest", body.contains(word, autoescape=True)) for word in digests_saying
    ]
    if not holds:
        return []
    return db.session.scalars(unscoped_for(_OWN, select(Message).where(sa.or_(*holds)))).all()


def bodies_sent_before(moment: dt.datetime) -> int:
    """How many letters sent before a moment still say what they said; for nobody's eyes."""
    wanted = (
        sa.select(sa.func.count())
        .select_from(Message)
        .where(
            col(Message.state).in_([State.SENT, State.BOUNCED]),
            col(Message.sent_at) < moment,
            col(Message.emptied_at).is_(None),
        )
    )
    return int(db.session.scalar(unscoped_for("what is kept too long", wanted)) or 0)
