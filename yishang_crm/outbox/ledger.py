"""How messages move in the database while they are sent: each step is one statement that only one worker can win."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.words import N_
from yishang_crm.outbox import worker
from yishang_crm.outbox.models import Attempt, Channel, Message, Outcome, State, freed_key, wait_after

message = Message.__table__  # type: ignore[attr-defined]
attempt = Attempt.__table__  # type: ignore[attr-defined]

DIED = N_("发信程序在途中停了，不知道对方收到没有。")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one message: `attempts` counts this try, `detail` names no person."""

    message_id: int
    outcome: Outcome
    at: dt.datetime
    detail: str = ""
    attempts: int = 1
    is_sensitive: bool = False


def lease(*, by: str, at: dt.datetime, until: dt.datetime, limit: int) -> list[int]:
    """Take the next due messages in hand; nobody else gets them before `until`. Returns their ids, oldest first."""
    is_due = _is_due(at)
    due = sa.select(message.c.id).where(is_due).order_by(message.c.due_at, message.c.id).limit(limit)
    due = due.with_for_update(skip_locked=True)
    ids = list(db.session.execute(unscoped_for("sending", due)).scalars())
    if ids:
        taking = (
            sa.update(message).where(message.c.id.in_(ids), is_due).values(leased_by=by, leased_until=until)
        )
        db.session.execute(taking)
    return ids


def let_go(*, by: str) -> None:
    """Put back what was taken in hand and not begun."""
    mine = sa.and_(message.c.leased_by == by, message.c.state == State.QUEUED)
    db.session.execute(sa.update(message).where(mine).values(leased_by="", leased_until=None))


def find_abandoned(*, at: dt.datetime) -> int:
    """Messages whose worker died: those never begun are free again, those begun are in doubt. Returns how many are."""
    in_hand = sa.select(message.c.leased_by).where(
        message.c.state.in_([State.QUEUED, State.SENDING]), message.c.leased_by != ""
    )
    marks = db.session.execute(unscoped_for("sending", in_hand.distinct())).scalars()
    gone = [mark for mark in marks if worker.is_gone(mark)]
    if gone:
        never_begun = sa.and_(message.c.state == State.QUEUED, message.c.leased_by.in_(gone))
        db.session.execute(sa.update(message).where(never_begun).values(leased_by="", leased_until=None))
    lost = sa.and_(
        message.c.state == State.SENDING,
        sa.or_(message.c.leased_until <= at, message.c.leased_by.in_(gone)),
    )
    doubting = sa.update(message).where(lost).values(state=State.IN_DOUBT, last_error=DIED, leased_until=None)
    ids = db.session.execute(doubting.returning(message.c.id)).scalars().all()
    remember([Result(id_, Outcome.IN_DOUBT, at, DIED) for id_ in ids])
    return len(ids)


_CLAIM = (
    sa.update(message)
    .where(
        message.c.id == sa.bindparam("the_id"),
        message.c.state == State.QUEUED,
        message.c.leased_by == sa.bindparam("worker"),
    )
    .values(
        state=State.SENDING,
        begun_at=sa.bindparam("at"),
        leased_until=sa.bindparam("until"),
        attempts=message.c.attempts + 1,
    )
)


def claim(message_id: int, *, by: str, at: dt.datetime, until: dt.datetime) -> bool:
    """Mark one message as on its way. False when it was held back or cancelled meanwhile, or went to another worker."""
    begun = db.session.execute(_CLAIM, {"the_id": message_id, "worker": by, "at": at, "until": until})
    return int(begun.rowcount) == 1  # type: ignore[attr-defined]


def record(result: Result, *, by: str) -> None:
    """Write down what came of a message this worker began."""
    settling = (
        sa.update(message)
        .where(
            message.c.id == result.message_id,
            message.c.leased_by == by,
            # What another took for lost and put in doubt is settled by the one who knows.
            message.c.state.in_([State.SENDING, State.IN_DOUBT]),
        )
        .values(_outcome_values(result))
    )
    db.session.execute(settling)
    remember([result])


