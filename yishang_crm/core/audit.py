"""Nothing is changed without leaving who, what and when: actions, and the chain their entries form."""

import functools
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Field, SQLModel, col, select

from yishang_crm.core import triggers
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, db
from yishang_crm.core.deed import Deed, doing, now_doing
from yishang_crm.core.deeds import verb_of
from yishang_crm.core.scope import unscoped_for

P = ParamSpec("P")
R = TypeVar("R")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditEntry(Table, table=True):
    """One deed. `rows` maps each changed row (`person:5`) to its field names and a salted digest of the values."""

    __tablename__ = "audit_entry"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    at: Moment = Field(default_factory=now, index=True)
    actor: str = Field(max_length=40, index=True)
    actor_name: str = Field(max_length=80)
    verb: str = Field(max_length=80, index=True)
    about: str = Field(default="", max_length=80, index=True)
    rows: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    note: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    request: str = Field(default="", max_length=40)
    link: int | None = Field(default=None, unique=True)
    seal: str | None = Field(default=None, max_length=64)


class AuditValue(Table, table=True):
    """Old and new values of one changed row, beside the chain, where erasure can reach them."""

    __tablename__ = "audit_value"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(index=True)
    row: str = Field(max_length=80, index=True)
    salt: str = Field(max_length=32)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class AuditCheckpoint(Table, table=True):
    """Where the chain begins after older entries were pruned: the last link that is gone, its seal,
    and a keyed proof of both, so that nobody else can say that older entries were lawfully dropped."""

    __tablename__ = "audit_checkpoint"

    id: int | None = Field(default=None, primary_key=True)
    link: int
    seal: str = Field(max_length=64)
    proof: str = Field(max_length=64)
    at: Moment = Field(default_factory=now)


def action(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Turn a function into something an actor does: allowed, recorded, flushed. The actor comes first."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        verb = verb_of(function.__module__, function.__name__)

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = cast(Actor, args[0])
            actor.must(permission)
            if now_doing() is not None:
                db.session.flush()  # what the outer action did so far is its own
            with doing(Deed(actor, verb)) as deed:
                result = function(*args, **kwargs)
                db.session.flush()
                leave_entry(deed)
            return result

        act.permission = permission  # type: ignore[attr-defined]
        return act

    return wrap


def about(row: SQLModel) -> None:
    """Say which row the open action is about; otherwise it is the first row that changed."""
    deed = now_doing()
    if deed is None:
        raise RuntimeError("about() outside an action")
    deed.about = row_key(row)


def row_key(row: SQLModel) -> str:
    """A row in the trail, as `person:5`."""
    return f"{row.__tablename__}:{row.id}"  # type: ignore[attr-defined]


def leave_entry(deed: Deed) -> None:
    """Write one entry for a deed, its values beside it. Called while the deed is still open."""
    salted = {row: (secrets.token_hex(16), changes) for row, changes in deed.changes.items()}
    rows = {
        row: {"fields": sorted(changes), "digest": digest(salt, changes)}
        for row, (salt, changes) in salted.items()
    }
    entry = {
        "at": now(),
        "actor": deed.actor.key,
        "actor_name": deed.actor.name,
        "verb": deed.verb,
        "about": deed.about or next(iter(salted), ""),
        "rows": rows,
        "note": deed.note,
        "request": request_id.get(),
    }
    entry_id = db.session.execute(_NEW_ENTRY, entry).scalar_one()
    if salted:
        values = [
            {"entry_id": entry_id, "row": row, "salt": salt, "changes": changes}
            for row, (salt, changes) in salted.items()
        ]
        db.session.execute(_NEW_VALUES, values)


# On the tables themselves: each deed writes one, and the way through the mapper takes several times as long.
_ENTRIES, _VALUES = AuditEntry.__table__, AuditValue.__table__  # type: ignore[attr-defined]
_NEW_ENTRY = sa.insert(_ENTRIES).returning(_ENTRIES.c.id)
_NEW_VALUES = sa.insert(_VALUES)


def digest(salt: str, changes: dict[str, Any]) -> str:
    """A salted digest of one row's changes: with the salt erased, nothing can be guessed from it."""
    return hmac.new(bytes.fromhex(salt), _canonical(changes), hashlib.sha256).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


@sa.event.listens_for(OrmSession, "before_flush")
def _note_deletions(session: OrmSession, _context: UOWTransaction, _instances: object) -> None:
    deed = now_doing()
    if deed is None:
        return
    for row in session.deleted:
        if is_guarded(row):
            deed.changes[row_key(row)] = {
                name: [_told(row, name, getattr(row, name)), None] for name in _column_names(row)
            }


@sa.event.listens_for(OrmSession, "after_flush")
def _note_changes(session: OrmSession, _context: UOWTransaction) -> None:
    deed = now_doing()
    if deed is None:
        return
    for row in [*session.new, *(row for row in session.dirty if session.is_modified(row))]:
        if not is_guarded(row) or isinstance(row, (AuditEntry, AuditValue)):
            continue
        state = sa.inspect(row)
        noted = deed.changes.setdefault(row_key(row), {})
        for name in _column_names(row):
            history = state.attrs[name].history
            if history.has_changes():
                was, now_is = (
                    _told(row, name, values[0]) if values else None
                    for values in (history.deleted, history.added)
                )
                if was is None and now_is is None:
                    continue
                noted[name] = [noted[name][0] if name in noted else was, now_is]
        if not noted:
            del deed.changes[row_key(row)]


def is_guarded(row: object) -> bool:
    return bool(getattr(row, "__guarded__", False) or getattr(row, "__recorded__", False))


def _column_names(row: SQLModel) -> Iterable[str]:
    return [attribute.key for attribute in sa.inspect(type(row)).column_attrs]


def _told(row: SQLModel, name: str, value: Any) -> Any:
    # `__silent__` columns hold whole rows of a file or letters: that they changed is told, not what they say.
    if value is not None and name in getattr(row, "__silent__", ()):
        return "…"
    return _shown(value)


def _shown(value: Any) -> Any:
    # A sealed value leaves its outline, never itself.
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (dict, list)):
        return value
    return str(value)


