"""`yishang import people`, `yishang duplicates`: this room from the command line."""

import json
from pathlib import Path

import click

from yishang_crm.accounts import actors
from yishang_crm.core.actor import Actor
from yishang_crm.core.apart import unswept
from yishang_crm.core.db import reading
from yishang_crm.people import actions, jobs, queries, words
from yishang_crm.people.bringing import About, Brought, bring, keep
from yishang_crm.people.importing.beside import plain_fields
from yishang_crm.people.models.brought import ImportBatch, RowOutcome


def bring_people(file: Path, *, check_only: bool, as_json: bool, login: str) -> None:
    """Read a file, say what each row would do, and write it unless only checking. Conflicts are left alone.

    Raises `UnreadableFile` where the page would show its sentence; then nothing was opened and nothing is written.
    """
    with reading():
        actor = actors.of_login(login)
    about = About(source=file.name)
    brought = bring(actor, file.read_bytes(), file.name, about=about)
    if not check_only:
        batch = keep(actor, brought, about=about, with_file=False)
        with unswept():
            actions.write_batch(actor, batch)
        _see_what_came(actor, batch, brought)
    _print_rows(brought) if as_json else _print_sheets(brought)
    click.echo(_sum(brought), err=as_json)


def _see_what_came(actor: Actor, batch: ImportBatch, brought: Brought) -> None:
    """Between check and write somebody may have brought the same people: what is printed is what was done."""
    with reading():
        rows = queries.batch_rows(actor, batch, most=len(brought.rows) + 1)
    for row, kept in zip(brought.rows, rows, strict=True):
        row.outcome, row.reasons = kept.outcome, kept.reasons


def find_duplicates(*, everybody: bool, as_json: bool) -> None:
    """Compare who changed, or everybody, and say what came of it."""
    counts = jobs.find_duplicates(everybody=everybody)
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(f"比对 {counts['weighed']} 对，新发现 {counts['found']} 对，变动 {counts['changed']} 对")


def _print_rows(brought: Brought) -> None:
    for row in brought.rows:
        said = {
            "sheet": row.sheet,
            "row": row.row,
            "outcome": str(row.outcome),
            "fields": plain_fields(row.fields),
        }
        problems = [words.in_chinese(problem) for problem in (*row.problems, *row.reasons)]
        click.echo(json.dumps(said | {"problems": problems}, ensure_ascii=False))


def _print_sheets(brought: Brought) -> None:
    for sheet in brought.told.layout:
        kinds = "，".join(f"{kind} {count}" for kind, count in sheet["counts"].items())
        click.echo(f"{sheet['sheet']}: {sheet['skipped'] or kinds}")


def _sum(brought: Brought) -> str:
    said = {"create": "新增", "update": "更新", "unchanged": "不变", "conflict": "冲突", "error": "错误"}
    outcomes = [row.outcome for row in brought.rows]
    parts = [f"{outcomes.count(RowOutcome(outcome))} {word}" for outcome, word in said.items()]
    return f"{' + '.join(parts)} = {len(outcomes)} 行"