def _outcome_values(result: Result) -> dict[str, object]:
    free: dict[str, object] = {"leased_by": "", "leased_until": None}
    if result.outcome is Outcome.SENT:
        empty = {"body_text": "", "body_html": "", "emptied_at": result.at} if result.is_sensitive else {}
        return {"state": State.SENT, "sent_at": result.at, "last_error": "", **free, **empty}
    if result.outcome is Outcome.IN_DOUBT:
        return {"state": State.IN_DOUBT, "last_error": result.detail, "leased_until": None}
    wait = wait_after(result.attempts) if result.outcome is Outcome.TEMPORARY else None
    if wait is None:
        return {"state": State.FAILED, "last_error": result.detail, **free}
    return {"state": State.QUEUED, "due_at": result.at + wait, "last_error": result.detail, **free}


def settle_unwritten(result: Result, *, by: str) -> None:
    """A letter that could not be put together, or that nobody wants any more, never left: no doubt about it."""
    mine = (message.c.id == result.message_id, message.c.leased_by == by, message.c.state == State.QUEUED)
    free: dict[str, object] = {"leased_by": "", "leased_until": None, "last_error": result.detail}
    if result.outcome is Outcome.NO_LONGER_WANTED:
        key = db.session.scalar(unscoped_for("sending", sa.select(message.c.key).where(*mine)))
        if key is None:
            return
        values = {"state": State.CANCELLED, "key": freed_key(key, result.message_id), **free}
    else:
        values = {"state": State.FAILED, **free}
    db.session.execute(sa.update(message).where(*mine).values(values))
    remember([result])


def remember(results: Iterable[Result], *, by: str = "") -> None:
    """Leave a row for each attempt."""
    rows = [
        {"message_id": r.message_id, "at": r.at, "outcome": r.outcome, "detail": r.detail[:300], "by": by}
        for r in results
    ]
    if rows:
        db.session.execute(sa.insert(attempt), rows)


def begun_since(moment: dt.datetime) -> int:
    """How many were begun since a moment, by all workers together."""
    begun = sa.select(sa.func.count()).select_from(message).where(message.c.begun_at > moment)
    return int(db.session.scalar(unscoped_for("keeping the rate", begun)) or 0)


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of a leased message, still sealed."""

    id: int
    about: str
    recipient_name: str
    address: object
    language: str
    reply_to: str
    subject: str
    body_text: str
    body_html: str
    attachments: Sequence[str]
    is_automatic: bool
    is_sensitive: bool
    message_id: str
    attempts: int


def leased_rows(ids: Sequence[int], *, by: str) -> list[Row]:
    """The messages this worker holds, in the order of `ids`."""
    columns = [message.c[name] for name in Row.__slots__]
    held = sa.select(*columns).where(message.c.id.in_(ids), message.c.leased_by == by)
    found = {row.id: Row(**row._mapping) for row in db.session.execute(unscoped_for("sending", held))}
    return [found[id_] for id_ in ids if id_ in found]


def forget_bodies_before(moment: dt.datetime, *, at: dt.datetime) -> int:
    """Empty what was sent long ago."""
    old = sa.and_(
        message.c.state.in_([State.SENT, State.BOUNCED]),
        message.c.sent_at < moment,
        message.c.emptied_at.is_(None),
    )
    emptying = sa.update(message).where(old).values(body_text="", body_html="", emptied_at=at)
    return int(db.session.execute(emptying).rowcount)  # type: ignore[attr-defined]


def is_any_due(*, at: dt.datetime) -> bool:
    """Whether anything waits to be sent that nobody has in hand."""
    due = sa.select(message.c.id).where(_is_due(at)).limit(1)
    return db.session.execute(unscoped_for("sending", due)).first() is not None


def fate_of(result: Result) -> str:
    """Under which figure of a run a result is counted."""
    if result.outcome is Outcome.TEMPORARY:
        return "failed" if wait_after(result.attempts) is None else "postponed"
    fates = {Outcome.SENT: "sent", Outcome.IN_DOUBT: "in_doubt", Outcome.NO_LONGER_WANTED: "cancelled"}
    return fates.get(result.outcome, "failed")


def _is_due(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        message.c.state == State.QUEUED,
        message.c.due_at <= at,
        message.c.channel == Channel.EMAIL,
        sa.or_(message.c.leased_until.is_(None), message.c.leased_until <= at),
    )
