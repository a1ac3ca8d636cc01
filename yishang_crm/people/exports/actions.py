"""Taking people out: asked for with a reason, begun, finished, fetched, wiped. Each leaves its trace."""

import datetime as dt
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.permit import Permit, hand_out
from yishang_crm.core.words import N_
from yishang_crm.people.exports import columns as offered
from yishang_crm.people.exports import queries
from yishang_crm.people.exports.models import Export, ExportState, Form, Order


@action(Permission.PEOPLE_EXPORT)
def ask(actor: Actor, *, form: Form, filters: dict[str, Any], said: str, columns: list[str], order: Order,
        purpose: str, receiver: str, expected: int, title: str = "", filled_by: str = "",
        reason: str = "") -> Export:  # fmt: skip
    """Ask for a file. `expected` is the count the person saw; raises `NotPossible` when it has changed meanwhile.

    What the filters say stands on the row, whose values erasure reaches; the entry bears counts and columns.
    """
    chosen = offered.known(columns)
    opens = offered.are_sealed(chosen)
    if opens:
        actor.must(Permission.PEOPLE_OPEN_CONTACT)
        if not reason.strip():
            raise NotPossible(N_("名单里有号码或邮箱，请写明为什么需要。"))
    count = queries.count(actor, filters)
    if count != expected:
        raise NotPossible(
            N_("人数变了：您看到的是%(expected)s人，现在是%(now)s人。请再看一眼名单。"),
            expected=expected,
            now=count,
        )
    export = Export(
        user_id=actor.id,
        user_name=actor.name,
        unit_id=actor.unit_id or 0,
        form=form,
        filters=filters,
        said=said[:300],
        columns=chosen,
        order=order,
        title=title[:60],
        filled_by=filled_by[:80],
        purpose=purpose[:120],
        receiver=receiver[:120],
        opens_sealed=opens,
        reason=reason[:200] if opens else "",
        asked_count=count,
    )
    export.must_fit()
    db.session.add(export)
    db.session.flush()
    about(export)
    note(count=count, form=form.value, columns=chosen, opens_sealed=opens)
    return export


@action(Permission.PEOPLE_EXPORT)
def begin(actor: Actor, export: Export) -> Permit:
    """Take its making in hand; the permit opens what its columns ask for, outside any write transaction."""
    export.begin(at=now())
    return hand_out()


@action(Permission.PEOPLE_EXPORT)
def finish(
    actor: Actor, export: Export, *, file_name: str, size: int, count: int, keep: dt.timedelta
) -> None:
    """The file stands; from here its days are counted."""
    export.finish(at=now(), file_name=file_name, size=size, count=count, keep=keep)
    note(count=count)


@action(Permission.HOUSEKEEPING)
def fail(actor: Actor, export: Export, *, why: str) -> None:
    """Its making came to nothing."""
    export.fail(why=why)


@action(Permission.PEOPLE_EXPORT)
def take(actor: Actor, export: Export) -> str:
    """The maker fetches the file; returns its name. Every fetching stands in the trail."""
    export.must_be_takeable(by=actor.id, at=now())
    about(export)
    note(taken=export.file_name, count=export.count)
    return export.file_name


@action(Permission.PEOPLE_EXPORT)
def drop(actor: Actor, export: Export) -> None:
    """The maker needs the file no more."""
    if export.user_id != actor.id:
        raise NotPossible(N_("这份文件是%(name)s导出的，只有本人能清除。"), name=export.user_name)
    if export.state == ExportState.WIPED:
        raise NotPossible(N_("这份文件已经清除。"))
    export.wipe(at=now())


@action(Permission.HOUSEKEEPING)
def wipe(actor: Actor, exports: list[Export]) -> int:
    """The rows of files whose time is over. Returns how many."""
    for export in exports:
        export.wipe(at=now())
    return len(exports)
