"""Sending: claim, hand over, record, so that a death at any instant leaves at most one message in doubt.

For each message there is one commit, which records what came of the message before and marks this one as on its way.
Only then does it go to the mail server. So nothing is sent twice by itself, and nothing is lost.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from yishang_crm.core import log
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, end_transaction, reset_mode, set_mode, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.errors import HouseError
from yishang_crm.outbox import actions, ledger, opening, worker
from yishang_crm.outbox.ledger import Result, Row
from yishang_crm.outbox.models import Outcome
from yishang_crm.outbox.opening import Written
from yishang_crm.outbox.transport import Fault, NotDelivered, Transport

LEASE = dt.timedelta(minutes=10)
BATCH = 100
# A server that cannot be reached so often in a row is left alone until the next run.
MOST_UNREACHABLE = 3


@dataclass
class Counts:
    """What a run did. `postponed` were put back for later, `in_doubt` wait for a person, `paused` tells that the server is away."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    in_doubt: int = 0
    cancelled: int = 0
    skipped: int = 0
    paused: bool = False

    def as_dict(self) -> dict[str, int | bool]:
        return asdict(self)


def never() -> bool:
    """A run that ends only when nothing is due."""
    return False


def deliver_due(
    transport: Transport,
    *,
    limit: int | None = None,
    per_minute: int = 0,
    stop: Callable[[], bool] = never,
    lease: dt.timedelta = LEASE,
    batch: int = BATCH,
) -> Counts:
    """Send what is due, until nothing is, `limit` is reached or `stop()` says so. Needs an app context; commits by itself."""
    run = _Run(transport, by=worker.own_mark(), per_minute=per_minute, stop=stop, lease=lease)
    with writing():
        try:
            run.until_nothing_is_due(limit=limit, batch=batch)
        finally:
            run.settle()
            transport.close()
    return run.counts