# The chain


def seal_pending(key: bytes, *, limit: int = 200) -> int:
    """Chain the entries that are not yet sealed, in the order of their ids. Returns how many were sealed.

    Sealing stands apart from writing so that many writers need not queue for the last link; few at a time, because those
    who write wait meanwhile (5,000 took a second and 30 MB).
    """
    with doing(Deed(HOUSE, "core.audit.seal")):
        if not is_single_sealer():  # asked before the last link is read: it may be moving
            return 0
        last = _last_link()
        link, seal = (last.link or 0, last.seal or "") if last else _beginning()
        open_entries = (
            select(AuditEntry).where(col(AuditEntry.link).is_(None)).order_by(col(AuditEntry.id)).limit(limit)
        )
        entries = db.session.scalars(unscoped_for("sealing", open_entries)).all()
        for entry in entries:
            link += 1
            seal = seal_of(key, seal, link, entry)
            entry.link, entry.seal = link, seal
        db.session.flush()
    return len(entries)


def is_single_sealer() -> bool:
    """On PostgreSQL one sealer at a time; on SQLite the write lock has seen to it."""
    if db.engine.dialect.name != "postgresql":
        return True
    return bool(db.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(8021990))))


def seal_of(key: bytes, before: str, link: int, entry: AuditEntry) -> str:
    """The seal of one entry, over the seal before it and everything the entry says."""
    said = [
        before, link, entry.id, entry.at.isoformat(), entry.actor, entry.actor_name,
        entry.verb, entry.about, entry.rows, entry.note, entry.request,
    ]  # fmt: skip
    return hmac.new(key, _canonical(said), hashlib.sha256).hexdigest()


def verify_chain(key: bytes, head: dict[str, Any] | None) -> list[str]:
    """Walk the whole chain; returns one sentence per fault, none when it is whole.

    `head` is what was kept outside the database: `{"link": …, "seal": …}`. With it a cut-off end is found.
    """
    faults = _verify_beginning(key)
    link, seal = _beginning()
    sealed = select(AuditEntry).where(col(AuditEntry.link).is_not(None)).order_by(col(AuditEntry.link))
    at_head = ""
    for entry in db.session.scalars(unscoped_for("verifying", sealed).execution_options(yield_per=1000)):
        if entry.link != link + 1:
            faults.append(f"link {link + 1} is missing (next is {entry.link})")
            link = (entry.link or 0) - 1
        elif not hmac.compare_digest(entry.seal or "", seal_of(key, seal, link + 1, entry)):
            faults.append(f"link {link + 1} (entry {entry.id}) was altered")
        link, seal = entry.link or 0, entry.seal or ""
        if head and link == head["link"]:
            at_head = seal
    if head and (link < head["link"] or (at_head and at_head != head["seal"])):
        faults.append(f"the chain ends at {link}, but {head['link']} links were kept outside the database")
    return faults + _verify_values()


def _verify_beginning(key: bytes) -> list[str]:
    last = _last_checkpoint()
    if last is None or hmac.compare_digest(last.proof, _proof(key, last.link, last.seal)):
        return []
    return [f"the checkpoint at link {last.link} is not ours"]


def _verify_values() -> list[str]:
    # A value that was erased is lawful; one that stands must fit the digest in the chain.
    faults = []
    beside = select(AuditValue, AuditEntry.rows).join(
        AuditEntry, col(AuditEntry.id) == AuditValue.entry_id, isouter=True
    )
    found = db.session.execute(unscoped_for("verifying", beside).execution_options(yield_per=1000))
    for value, rows in found:
        told = (rows or {}).get(value.row)
        if told is None or told["digest"] != digest(value.salt, value.changes):
            faults.append(f"values of {value.row} in entry {value.entry_id} were altered")
    return faults


