"""From a file to clean rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yishang_crm.people.importing.choices import Choices
from yishang_crm.people.importing.opening import RawSheet, open_file
from yishang_crm.people.importing.reading import Reading, SheetReading
from yishang_crm.people.importing.returned import settle_copies
from yishang_crm.people.importing.sheet import read_sheet
from yishang_crm.people.places import Gazetteer, seed_gazetteer


def read_file(
    source: str | Path | bytes,
    filename: str = "",
    *,
    choices: Choices | Mapping[str, Any] | None = None,
    gazetteer: Gazetteer | None = None,
) -> Reading:
    """Read people from a path or from bytes; `filename` is only for people, never believed.

    `choices` corrects the guessed layout (see `Choices`). Without `gazetteer` the seed dictionary is used.
    Raises `UnreadableFile` with one Chinese sentence that says what to do.
    """
    filename = filename or ("" if isinstance(source, bytes) else Path(source).name)
    chosen = choices if isinstance(choices, Choices) else Choices.from_json(choices or {})
    raw = open_file(source)
    _name_the_nameless(raw, filename)
    places = gazetteer or seed_gazetteer()
    sheets: list[SheetReading] = []
    for sheet in raw:
        before = next((read for read in reversed(sheets) if not read.skipped), None)
        sheets.append(read_sheet(sheet, places, chosen, before=before))
    reading = Reading(filename, sheets)
    settle_copies(reading.rows)
    return reading


def _name_the_nameless(sheets: list[RawSheet], filename: str) -> None:
    for sheet in sheets:
        sheet.name = sheet.name or Path(filename).stem
