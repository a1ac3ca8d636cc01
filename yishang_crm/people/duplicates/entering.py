"""From what is typed on a form, or read from a row of a file, to what duplicates are found by."""

from collections.abc import Mapping
from typing import Any

from yishang_crm.people.birthdays import from_list
from yishang_crm.people.duplicates.facts import Facts, Reached, facts
from yishang_crm.people.importing.cells.phones import phones_in

_GENDERS = {"男": "male", "女": "female"}


def of_form(said: Mapping[str, Any]) -> Facts:
    """The form of a new person, filled in as far as it is."""
    return facts(
        _text(said, "name")[:60],
        traditional_name=_text(said, "traditional_name"),
        former_names=_text(said, "former_names"),
        romanized_name=_text(said, "romanized_name"),
        contacts=_contacts(_text(said, "phone"), _text(said, "email")),
        posts=[(_text(said, "organization"), _text(said, "title"))],
        native_place=_text(said, "native_place"),
        native_town=_text(said, "native_town"),
        residence=_text(said, "residence"),
        birth=tuple(_number(said, f"birth_{part}") for part in ("year", "month", "day")),  # type: ignore[arg-type]
        is_lunar=_text(said, "birth_calendar") == "lunar",
        gender=_text(said, "gender"),
    )


def of_row(fields: Mapping[str, Any]) -> Facts:
    """A row as the importer reads it: `name`, `phones` in E.164, `birth` YYYY-MM-DD, and so on."""
    birth = from_list(_text(fields, "birth"))
    return facts(
        _text(fields, "name")[:60],
        romanized_name=_text(fields, "name_en"),
        contacts=[
            *(Reached("mobile", phone) for phone in fields.get("phones", ())),
            *([Reached("email", mail.casefold())] if (mail := _text(fields, "email")) else []),
        ],
        posts=[(_text(fields, "organization"), _text(fields, "title"))],
        native_place=_text(fields, "native_place"),
        native_town=_text(fields, "native_town"),
        residence=_text(fields, "city") or _text(fields, "region"),
        birth=(birth.year, birth.month, birth.day),
        is_lunar=birth.is_lunar,
        gender=_GENDERS.get(_text(fields, "gender"), ""),
    )


def _contacts(phone: str, email: str) -> list[Reached]:
    found = [Reached("mobile", one.e164) for one in phones_in(phone).phones] if phone else []
    return [*found, *([Reached("email", email.casefold())] if "@" in email else [])]


def _text(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "").strip()[:200]


def _number(said: Mapping[str, Any], name: str) -> int | None:
    text = _text(said, name)
    return int(text) if text.isdecimal() and len(text) < 5 else None
