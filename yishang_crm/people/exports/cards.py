"""Cards for a phone's address book: vCard 3.0 (RFC 2426), the version that phones, WPS Mail and Outlook all read."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from yishang_crm.people.exports.columns import COLUMNS, Line
from yishang_crm.people.names import surname_of

_FOLD = 75  # octets of a line, RFC 2425 5.8.1


def write_cards(path: Path, lines: Iterable[Line], columns: Sequence[str], *, mark: str) -> int:
    """One card for each person; says only what the columns say. Returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.write(card_of(line, columns, mark=mark))
            count += 1
    return count


def card_of(line: Line, columns: Sequence[str], *, mark: str) -> str:
    """One card, folded, with CRLF."""
    asked = set(columns)
    person = line.person
    surname = surname_of(person.name)
    rows = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{escaped(surname)};{escaped(person.name.removeprefix(surname).strip())};;;",
        f"FN:{escaped(person.name)}",
    ]
    if "organization" in asked and line.organization:
        rows.append(f"ORG:{escaped(line.organization)}")
    if "title" in asked and line.title:
        rows.append(f"TITLE:{escaped(line.title)}")
    if "residence" in asked and person.residence:
        rows.append(f"ADR;TYPE=WORK:;;;{escaped(person.residence)};;;")
    if "phone" in asked:
        rows += [f"TEL;TYPE=CELL,VOICE:{escaped(value)}" for value in line.opened("mobile")]
        rows += [f"TEL;TYPE=WORK,VOICE:{escaped(value)}" for value in line.opened("landline")]
    if "email" in asked:
        rows += [f"EMAIL;TYPE=INTERNET:{escaped(value)}" for value in line.opened("email")]
    if "wechat" in asked:
        rows += [f"X-WECHAT:{escaped(value)}" for value in line.opened("wechat")]
    others = [
        f"{COLUMNS[key].title}：{said}"
        for key in ("native_place", "unit", "liaison")
        if key in asked and (said := COLUMNS[key].say(line, str))
    ]
    rows += [f"NOTE:{escaped('；'.join(others))}"] if others else []
    rows += [f"X-YISHANG-EXPORT:{escaped(mark)}", "END:VCARD"]
    return "".join(f"{folded(row)}\r\n" for row in rows)


def escaped(text: str) -> str:
    """What would end a value or begin another property is only text."""
    kept = "".join(" " if ord(character) < 32 and character != "\n" else character for character in text)
    return kept.replace("\\", "\\\\").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")


def folded(row: str) -> str:
    """A long line goes on with a blank on the next; no character is cut in two."""
    parts, part, size = [], "", 0
    for character in row:
        width = len(character.encode())
        if size + width > _FOLD:
            parts.append(part)
            part, size = "", 1
        part, size = part + character, size + width
    return "\r\n ".join([*parts, part])
