"""Reading the audit trail: who, verb, field and row. Values are not read here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core import audit
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import AuditEntry, row_key
from yishang_crm.core.clock import day_begins
from yishang_crm.core.db import Moment, db
from yishang_crm.core.deeds import ANY, Meant
from yishang_crm.core.scope import scoped, unscoped_for

PAGE = 50
VERIFIED = "accounts.verify_trail"


def visible_to(actor: Actor) -> SelectOfScalar[AuditEntry]:
    """The trail: the audit administrator sees all of it, nobody else any."""
    entries = scoped(AuditEntry, actor)
    return entries if actor.may(Permission.AUDIT_READ) else entries.where(sa.false())


@dataclass(frozen=True)
class Filters:
    """What an auditor asks for. `who` is a key (`user:12`) or a name, `what` the deeds, `about` a row or table."""

    who: str = ""
    what: Meant = ANY
    about: str = ""
    first_day: dt.date | None = None
    last_day: dt.date | None = None


def entries(
    actor: Actor, filters: Filters, *, before: int | None = None
) -> tuple[Sequence[AuditEntry], bool]:
    """One page, newest first, and whether there is another. `before` is the last id of the page above."""
    wanted = _filtered(visible_to(actor), filters)
    if before is not None:
        wanted = wanted.where(col(AuditEntry.id) < before)
    found = db.session.scalars(wanted.order_by(col(AuditEntry.id).desc()).limit(PAGE + 1)).all()
    return found[:PAGE], len(found) > PAGE


def _filtered(wanted: SelectOfScalar[AuditEntry], filters: Filters) -> SelectOfScalar[AuditEntry]:
    if filters.who:
        wanted = wanted.where(
            sa.or_(col(AuditEntry.actor) == filters.who, col(AuditEntry.actor_name) == filters.who)
        )
    if filters.what.is_narrow:
        verb = col(AuditEntry.verb)
        begins_so = verb.startswith(filters.what.beginning, autoescape=True)
        named_so = verb.in_(filters.what.verbs)
        wanted = wanted.where(sa.or_(begins_so, named_so) if filters.what.beginning else named_so)
    if filters.about:
        whole = ":" in filters.about
        about = col(AuditEntry.about)
        wanted = wanted.where(
            about == filters.about if whole else about.startswith(f"{filters.about}:", autoescape=True)
        )
    if filters.first_day:
        wanted = wanted.where(col(AuditEntry.at) >= day_begins(filters.first_day))
    if filters.last_day:
        wanted = wanted.where(col(AuditEntry.at) < day_begins(filters.last_day + dt.timedelta(days=1)))
    return wanted


@dataclass(frozen=True)
class ChainState:
    """The chain: its last link, how many entries wait for their seal, when it was last walked and what was found."""

    link: int
    pending: int
    verified_at: Moment | None
    faults: int


def chain_state(actor: Actor) -> ChainState:
    newest = visible_to(actor).where(AuditEntry.verb == VERIFIED).order_by(col(AuditEntry.id).desc()).limit(1)
    verified = db.session.scalars(newest).one_or_none()
    return ChainState(
        link=int(audit.head()["link"]),
        pending=audit.pending(),
        verified_at=verified.at if verified else None,
        faults=int(verified.note.get("faults", 0)) if verified else 0,
    )


def last_change_of(row: SQLModel) -> AuditEntry | None:
    """Who saved a row last and when, for the reader whose own version has become old."""
    wanted = (
        select(AuditEntry)
        .where(AuditEntry.about == row_key(row))
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    return db.session.scalars(unscoped_for("who saved meanwhile", wanted)).one_or_none()
