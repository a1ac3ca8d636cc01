"""Bringing a file: keep what was checked, decide conflicts, write it, close it."""

from collections.abc import Iterable, Sequence
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import names, queries
from yishang_crm.people.actions.contacts import put_contact
from yishang_crm.people.actions.many import Newcomer, create_many
from yishang_crm.people.actions.persons import put_post
from yishang_crm.people.models import ContactKind, ImportBatch, ImportRow, LawfulBasis, Person, RowOutcome
from yishang_crm.people.queries import imports as reading
from yishang_crm.people.queries.assess import COLUMNS, GENDERS, Assessed

CHUNK = 250


@action(Permission.PEOPLE_IMPORT)
def open_batch(actor: Actor, *, file_name: str, file_hash: str, source: str, lawful_basis: LawfulBasis,
               choices: dict[str, Any], layout: list[Any], rows_in_file: int) -> ImportBatch:  # fmt: skip
    """Remember a file that was brought and read."""
    batch = ImportBatch(
        unit_id=actor.unit_id or 0,
        user_id=actor.id,
        file_name=file_name[:200],
        file_hash=file_hash,
        source=source[:120],
        lawful_basis=lawful_basis,
        choices=choices,
        layout=layout,
        rows_in_file=rows_in_file,
    )
    db.session.add(batch)
    return batch


def check_file(actor: Actor, rows: Sequence[Assessed], **about_file: Any) -> ImportBatch:
    """Keep the checked rows of a file, so that they can be looked at and decided. Writes no person."""
    batch = open_batch(actor, **about_file)
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.check", about=f"import_batch:{batch.id}") as work:
        for some in _in_chunks(rows, 1000):
            work.insert(ImportRow, [_kept(batch, row) for row in some])
            work.chunk_done()
    return batch


check_file.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


def _kept(batch: ImportBatch, row: Assessed) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "sheet": row.sheet[:80],
        "row": row.row,
        "outcome": row.outcome,
        "person_id": row.person_id,
        "fields": row.fields,
        "changes": row.changes,
        "problems": [str(problem) for problem in row.problems],
    }


@action(Permission.PEOPLE_IMPORT)
def decide_row(actor: Actor, batch: ImportBatch, row: ImportRow, *, take: str) -> None:
    """Settle a conflict: `new` takes the file's values, `ours` keeps the database's, `separate` makes a person."""
    if row.outcome != RowOutcome.CONFLICT:
        raise NotPossible(N_("这一行没有冲突，不用再定。"))
    about(batch)
    note(row=row.row, take=take)
    if take == "ours":
        row.outcome = RowOutcome.UNCHANGED
    elif take == "new" and row.person_id is not None:
        row.outcome = RowOutcome.UPDATE
    elif take == "separate" and row.person_id is not None and not row.changes.get("name"):
        row.outcome, row.person_id = RowOutcome.CREATE, None
    else:
        raise NotPossible(N_("这一行不能这样定：请保留库中的，或找负责单位协商。"))


def discard_batch(actor: Actor, batch: ImportBatch) -> None:
    """Throw a checked file away; its values are wiped."""
    _discard(actor, batch)
    _wipe(actor, batch)


discard_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def _discard(actor: Actor, batch: ImportBatch) -> None:
    batch.discard()


