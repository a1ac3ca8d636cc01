"""Writing a batch, portion by portion: each is met once more with what stands in the database now.

The check may be minutes or days old, and others bring the same people. So a portion is assessed again inside its own
write transaction; what became known, or was edited since, is not written twice and not written over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.core import log
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import Bulk, Failed, bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import reading, take_turns
from yishang_crm.core.deed import note
from yishang_crm.core.errors import HouseError
from yishang_crm.core.words import N_
from yishang_crm.people.actions.imports.keeping import told, wipe
from yishang_crm.people.actions.imports.newcomers import newcomer
from yishang_crm.people.actions.imports.updating import Update, update_many
from yishang_crm.people.actions.many import (
    Prepared,
    create_prepared,
    find_organizations,
    organization_key,
    prepare,
)
from yishang_crm.people.importing import Problem
from yishang_crm.people.importing.returned import MARK
from yishang_crm.people.models.brought import (
    WRITTEN,
    ImageKind,
    ImportBatch,
    ImportImage,
    ImportRow,
    RowOutcome,
)
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import prints
from yishang_crm.people.queries.assess import SINCE, Assessed, Terms, assess, settle

# So many rows hold the write lock for about 50 ms on a machine of two cores (`make bench` prints it).
CHUNK = 100
# Two files are never written at the same moment, so that each sees whom the other brought.
TURN = 8021991


def write_batch(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """Write creations and updates; then wipe the values.

    A run that was cut off, however often, goes on where it stopped and comes to the same end. A row that cannot be
    written any more becomes a conflict or an error with its sentence; the others are kept.
    Returns the counts by outcome, which add up to the person rows of the file.
    """
    take_up_import(actor, batch)
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.import", about=f"import_batch:{batch.id}") as work:
        writer = _Writer(actor, batch, work)
        # Of a yearly return what says nothing anew is written, too: it was looked at, and confirmed.
        for outcome in (*WRITTEN, RowOutcome.UNCHANGED) if kept.is_return(batch) else WRITTEN:
            writer.write_all(outcome)
    wipe(actor, batch)
    return finish_import(actor, batch)


write_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def begin_writing(actor: Actor, batch: ImportBatch) -> None:
    """From here on the rows stand as they are; whoever comes first writes them (a request, or the timetable)."""
    batch.begin_writing()
    batch.beat_at = None


@action(Permission.PEOPLE_IMPORT)
def take_up_import(actor: Actor, batch: ImportBatch) -> None:
    batch.begin_writing()
    batch.beat_at = now()


def close_batch(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """Stop a batch that is half written: what is not written stays out and is listed; the values are wiped."""
    take_up_import(actor, batch)
    with bulk(
        actor, Permission.PEOPLE_IMPORT, "people.close_import", about=f"import_batch:{batch.id}"
    ) as work:
        reason = told(Problem(N_("没有写完就关闭了，这一行没有写。")))
        for outcome in WRITTEN:
            while ids := kept.ids_of_rows(actor, batch, after=0, most=500, outcome=outcome):
                work.put(ImportRow, ids, outcome=RowOutcome.ERROR, reasons=[reason])
                work.chunk_done()
    wipe(actor, batch)
    return finish_import(actor, batch)


close_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def finish_import(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    counts = {str(outcome): count for outcome, count in kept.outcome_counts(actor, batch).items()}
    batch.finish(counts=counts, at=now())
    note(**counts)
    return counts


@dataclass(slots=True)
class _Waiting:
    """A row to be written: as it was checked, as it is now, and what could be worked out beforehand."""

    row: Any
    now: Assessed
    prepared: Prepared | None = None


class _Writer:
    def __init__(self, actor: Actor, batch: ImportBatch, work: Bulk) -> None:
        self.actor, self.batch, self.work = actor, batch, work
        self.terms = Terms(batch.rule, batch.as_of)
        self.organizations: dict[str, int] = {}

    def write_all(self, outcome: RowOutcome) -> None:
        after = 0
        while waiting := self._next(outcome, after=after):
            after = waiting[-1].row.id
            take_turns(TURN)
            still = kept.still_to_write(
                self.actor, self.batch, [one.row.id for one in waiting], outcome=outcome
            )
            self._write([one for one in waiting if one.row.id in still and _is_to_be_written(one.row)])
            self.work.put(ImportBatch, [self.batch.id or 0], beat_at=now())
            self.work.chunk_done()

    def _next(self, outcome: RowOutcome, *, after: int) -> list[_Waiting]:
        """The next portion, read and prepared while nobody waits for us: readings of names cost more than writing."""
        with reading():
            rows = kept.rows_to_write(self.actor, self.batch, outcome=outcome, after=after, most=CHUNK)
            is_new = outcome == RowOutcome.CREATE
            return [
                _Waiting(row, _again(row), self._prepared(row.fields) if is_new else None) for row in rows
            ]

    def _prepared(self, fields: dict[str, Any]) -> Prepared:
        return prepare(newcomer(self.batch, fields))

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        """All at once; if the database refuses, one by one, so that only the row that it refuses is left out."""
        try:
            with self.work.attempt():
                self._write_together(waiting)
        except Failed:
            self.organizations.clear()
            for one in waiting:
                self._write_alone(one)

    def _write_alone(self, one: _Waiting) -> None:
        one.now = _again(one.row)
        try:
            with self.work.attempt():
                self._write_together([one])
        except Failed as fault:
            self.organizations.clear()
            one.now = _again(one.row)
            one.now.be(RowOutcome.ERROR, reason=_why(fault))
            self._note([one], {})

    def _write_together(self, waiting: Sequence[_Waiting]) -> None:
        assess(self.actor, [one.now for one in waiting], self.terms, hold=True)
        for one in waiting:
            settle(one.now, one.row.decision)
            _look_back(one.row, one.now)
        creations = [one for one in waiting if one.now.outcome == RowOutcome.CREATE]
        updates = [one for one in waiting if one.now.outcome == RowOutcome.UPDATE]
        self._find_firms([*creations, *updates])
        person_ids = self._create(creations)
        confirmed = [one for one in waiting if _is_only_confirmed(one)]
        at = now()
        updated = [
            Update(one.row.id, one.now, confirmed_at=at if one.now.confirms else None)
            for one in (*updates, *confirmed)
        ]
        update_many(self.work, self.actor, self.batch, updated, self.organizations)
        self._note(waiting, person_ids)

    def _find_firms(self, waiting: Sequence[_Waiting]) -> None:
        firms = [
            one.now.fields["organization"]
            for one in waiting
            if one.now.fields.get("organization")
            and (one.now.outcome == RowOutcome.CREATE or "organization" in one.now.changes)
        ]
        fresh = find_organizations(self.work, firms, self.organizations)
        self.work.insert(
            ImportImage,
            [{"batch_id": self.batch.id, "kind": ImageKind.ORGANIZATION, "subject_id": one} for one in fresh],
        )

    def _create(self, waiting: Sequence[_Waiting]) -> dict[int, int]:
        """Returns row id → person id."""
        ready = []
        for one in waiting:
            as_prepared = one.prepared and one.now.fields == one.row.fields and not one.now.leave_out
            fields = one.now.fields
            if one.now.leave_out:
                mails = [fields.get("email", ""), *fields.get("more_emails", ())]
                kept_mails = [mail for mail in mails if mail and mail not in one.now.leave_out]
                fields = fields | {"email": "", "more_emails": kept_mails}
            ready.append(one.prepared if as_prepared and one.prepared else self._prepared(fields))
        ids = create_prepared(self.work, ready, self.organizations)
        self.work.insert(
            ImportImage,
            [
                {
                    "batch_id": self.batch.id,
                    "row_id": one.row.id,
                    "kind": ImageKind.CREATED,
                    "subject_id": person_id,
                    "marks": {"person": self._print(made)},
                }
                for one, made, person_id in zip(waiting, ready, ids, strict=True)
            ],
        )
        return {one.row.id: person_id for one, person_id in zip(waiting, ids, strict=True)}

    def _print(self, made: Prepared) -> str:
        one = made.newcomer
        firm = one.organization
        posts = (
            [{"organization_id": self.organizations[organization_key(firm)], "title": one.title[:80]}]
            if firm
            else []
        )
        return prints.person_print(f"{self.batch.id}", made.columns, made.contacts, posts, [one.unit_id])

    def _note(self, waiting: Sequence[_Waiting], person_ids: dict[int, int]) -> None:
        """What came of each row. What was written is wiped at once; what was not is still there to be looked at."""
        at = now()
        plain = [one for one in waiting if one.row.id in person_ids and not one.now.reasons]
        # Most rows of a file are these, and all but one of their values are the same.
        self.work.put(
            ImportRow,
            [one.row.id for one in plain],
            outcome=RowOutcome.CREATE,
            doubt="",
            reasons=[],
            fields={},
            changes={},
            written_at=at,
        )
        self.work.update(
            ImportRow, [{"id": one.row.id, "person_id": person_ids[one.row.id]} for one in plain]
        )
        done = {one.row.id for one in plain}
        written, unwritten = [], []
        for one in waiting:
            if one.row.id in done:
                continue
            told_now = {
                "id": one.row.id,
                "outcome": one.now.outcome,
                "person_id": person_ids.get(one.row.id, one.now.person_id),
                "doubt": one.now.doubt,
                "reasons": [told(reason) for reason in one.now.reasons],
            }
            if one.now.outcome in WRITTEN or _is_only_confirmed(one):
                written.append(told_now | {"written_at": at, "fields": {}, "changes": {}})
            else:
                unwritten.append(told_now | {"changes": one.now.changes})
        self.work.update(ImportRow, written)
        self.work.update(ImportRow, unwritten)


def _why(fault: Exception) -> Problem:
    if isinstance(fault, HouseError):
        values: dict[str, Any] = {name: str(value) for name, value in fault.values.items()}
        return Problem(fault.sentence, **values)
    log.unexpected(fault)
    return Problem(N_("库里不能记下这一行，没有写。请核对这一行的内容。"))


def _is_to_be_written(row: Any) -> bool:
    return row.outcome in WRITTEN or (MARK in row.fields and not row.decision)


def _is_only_confirmed(one: _Waiting) -> bool:
    """A row of a return that says nothing anew; one that somebody decided against confirms nothing."""
    return one.now.outcome == RowOutcome.UNCHANGED and one.now.confirms and not one.row.decision


def _again(row: Any) -> Assessed:
    """A kept row to be assessed once more."""
    return Assessed(sheet=row.sheet, row=row.row, fields=dict(row.fields), problems=list(row.problems))


def _look_back(was: Any, row: Assessed) -> None:
    """What nobody looked at when the file was checked is not written: it becomes a conflict, or is there already."""
    if row.outcome == RowOutcome.CREATE and was.outcome == RowOutcome.UPDATE:
        row.be(RowOutcome.ERROR, reason=Problem(N_("核对以后，这个人已不在您负责的范围内，没有写。")))
    elif row.outcome == RowOutcome.UNCHANGED and was.outcome != RowOutcome.UNCHANGED:
        row.reasons.append(Problem(N_("核对以后已经有了，没有再写。")))
    elif row.outcome == RowOutcome.UPDATE:
        seen = was.changes if was.outcome == RowOutcome.UPDATE else {}
        edited = [name for name, (old, _new) in row.changes.items() if old and old != seen.get(name, [""])[0]]
        if edited:
            row.be(
                RowOutcome.CONFLICT, doubt=SINCE, reason=Problem(N_("核对以后别人改过，没有写。请再核对。"))
            )
