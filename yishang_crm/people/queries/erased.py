"""Who had themselves erased is noticed when they come in again: by number, address, or name beside firm."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yishang_crm.core.erased import erased_among
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.importing import Problem
from yishang_crm.people.models.brought import RowOutcome

if TYPE_CHECKING:
    from yishang_crm.people.queries.assess import Assessed


_CAME_BACK = N_(
    "此人要求删除过自己的信息，名册里不能再带进来。确已重新取得本人同意的，请逐个添加，依据选“本人同意”。"
)


def name_mark(name: str, firm: str) -> str:
    """A name beside a firm, as its fingerprint is kept."""
    return f"{names.simplified_key(name)}@{names.simplified_key(firm)}"


def were_erased(*, values: Sequence[str] = (), name: str = "", firm: str = "") -> bool:
    """Whether somebody with one of these numbers or addresses, or of this name at this firm, was erased."""
    return bool(erased_among([*values, *([name_mark(name, firm)] if name and firm else [])]))


def find_erased(rows: "Sequence[Assessed]") -> None:
    """Rows that would bring somebody back stop as conflicts; one statement however many."""
    marks = {id(row): _marks(row) for row in rows if row.outcome in (RowOutcome.CREATE, RowOutcome.UPDATE)}
    found = erased_among({mark for some in marks.values() for mark in some})
    for row in rows:
        if found.intersection(marks.get(id(row), ())):
            row.be(RowOutcome.CONFLICT, reason=Problem(_CAME_BACK))


def _marks(row: "Assessed") -> list[str]:
    told = row.fields
    values = [*told.get("phones", ()), *told.get("phones_of_others", ()), told.get("email", "")]
    values += [*told.get("more_emails", ()), told.get("wechat", "")]
    name, firm = row.fields.get("name", ""), row.fields.get("organization", "")
    return [*values, *([name_mark(name, firm)] if name and firm else [])]