def write_batch(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """Write creations and updates in chunks that hold the write lock briefly; then wipe the values.

    A run that was cut off goes on where it stopped: written rows carry `written_at`.
    Returns the counts by outcome, which add up to the person rows of the file.
    """
    _begin(actor, batch)
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.import", about=f"import_batch:{batch.id}") as work:
        organizations: dict[str, int] = {}
        after = 0
        while rows := reading.batch_rows(actor, batch, after=after, most=CHUNK):
            after = rows[-1].id or 0
            waiting = [row for row in rows if row.written_at is None]
            _create(work, batch, [row for row in waiting if row.outcome == RowOutcome.CREATE], organizations)
            for row in waiting:
                if row.outcome == RowOutcome.UPDATE:
                    _update(actor, row)
            work.chunk_done()
    counts = _finish(actor, batch)
    _wipe(actor, batch)
    return counts


write_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def _begin(actor: Actor, batch: ImportBatch) -> None:
    batch.begin_writing()


@action(Permission.PEOPLE_IMPORT)
def _finish(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    counts = {str(outcome): count for outcome, count in reading.outcome_counts(actor, batch).items()}
    batch.finish(counts=counts, at=now())
    note(**counts)
    return counts


def _wipe(actor: Actor, batch: ImportBatch) -> None:
    # The uploader saw the whole values while checking; from here on only row numbers and reasons stay.
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.wipe", about=f"import_batch:{batch.id}") as work:
        after = 0
        while rows := reading.batch_rows(actor, batch, after=after, most=2000):
            after = rows[-1].id or 0
            work.update(ImportRow, [{"id": row.id, "fields": {}, "changes": {}} for row in rows])
            work.chunk_done()


def _create(work: Bulk, batch: ImportBatch, rows: Sequence[ImportRow], organizations: dict[str, int]) -> None:
    ids = create_many(work, [_newcomer(batch, row.fields) for row in rows], organizations)
    at = now()
    done = [
        {"id": row.id, "person_id": person_id, "written_at": at}
        for person_id, row in zip(ids, rows, strict=True)
    ]
    work.update(ImportRow, done)


def _newcomer(batch: ImportBatch, fields: dict[str, Any]) -> Newcomer:
    year, month, day = _birth(fields.get("birth", ""))
    chamber = f"会内职务：{fields['chamber_title']}" if fields.get("chamber_title") else ""
    columns = {
        "name": fields["name"],
        "gender": GENDERS.get(fields.get("gender", "")),
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
        "native_place": fields.get("native_place", "")[:40],
        "native_town": fields.get("native_town", "")[:40],
        "residence": (fields.get("city") or fields.get("region") or "")[:60],
        "industry": fields.get("industry", "")[:60],
        "romanized_name": fields.get("name_en", "")[:80],
        "note": "\n".join(part for part in (chamber, fields.get("note", "")) if part)[:2000],
        "source": batch.source or batch.file_name[:120],
        "lawful_basis": batch.lawful_basis,
    }
    return Newcomer(
        columns=columns,
        unit_id=batch.unit_id,
        user_id=batch.user_id or None,
        organization=fields.get("organization", ""),
        title=fields.get("title", ""),
        phones=fields.get("phones", ()),
        email=fields.get("email", ""),
    )


def _birth(text: str) -> tuple[int | None, int | None, int | None]:
    parts = [int(part) for part in text.split("-") if part.isdigit()]
    year, month, day = (*parts, None, None, None)[:3]
    return year, month, day


@action(Permission.PEOPLE_IMPORT)
def _update(actor: Actor, row: ImportRow) -> None:
    person = queries.person(actor, row.person_id or 0)
    if person is None:
        raise NotPossible(N_("第%(row)s行对应的人已不在您负责的范围内。"), row=row.row)
    about(person)
    columns: dict[str, Any] = {
        COLUMNS[name]: GENDERS.get(new, new) for name, (_old, new) in row.changes.items() if name in COLUMNS
    }
    if "name" in row.changes:
        columns |= {"name": row.fields["name"], "name_key": names.simplified_key(row.fields["name"])}
    if "birth" in row.changes:
        columns |= dict(
            zip(("birth_year", "birth_month", "birth_day"), _birth(row.fields["birth"]), strict=True)
        )
    if columns:
        person.edit(**columns)
    for phone in row.changes.get("phones", ["", []])[1]:
        put_contact(actor, person, kind=None, typed=phone)
    if "email" in row.changes:
        put_contact(actor, person, kind=ContactKind.EMAIL, typed=row.fields["email"])
    if "organization" in row.changes:
        put_post(person, organization=row.fields["organization"], title=row.fields.get("title", ""))
    elif "title" in row.changes:
        _new_title(actor, person, row)
    row.written_at = now()


def _new_title(actor: Actor, person: Person, row: ImportRow) -> None:
    key = names.simplified_key(row.fields["organization"])
    for post, firm in queries.person_parts(actor, person).posts:
        if firm.name_key == key:
            post.title = row.fields["title"]
            return


def _in_chunks(rows: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