class _Run:
    def __init__(
        self, transport: Transport, *, by: str, per_minute: int, stop: Callable[[], bool], lease: dt.timedelta
    ) -> None:
        self.transport, self.by, self.per_minute, self.stop, self.lease = (
            transport,
            by,
            per_minute,
            stop,
            lease,
        )
        self.counts = Counts()
        self._unrecorded: Result | None = None
        self._unreachable = 0
        self._next_at = time.monotonic()

    def until_nothing_is_due(self, *, limit: int | None, batch: int) -> None:
        with _deed():
            self.counts.in_doubt += ledger.find_abandoned(at=now())
            db.session.commit()
        begun = 0
        while limit is None or begun < limit:
            room = self._room(batch if limit is None else min(batch, limit - begun))
            rows = self._leased(room) if room else []
            if not rows:
                return
            for row in rows:
                if self._is_over() or not self._wait_for_turn():
                    return
                self._deliver(row)
            begun += len(rows)

    def settle(self) -> None:
        """Record what is still in hand and put back what was not begun."""
        db.session.rollback()
        with _deed():
            self._record_last()
            ledger.let_go(by=self.by)
            self._commit()

    def _leased(self, room: int) -> list[Row]:
        with _deed():
            self._record_last()
            if not ledger.is_any_due(at=now()):  # an empty outbox leaves no entry
                self._commit()
                return []
        rows = actions.open_for_delivery(HOUSE, by=self.by, until=now() + self.lease, limit=room)
        self._commit()
        return rows

    def _deliver(self, row: Row) -> None:
        letter = self._written(row)
        if isinstance(letter, Result):
            self._settle_unwritten(letter)
            return
        if not self._begin(row):
            self.counts.skipped += 1
            return
        result = self._handed_over(row, letter)
        self._count(result)
        self._unrecorded = result

    def _written(self, row: Row) -> Written | Result:
        """The letter in bytes, or why there is none. Reading holds no write lock, and making papers no transaction."""
        try:
            with _reading():
                opened = opening.opened(row)
            with _no_transaction():
                return opened.written(at=now())
        except opening.NoLetter as none:
            return Result(row.id, none.outcome, now(), none.why)
        except HouseError as error:
            return Result(row.id, Outcome.NOT_WRITTEN, now(), str(error))
        except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not stop the others
            log.unexpected(error)
            return Result(row.id, Outcome.NOT_WRITTEN, now(), log.clean(f"{type(error).__name__}: {error}"))

    def _settle_unwritten(self, result: Result) -> None:
        with _deed():
            self._record_last()
            ledger.settle_unwritten(result, by=self.by)
            self._commit()
        self._count(result)

    def _begin(self, row: Row) -> bool:
        at = now()
        with _deed():
            self._record_last()
            begun = ledger.claim(row.id, by=self.by, at=at, until=at + self.lease)
            self._commit()
        return begun

    def _handed_over(self, row: Row, letter: Written) -> Result:
        try:
            self.transport.send(letter.content, to=letter.to, message_id=row.message_id)
        except NotDelivered as failure:
            self._unreachable = self._unreachable + 1 if failure.fault is Fault.UNREACHABLE else 0
            return self._result(row, _OUTCOMES[failure.fault], failure.detail)
        except Exception as error:  # noqa: BLE001 - a fault of ours on the way: say that nobody knows, and go on carefully
            log.unexpected(error)
            self._unreachable += 1
            self.transport.close()
            return self._result(row, Outcome.IN_DOUBT, log.clean(f"{type(error).__name__}: {error}")[:200])
        self._unreachable = 0
        return self._result(row, Outcome.SENT)

    def _result(self, row: Row, outcome: Outcome, detail: str = "") -> Result:
        return Result(row.id, outcome, now(), detail, row.attempts + 1, row.is_sensitive)

    def _record_last(self) -> None:
        if self._unrecorded is not None:
            ledger.record(self._unrecorded, by=self.by)

    def _commit(self) -> None:
        db.session.commit()
        self._unrecorded = None

    def _count(self, result: Result) -> None:
        name = ledger.fate_of(result)
        setattr(self.counts, name, getattr(self.counts, name) + 1)

    def _is_over(self) -> bool:
        self.counts.paused = self._unreachable >= MOST_UNREACHABLE
        return self.counts.paused or self.stop()

    def _room(self, most: int) -> int:
        """How many may be begun now: all workers together keep to the rate. Waits while there is no room."""
        while self.per_minute and not self._is_over():
            with _deed():
                room = self.per_minute - ledger.begun_since(now() - dt.timedelta(minutes=1))
                is_due = ledger.is_any_due(at=now())
                self._record_last()
                self._commit()
            if room > 0 or not is_due:
                return min(most, max(room, 0))
            time.sleep(0.5)
        return 0 if self._is_over() else most

    def _wait_for_turn(self) -> bool:
        """Spread the letters over the minute. False when the run ends meanwhile."""
        if not self.per_minute:
            return True
        while (wait := self._next_at - time.monotonic()) > 0:
            if self.stop():
                return False
            time.sleep(min(wait, 0.5))
        self._next_at = max(self._next_at, time.monotonic() - 1) + 60 / self.per_minute
        return True


_OUTCOMES = {
    Fault.TEMPORARY: Outcome.TEMPORARY,
    Fault.UNREACHABLE: Outcome.TEMPORARY,
    Fault.PERMANENT: Outcome.PERMANENT,
    Fault.IN_DOUBT: Outcome.IN_DOUBT,
}


@contextmanager
def _deed() -> Iterator[None]:
    # The trail tells once for each batch who opened how many; what came of each stands in the rows of its attempts.
    with doing(Deed(HOUSE, "outbox.deliver")):
        yield


@contextmanager
def _reading() -> Iterator[None]:
    """Upper rooms say what stands in a letter: they may open sealed values, see rows as they are now, and write nothing."""
    db.session.expunge_all()
    with _no_transaction(), _deed():
        yield


@contextmanager
def _no_transaction() -> Iterator[None]:
    token = set_mode(writes=False)
    try:
        yield
        end_transaction()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        reset_mode(token)
