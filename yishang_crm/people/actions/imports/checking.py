"""While a file is checked: keep its rows, decide conflicts, mend cells, choose whose values stand, throw it away."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, reading
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_
from yishang_crm.people.actions.imports.keeping import in_chunks, keep_file, told, wipe
from yishang_crm.people.importing.beside import COMPANIONS
from yishang_crm.people.importing.returned import written_by_hand
from yishang_crm.people.models import LawfulBasis
from yishang_crm.people.models.brought import ConflictRule, ImportBatch, ImportRow, RowOutcome
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries.assess import Assessed, Terms, assess, settle

# Keeping so many rows holds the write lock for less than 50 ms.
CHUNK = 1000


@action(Permission.PEOPLE_IMPORT)
def open_batch(actor: Actor, *, file_name: str, file_hash: str, source: str, lawful_basis: LawfulBasis,
               choices: dict[str, Any], layout: list[Any], rows_in_file: int,
               as_of: dt.date | None = None, rule: ConflictRule = ConflictRule.FILE) -> ImportBatch:  # fmt: skip
    """Remember a file that was brought and read."""
    batch = ImportBatch(
        unit_id=actor.unit_id or 0,
        user_id=actor.id,
        file_name=file_name[:200],
        file_hash=file_hash,
        source=source[:120],
        lawful_basis=lawful_basis,
        as_of=as_of or today(),
        rule=rule,
        choices=choices,
        layout=layout,
        rows_in_file=rows_in_file,
    )
    db.session.add(batch)
    return batch


def check_file(
    actor: Actor, rows: Sequence[Assessed], *, content: bytes = b"", **about_file: Any
) -> ImportBatch:
    """Keep the checked rows of a file, so that they can be looked at and decided. Writes no person.

    With `content` the file itself is kept as well, so that its columns can be corrected.
    """
    batch = open_batch(actor, **about_file)
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.check", about=f"import_batch:{batch.id}") as work:
        for some in in_chunks(rows, CHUNK):
            work.insert(ImportRow, [_kept(batch, row) for row in some])
            work.chunk_done()
    if content:
        keep_file(actor, batch, content)
    return batch


check_file.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


def _kept(batch: ImportBatch, row: Assessed) -> dict[str, Any]:
    return {"batch_id": batch.id, "sheet": row.sheet[:80], "row": row.row, "fields": row.fields} | _verdict(
        row
    )


def _verdict(row: Assessed) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "person_id": row.person_id,
        "doubt": row.doubt,
        "changes": row.changes,
        "problems": [told(problem) for problem in row.problems],
        "reasons": [told(reason) for reason in row.reasons],
    }


@action(Permission.PEOPLE_IMPORT)
def decide_row(actor: Actor, batch: ImportBatch, row: ImportRow, *, take: str) -> None:
    """Settle a conflict: `new` takes the file's values, `ours` keeps the database's, `separate` makes a person."""
    batch.must_be_checked()
    if row.outcome != RowOutcome.CONFLICT:
        raise NotPossible(N_("这一行没有冲突，不用再定。"))
    about(batch)
    note(row=row.row, take=take)
    _decide(row, take)


@action(Permission.PEOPLE_IMPORT)
def decide_rows(actor: Actor, batch: ImportBatch, *, take: str) -> int:
    """Settle all conflicts at once, as far as each may be settled so. Returns how many were."""
    batch.must_be_checked()
    about(batch)
    settled, after = 0, 0
    while rows := kept.batch_rows(actor, batch, outcome=RowOutcome.CONFLICT, after=after, most=500):
        after = rows[-1].id or 0
        for row in rows:
            if take == "ours" or (take in _TAKES and _may_take(row, take)):
                _decide(row, take)
                settled += 1
    note(take=take, settled=settled)
    return settled


_TAKES = ("ours", "new", "separate")


def _may_take(row: ImportRow, take: str) -> bool:
    if take == "new" and row.doubt == "repeated":
        return True
    if row.doubt == "late":
        return take == "new"
    if row.doubt not in ("name", "suspect"):
        return False
    return take == "separate" or row.person_id is not None


def _decide(row: ImportRow, take: str) -> None:
    if take != "ours" and not (take in _TAKES and _may_take(row, take)):
        raise NotPossible(N_("这一行不能这样定：请保留库中的，或找负责单位协商。"))
    row.decision = take
    row.version += 1
    row.outcome = {"ours": RowOutcome.UNCHANGED, "new": RowOutcome.UPDATE, "separate": RowOutcome.CREATE}[
        take
    ]
    if take == "separate":
        row.person_id = None


@action(Permission.PEOPLE_IMPORT)
def mend_cell(
    actor: Actor,
    batch: ImportBatch,
    row: ImportRow,
    *,
    field: str,
    value: Any,
    version: int,
    problems: Sequence[Any] = (),
    beside: Mapping[str, Any] | None = None,
) -> None:
    """Correct one cell of a row; the row is assessed again. `problems` are what the reading of the new value found, `beside`
    what it tells together with it (`beside.COMPANIONS`).

    Raises `Stale` when somebody mended the row meanwhile.
    """
    batch.must_be_checked()
    if row.version != version:
        raise Stale(N_("这一行刚刚改过，请看一眼现在的样子再改。"), {field: row.fields.get(field, "")})
    about(batch)
    note(row=row.row, mended=field)
    kept_cells = written_by_hand(row.fields, field)
    mended = {field, *COMPANIONS.get(field, ())}
    fields = {name: held for name, held in kept_cells.items() if name not in mended} | dict(beside or {})
    fields |= {field: value} if value else {}
    others = [problem for problem in row.problems if not _is_about(problem, field)]
    again = Assessed(sheet=row.sheet, row=row.row, fields=fields, problems=[*others, *problems])
    assess(actor, [again], Terms(batch.rule, batch.as_of))
    for name, held in _verdict(again).items():
        setattr(row, name, held)
    row.fields, row.decision, row.version = fields, "", row.version + 1


# Words by which the reader's sentences tell which cell they are about.
_WORDS = {
    "name": ("姓名", "名字", "全名"), "gender": ("性别",), "phones": ("号码", "手机", "座机"), "email": ("邮箱",),
    "birth": ("出生",), "native_place": ("籍贯",), "native_town": ("籍贯",),
}  # fmt: skip


def _is_about(problem: Any, field: str) -> bool:
    sentence = problem["sentence"] if isinstance(problem, dict) else problem
    return any(word in sentence for word in _WORDS.get(field, ()))


def set_rule(actor: Actor, batch: ImportBatch, *, rule: ConflictRule) -> None:
    """Choose whose values stand where both have one; every row is assessed again, decisions stay."""
    choose_rule(actor, batch, rule=rule)
    with reading():
        rows = [row for some in _all_rows(actor, batch) for row in some]
        fresh = [Assessed(row.sheet, row.row, dict(row.fields), problems=list(row.problems)) for row in rows]
        assess(actor, fresh, Terms(rule, batch.as_of))
    verdicts = []
    for row, now in zip(rows, fresh, strict=True):
        if row.decision:
            settle(now, row.decision)
        verdicts.append({"id": row.id, "version": row.version + 1} | _verdict(now))
    about_batch = f"import_batch:{batch.id}"
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.check_again", about=about_batch) as work:
        for some in in_chunks(verdicts, CHUNK):
            work.update(ImportRow, some)
            work.chunk_done()


set_rule.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


def _all_rows(actor: Actor, batch: ImportBatch) -> Any:
    after = 0
    while rows := kept.batch_rows(actor, batch, after=after, most=CHUNK):
        after = rows[-1].id or 0
        yield rows


@action(Permission.PEOPLE_IMPORT)
def choose_rule(actor: Actor, batch: ImportBatch, *, rule: ConflictRule) -> None:
    batch.must_be_checked()
    batch.rule = rule


@action(Permission.PEOPLE_IMPORT)
def take_problem_rows(actor: Actor, batch: ImportBatch) -> list[ImportRow]:
    """The rows that would not be written, with their values, to be corrected in Excel; the entry is the trace."""
    about(batch)
    rows = [
        row
        for outcome in (RowOutcome.CONFLICT, RowOutcome.ERROR)
        for row in kept.batch_rows(actor, batch, outcome=outcome, most=50_000)
    ]
    note(rows=len(rows))
    return sorted(rows, key=lambda row: row.id or 0)


def discard_batch(actor: Actor, batch: ImportBatch) -> None:
    """Throw a checked file away; its values are wiped."""
    discard_import(actor, batch)
    wipe(actor, batch)


discard_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def discard_import(actor: Actor, batch: ImportBatch) -> None:
    batch.discard()
