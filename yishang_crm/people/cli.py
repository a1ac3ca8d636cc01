"""`yishang import people`, `yishang duplicates`: this room from the command line."""

import hashlib
import json
from pathlib import Path

import click

from yishang_crm.accounts import actors
from yishang_crm.core.actor import Actor
from yishang_crm.people import actions, jobs, queries
from yishang_crm.people.bringing import assessed, file_facts
from yishang_crm.people.importing import Reading, read_file
from yishang_crm.people.models import LawfulBasis
from yishang_crm.people.queries.assess import Assessed


def bring(file: Path, *, check_only: bool, as_json: bool, login: str) -> None:
    """Read a file, say what each row would do, and write it unless only checking. Conflicts are left alone."""
    actor = actors.of_login(login)
    reading = read_file(file, gazetteer=queries.gazetteer())
    rows = assessed(actor, reading)
    _print_rows(rows) if as_json else _print_sheets(reading)
    if not check_only:
        counts = _write(actor, file, reading, rows)
        click.echo(_sum(counts), err=as_json)
    elif not as_json:
        click.echo(_sum(_counted(rows)))


def find_duplicates(*, everybody: bool, as_json: bool) -> None:
    """Compare who changed, or everybody, and say what came of it."""
    counts = jobs.find_duplicates(everybody=everybody)
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(f"比对 {counts['weighed']} 对，新发现 {counts['found']} 对，变动 {counts['changed']} 对")


def _write(actor: Actor, file: Path, reading: Reading, rows: list[Assessed]) -> dict[str, int]:
    batch = actions.check_file(
        actor,
        rows,
        **file_facts(reading, file_hash=hashlib.sha256(file.read_bytes()).hexdigest()),
        source=file.name,
        lawful_basis=LawfulBasis.DUTY,
        choices={},
    )
    return actions.write_batch(actor, batch)


def _print_rows(rows: list[Assessed]) -> None:
    for row in rows:
        said = {"sheet": row.sheet, "row": row.row, "outcome": str(row.outcome), "fields": row.fields}
        click.echo(
            json.dumps(said | {"problems": [str(problem) for problem in row.problems]}, ensure_ascii=False)
        )


def _print_sheets(reading: Reading) -> None:
    for sheet in reading.sheets:
        kinds = "，".join(f"{kind} {count}" for kind, count in sheet.counts.items())
        click.echo(f"{sheet.name}: {sheet.skipped or kinds}")


def _counted(rows: list[Assessed]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.outcome)] = counts.get(str(row.outcome), 0) + 1
    return counts


def _sum(counts: dict[str, int]) -> str:
    words = {"create": "新增", "update": "更新", "unchanged": "不变", "conflict": "冲突", "error": "错误"}
    parts = [f"{counts.get(outcome, 0)} {word}" for outcome, word in words.items()]
    return f"{' + '.join(parts)} = {sum(counts.values())} 行"
