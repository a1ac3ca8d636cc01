"""What a row adds to somebody known: never taking away, and nothing that is there already."""

import re
from typing import TYPE_CHECKING, Any

from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people.importing import Problem
from yishang_crm.people.queries.known import Known

if TYPE_CHECKING:
    from yishang_crm.people.queries.assess import Assessed

MOST_NOTE, MOST_FORMER = 2000, 120
_BETWEEN_NAMES = re.compile(r"[、，,;；/\s]+")


def compare_additions(row: "Assessed", one: Known, said: dict[str, Any]) -> None:
    """Enter into `row.changes` what `said` (the fields that count) tells and `one` does not have."""
    others = [
        phone
        for phone in said.get("phones_of_others", {})
        if Sealed(phone) not in one.phones | one.phones_of_others
    ]
    mails = [
        mail
        for mail in said.get("more_emails", ())
        if Sealed(mail.casefold()) not in one.emails and mail not in row.leave_out
    ]
    if others:
        row.changes["phones_of_others"] = ["", others]
    if mails:
        row.changes["more_emails"] = ["", mails]
    if (wechat := said.get("wechat", "")) and Sealed(wechat) not in one.wechats:
        row.changes["wechat"] = ["", wechat]
    _compare_former_names(row, one, said)
    _compare_note(row, one, said)


def _compare_former_names(row: "Assessed", one: Known, said: dict[str, Any]) -> None:
    held = names_in(one.former_names)
    fresh = [name for name in names_in(said.get("former_name", "")) if name not in (*held, one.name)]
    if not fresh:
        return
    together = "、".join([*held, *fresh])
    if len(together) > MOST_FORMER:
        row.reasons.append(Problem(N_("曾用名写不下了，没有再记。")))
        return
    row.changes["former_name"] = [one.former_names, together]


def _compare_note(row: "Assessed", one: Known, said: dict[str, Any]) -> None:
    fresh = {
        name: said[name]
        for name in ("chamber_title", "note")
        if said.get(name) and not _stands_in(one.note, name, said[name])
    }
    if len(note_with(one.note, fresh)) > MOST_NOTE:
        row.reasons.append(Problem(N_("备注写不下了，没有再记。")))
        return
    row.changes |= {name: ["", text] for name, text in fresh.items()}


def _stands_in(note: str, name: str, text: str) -> bool:
    return note_with("", {name: text}) in note


def note_with(note: str, said: dict[str, Any]) -> str:
    """A note with a file's 会内职务 and remark below it."""
    office = f"会内职务：{said['chamber_title']}" if said.get("chamber_title") else ""
    return "\n".join(part for part in (note, office, said.get("note", "")) if part)


def names_in(text: str) -> list[str]:
    return [name for name in dict.fromkeys(_BETWEEN_NAMES.split(text)) if name]
