"""Bringing a file, for the page and for the command line alike: read it, meet its rows with the database, keep both.

Reading and assessing happen outside any write transaction.
"""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.apart import unswept
from yishang_crm.core.db import end_transaction, reading
from yishang_crm.core.digits import number_in
from yishang_crm.core.words import N_
from yishang_crm.people import actions, queries
from yishang_crm.people.importing import Told, UnreadableFile, read_file
from yishang_crm.people.importing.apart import is_heavy, read_apart
from yishang_crm.people.importing.beside import COMPANIONS
from yishang_crm.people.models import LawfulBasis
from yishang_crm.people.models.brought import ConflictRule, ImportBatch
from yishang_crm.people.places import Gazetteer
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries.assess import Assessed, Terms, assess

NOBODY = N_("文件里没有认出人名。请看看是不是选错了文件，或把表头写成“姓名、单位、职务、手机”。")


@dataclass(frozen=True)
class About:
    """What the one who brings a file says of it, once for all its rows. `as_of` None is today."""

    source: str = ""
    lawful_basis: LawfulBasis = LawfulBasis.DUTY
    as_of: dt.date | None = None
    rule: ConflictRule = ConflictRule.FILE


@dataclass(frozen=True)
class Brought:
    """A file that was read, with the outcome of every row for one actor."""

    told: Told
    rows: list[Assessed]
    content: bytes
    choices: dict[str, Any]


def bring(
    actor: Actor, content: bytes, file_name: str, *, about: About, choices: dict[str, Any] | None = None
) -> Brought:
    """Read and assess. Raises `UnreadableFile` with the sentence to show, also for a file without anybody in it."""
    choices, file_name = choices or {}, _printable(file_name)
    with reading():
        places = queries.place_rows()
        remembered = kept.remembered_columns(actor)
        end_transaction()
        told = _read(content, file_name, {**choices, "remembered": remembered}, places)
        if not told.rows:
            raise UnreadableFile(NOBODY)
        rows = assessed(actor, told, terms=Terms(about.rule, about.as_of))
    return Brought(told, rows, content, choices)


def keep(actor: Actor, brought: Brought, *, about: About, with_file: bool) -> ImportBatch:
    """Keep what was brought, to be looked at, decided and written; `with_file` so that columns can be corrected."""
    return actions.check_file(
        actor,
        brought.rows,
        content=brought.content if with_file else b"",
        file_name=brought.told.file_name,
        file_hash=hashlib.sha256(brought.content).hexdigest(),
        source=about.source or brought.told.file_name,
        lawful_basis=about.lawful_basis,
        as_of=about.as_of,
        rule=about.rule,
        choices=brought.choices,
        layout=brought.told.layout,
        rows_in_file=brought.told.rows_in_file,
    )


def _printable(file_name: str) -> str:
    """A name is only shown; what no database keeps (NUL) and no page prints is left out."""
    return "".join(character for character in file_name if character.isprintable()).strip()


def _read(content: bytes, file_name: str, choices: dict[str, Any], places: list[Any]) -> Told:
    if is_heavy(content):
        return read_apart(content, file_name, choices=choices, places=places)
    return Told.of(read_file(content, file_name, choices=choices, gazetteer=Gazetteer(places)))


def assessed(actor: Actor, told: Told, *, terms: Terms | None = None) -> list[Assessed]:
    """Every person's row of the file with its outcome for this actor. Reads only."""
    with unswept():
        return assess(actor, [Assessed(**row) for row in told.rows], terms)


def choices_from_form(layout: list[dict[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """What was corrected on the columns page, in the shape the reader takes: only what differs from the guess."""
    sheets = {}
    for number, sheet in enumerate(layout):
        choice: dict[str, Any] = {"read": f"read-{number}" in form}
        header = form.get(f"header-{number}", "").replace("，", ",").replace("-", ",").split(",")
        rows = [row for part in header if (row := number_in(part)) is not None]
        if rows and rows != sheet["header_rows"]:
            # 0: there is no header.
            choice["header_rows"] = [rows[0], rows[-1]] if rows[0] else []
        choice["columns"] = {
            str(column["index"]): wanted
            for column in sheet["columns"]
            if (wanted := form.get(f"column-{number}-{column['index']}", column["field"])) != column["field"]
        }
        sheets[sheet["sheet"]] = choice
    return {"sheets": sheets}


def merged(before: Mapping[str, Any], corrected: Mapping[str, Any]) -> dict[str, Any]:
    """What was corrected earlier still stands; the last word on a column counts."""
    sheets = {name: dict(choice) for name, choice in before.get("sheets", {}).items()}
    for name, choice in corrected["sheets"].items():
        earlier = sheets.get(name, {})
        columns = {**earlier.get("columns", {}), **choice.get("columns", {})}
        sheets[name] = {**earlier, **choice, "columns": columns}
    return {"sheets": sheets}


def remember(actor: Actor, layout: list[dict[str, Any]], corrected: Mapping[str, Any]) -> None:
    """Propose next time, for a file with the same headers, what was corrected now."""
    before = kept.remembered_columns(actor)
    for sheet in layout:
        columns = corrected["sheets"].get(sheet["sheet"], {}).get("columns", {})
        if columns and sheet.get("key"):
            said = {**before.get(sheet["key"], {}), **columns}
            actions.remember_layout(actor, layout_key=sheet["key"], columns=said)


@dataclass(frozen=True)
class Cell:
    """One cell that somebody typed, read by the same rules as a file's. `refused`: it cannot be understood; `beside`: what it tells together with that."""

    value: Any
    problems: list[Any]
    refused: bool
    beside: dict[str, Any] = field(default_factory=dict)


def read_cell(target: str, text: str, places: Gazetteer) -> Cell:
    """Read one cell as the importer would. An empty one empties the field; a name cannot be empty."""
    if not text and target != "name":
        return Cell("", [], refused=False)
    line = io.StringIO()
    csv.writer(line).writerows([["a", "b"], ["余秉衡", text] if target != "name" else [text, ""]])
    columns = {"0": "name"} | ({"1": target} if target != "name" else {"1": ""})
    choices = {"sheets": {"cell": {"read": True, "header_rows": [1, 1], "columns": columns}}}
    told = Told.of(read_file(line.getvalue().encode(), "cell.csv", choices=choices, gazetteer=places))
    row = told.rows[0] if told.rows else {"fields": {}, "problems": []}
    value = row["fields"].get(target, "")
    beside = {name: row["fields"][name] for name in COMPANIONS.get(target, ()) if name in row["fields"]}
    is_read = bool(value or beside)
    problems = row["problems"] or ([] if is_read else [N_("这一格看不懂，请换个写法。")])
    return Cell(value, problems, refused=not is_read, beside=beside)
