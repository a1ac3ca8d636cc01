"""What people decide about messages: let go, take back, cancel, correct, settle a doubt; and opening them for delivery."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_
from yishang_crm.outbox import ledger, queries, registry
from yishang_crm.outbox.models import Channel, Message, Outcome
from yishang_crm.outbox.queries import Filter
from yishang_crm.outbox.words import html_of, one_line


@action(Permission.OUTBOX_RELEASE)
def release(
    actor: Actor, wanted: Filter, *, expected: int, due_at: dt.datetime | None = None
) -> tuple[str, int]:
    """Let held messages go, now or at `due_at`. `expected` is the count the person saw and restated.

    Returns the mark by which the release can be taken back, and the count. Raises `NotPossible` when the count has changed.
    """
    mark = secrets.token_hex(8)
    at = now()
    ids = queries.release_all(actor, wanted, at=at, due_at=due_at or at, mark=mark)
    _must_be_as_many(ids, expected)
    note(release=mark, count=len(ids), messages=digest_of(ids))
    return mark, len(ids)


@action(Permission.OUTBOX_RELEASE)
def hold_again(actor: Actor, wanted: Filter) -> int:
    """Take a release back as far as it has not left. Returns how many are held again."""
    ids = queries.hold_all_again(actor, wanted)
    note(
        count=len(ids),
        messages=digest_of(ids),
        **({"release": wanted.release_mark} if wanted.release_mark else {}),
    )
    return len(ids)


@action(Permission.OUTBOX_RELEASE)
def cancel_held(actor: Actor, wanted: Filter, *, expected: int, reason: str = "") -> int:
    """Cancel held messages, the count restated."""
    ids = queries.cancel_all(actor, wanted, reason=reason)
    _must_be_as_many(ids, expected)
    note(count=len(ids), messages=digest_of(ids), reason=reason)
    return len(ids)


@action(Permission.OUTBOX_RELEASE)
def cancel(actor: Actor, message: Message, *, reason: str = "") -> None:
    """One message that has not left will not."""
    _locked(actor, message).cancel(reason=reason)
    note(reason=reason)


@action(Permission.OUTBOX_RELEASE)
def edit_held(actor: Actor, message: Message, *, version: int, subject: str, body_text: str) -> None:
    """Correct a held message. Raises `Stale` when somebody else saved first."""
    fresh = _locked(actor, message)
    if fresh.version != version:
        theirs: dict[str, object] = {"subject": fresh.subject, "body_text": fresh.body_text}
        raise Stale(N_("别人刚改过这封信，请对照后再保存。"), theirs)
    html = html_of(body_text) if fresh.body_html else ""
    fresh.rewrite(subject=one_line(subject)[:300], body_text=body_text, body_html=html)


@action(Permission.OUTBOX_RELEASE)
def requeue(actor: Actor, message: Message) -> None:
    """A failed message is tried again, or one in doubt after somebody found out that it did not arrive."""
    fresh = _locked(actor, message)
    fresh.requeue(at=now(), by=actor.key)
    _remember(actor, fresh, Outcome.REQUEUED)


@action(Permission.OUTBOX_RELEASE)
def confirm_arrival(actor: Actor, message: Message) -> None:
    """Somebody found out that a message in doubt did arrive."""
    fresh = _locked(actor, message)
    fresh.arrive(at=now())
    _remember(actor, fresh, Outcome.CONFIRMED)


@action(Permission.OUTBOX_RELEASE)
def record_bounce(actor: Actor, message: Message, *, detail: str) -> None:
    """A sent message came back; whoever keeps the address of this person learns it in the same deed."""
    fresh = _locked(actor, message)
    fresh.bounce(error=detail)
    _remember(actor, fresh, Outcome.BOUNCED, detail=detail)
    if fresh.person_id is not None and fresh.channel is Channel.EMAIL:
        registry.letter_returned(actor, fresh.person_id, fresh.address)


@action(Permission.OUTBOX_DELIVER)
def open_for_delivery(actor: Actor, *, by: str, until: dt.datetime, limit: int) -> list[ledger.Row]:
    """Lease the next due messages; this entry tells that their addresses are opened as each of them leaves."""
    ids = ledger.lease(by=by, at=now(), until=until, limit=limit)
    rows = ledger.leased_rows(ids, by=by)
    note(count=len(rows), messages=digest_of(ids), worker=by)
    return rows


@action(Permission.OUTBOX_DELIVER)
def forget_old_bodies(actor: Actor, *, before: dt.datetime) -> int:
    """Empty what was sent before a moment. Returns how many."""
    count = ledger.forget_bodies_before(before, at=now())
    note(count=count)
    return count


def digest_of(ids: Sequence[int]) -> str:
    """Many ids as one short fingerprint for the trail."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:32]


def _must_be_as_many(ids: Sequence[int], expected: int) -> None:
    if len(ids) != expected:
        raise NotPossible(
            N_("数目变了：您看到的是%(expected)s封，现在是%(now)s封。什么都没有动，请再看一眼。"),
            expected=expected, now=len(ids),
        )  # fmt: skip


def _locked(actor: Actor, message: Message) -> Message:
    fresh = queries.message_to_change(actor, message.id or 0)
    if fresh is None:
        raise NotPossible(N_("这封信已不在您能看到的范围里。"))
    about(fresh)
    return fresh


def _remember(actor: Actor, message: Message, outcome: Outcome, *, detail: str = "") -> None:
    db.session.flush()
    ledger.remember(
        [ledger.Result(message.id or 0, outcome, now(), detail)], by=f"{actor.key} {actor.name}"[:80]
    )
