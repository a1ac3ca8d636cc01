"""Reading a heavy file in a process of its own: `python -m yishang_crm.people.importing.apart`, file on standard input.

The first line is JSON: name, choices, places. The answer is JSON: what was read, or the sentence why not.
"""

import io
import json
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from yishang_crm.core import apart
from yishang_crm.people.importing.problems import UnreadableFile
from yishang_crm.people.importing.read import read_file
from yishang_crm.people.importing.told import Told
from yishang_crm.people.places import Gazetteer, PlaceRow

# Above this a file is read apart. A workbook counts as large as it unpacks.
LIGHT = 1024 * 1024
SECONDS = 120.0
MEGABYTES = 1500


def is_heavy(content: bytes) -> bool:
    """Whether reading it would keep a page's thread busy for more than about half a second."""
    if not content.startswith(b"PK"):
        return len(content) > LIGHT // 4
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(entry.file_size for entry in archive.infolist()) > LIGHT
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False  # the reader says what is wrong with it


def read_apart(
    content: bytes, file_name: str, *, choices: dict[str, Any], places: Sequence[PlaceRow]
) -> Told:
    """The same as `read_file`, elsewhere. Raises `UnreadableFile`, or what `core.apart.run` raises."""
    head = {"name": file_name, "choices": choices, "places": [asdict(place) for place in places]}
    given = json.dumps(head).encode() + b"\n" + content
    answer = json.loads(apart.run(__name__, given, seconds=SECONDS, megabytes=MEGABYTES))
    if "unreadable" in answer:
        raise UnreadableFile(answer["unreadable"], **answer["values"])
    return Told.from_json(answer)


def _answer(given: bytes) -> dict[str, Any]:
    line, _, content = given.partition(b"\n")
    head = json.loads(line)
    places = Gazetteer(PlaceRow(**{**place, "aliases": tuple(place["aliases"])}) for place in head["places"])
    try:
        return Told.of(read_file(content, head["name"], choices=head["choices"], gazetteer=places)).as_json()
    except UnreadableFile as refusal:
        return {"unreadable": refusal.sentence, "values": refusal.values}


def main() -> None:
    """Read what stands on standard input."""
    apart.limit_memory()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