def head() -> dict[str, Any]:
    """The last link and its seal, to be kept outside the database."""
    last = _last_link()
    if last is None:
        link, seal = _beginning()
        return {"link": link, "seal": seal}
    return {"link": last.link, "seal": last.seal}


def pending() -> int:
    """How many entries wait for their seal."""
    waiting = sa.select(sa.func.count()).select_from(AuditEntry).where(col(AuditEntry.link).is_(None))
    return int(db.session.scalar(unscoped_for("counting", waiting)) or 0)


def _last_link() -> AuditEntry | None:
    last = (
        select(AuditEntry)
        .where(col(AuditEntry.link).is_not(None))
        .order_by(col(AuditEntry.link).desc())
        .limit(1)
    )
    return db.session.scalars(unscoped_for("sealing", last)).one_or_none()


def _beginning() -> tuple[int, str]:
    checkpoint = _last_checkpoint()
    return (checkpoint.link, checkpoint.seal) if checkpoint else (0, "")


def _last_checkpoint() -> AuditCheckpoint | None:
    newest = select(AuditCheckpoint).order_by(col(AuditCheckpoint.link).desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def _proof(key: bytes, link: int, seal: str) -> str:
    return hmac.new(key, _canonical(["checkpoint", link, seal]), hashlib.sha256).hexdigest()


def prune_before(key: bytes, moment: Moment) -> int:
    """Drop sealed entries older than a moment, leaving a checkpoint. The database refuses younger than 180 days."""
    old = select(AuditEntry).where(col(AuditEntry.at) < moment, col(AuditEntry.link).is_not(None))
    with doing(Deed(HOUSE, "core.audit.prune")):
        newest = old.order_by(col(AuditEntry.link).desc()).limit(1)
        last = db.session.scalars(unscoped_for("pruning", newest)).one_or_none()
        if last is None or last.link is None or last.seal is None:
            return 0
        gone = sa.delete(AuditEntry).where(col(AuditEntry.link) <= last.link)
        proof = _proof(key, last.link, last.seal)
        db.session.add(AuditCheckpoint(link=last.link, seal=last.seal, proof=proof))
        db.session.execute(
            sa.delete(AuditValue).where(
                col(AuditValue.entry_id).in_(
                    sa.select(col(AuditEntry.id)).where(col(AuditEntry.link) <= last.link)
                )
            )
        )
        dropped = int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]
        leave_entry(Deed(HOUSE, "core.audit.prune", note={"dropped": dropped, "until": last.link}))
    return dropped


def erase_values(rows: Iterable[str]) -> int:
    """Forget old and new values of these rows, and of every entry that is about one of them (inside an action).

    The entries stay: who, when, which fields; their digests are salted, and the salt goes with the values. Returns how many.
    """
    wanted, gone = sorted(set(rows)), 0
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        entries = sa.select(col(AuditEntry.id)).where(col(AuditEntry.about).in_(some))
        beside = sa.or_(col(AuditValue.row).in_(some), col(AuditValue.entry_id).in_(entries))
        gone += int(db.session.execute(sa.delete(AuditValue).where(beside)).rowcount)  # type: ignore[attr-defined]
    return gone


# Append-only, held by the database itself: nothing said is changed, nothing younger than 180 days deleted.

_SAID = "id, at, actor, actor_name, verb, about, rows, note, request"
_REFUSE_CHANGE = "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
triggers.keep(
    triggers.Trigger(
        "audit_entry_said", "audit_entry", sqlite=f"BEFORE UPDATE OF {_SAID} ON audit_entry {_REFUSE_CHANGE}"
    ),
    triggers.Trigger(
        "audit_entry_sealed",
        "audit_entry",
        sqlite=f"BEFORE UPDATE ON audit_entry WHEN OLD.seal IS NOT NULL {_REFUSE_CHANGE}",
    ),
    triggers.Trigger(
        "audit_entry_kept",
        "audit_entry",
        sqlite=(
            "BEFORE DELETE ON audit_entry WHEN OLD.at > datetime('now', '-180 days') "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are kept 180 days'); END"
        ),
    ),
    triggers.Trigger(
        "audit_entry_guard",
        "audit_entry",
        postgresql="BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()",
        before=(
            "CREATE OR REPLACE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' THEN "
            "IF OLD.at > now() - interval '180 days' THEN RAISE EXCEPTION 'audit entries are kept 180 days'; END IF; "
            "RETURN OLD; END IF; "
            "IF OLD.seal IS NOT NULL OR (OLD.id, OLD.at, OLD.actor, OLD.actor_name, OLD.verb, OLD.about, OLD.rows::text, "
            "OLD.note::text, OLD.request) IS DISTINCT FROM (NEW.id, NEW.at, NEW.actor, NEW.actor_name, NEW.verb, NEW.about, "
            "NEW.rows::text, NEW.note::text, NEW.request) "
            "THEN RAISE EXCEPTION 'audit entries are append-only'; END IF; RETURN NEW; END $$"
        ),
    ),
)
