"""When somebody was born; what a whole column shows of how its dates are written."""

import re
from collections.abc import Sequence
from dataclasses import replace

from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.people.birthdays import from_list, must_be_a_day
from yishang_crm.people.importing.cells.births import LUNAR, BirthCell, birth_in
from yishang_crm.people.importing.cells.writing import Cell, simplified, written
from yishang_crm.people.importing.of_person.texts import Texts
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import PersonRow


class Births:
    """`data` are the rows below the header: a column is looked through before its first cell is read."""

    def __init__(self, texts: Texts, data: Sequence[Sequence[Cell]], *, from_1904: bool = False) -> None:
        self._texts = texts
        self._from_1904 = from_1904
        columns = texts.at.get("birth", ())
        cells = [row[index] for row in data for index in columns if index < len(row) and written(row[index])]
        self._january_is_01 = _are_padded(cells)
        self._are_months = _all_on_the_first(cells, from_1904=from_1904)

    def read(self, person: PersonRow, cells: Sequence[Cell]) -> None:
        for index, cell in self._texts.cells_at("birth", cells):
            if "birth" in person.fields:
                continue
            found: BirthCell = birth_in(cell, january_is_01=self._january_is_01, from_1904=self._from_1904)
            birth = found.birth
            if birth and self._are_months and not isinstance(cell, str):
                birth = birth[:7]
            person.put("birth", birth)
            person.problems.extend(found.problems)
            if found.calendar == LUNAR or "农历" in simplified(self._texts.column[index].label):
                person.extras["birth_calendar"] = LUNAR
            if found.leap_month:
                person.extras["birth_leap_month"] = True
            if found.year and not birth:
                person.extras["birth_year"] = found.year
            _must_have_been(person)


def _must_have_been(person: PersonRow) -> None:
    """A day that never was (公历二月三十, a leap month the year did not have) is not kept; its year is."""
    told = from_list(str(person.fields.get("birth", "")))
    is_lunar, leap = (name in person.extras for name in ("birth_calendar", "birth_leap_month"))
    try:
        must_be_a_day(replace(told, is_lunar=is_lunar, in_leap_month=leap), today=today())
    except NotPossible as why:
        person.problems.append(Problem(why.sentence, **why.values))
        person.extras["birth_year"] = told.year
        del person.fields["birth"]


def _are_padded(cells: Sequence[Cell]) -> bool:
    """Numbers such as 1977.05 show that January would be 1977.01, so 1977.1 is October."""
    numbers = [written(cell) for cell in cells if isinstance(cell, float) and cell < 2030]
    return any(re.fullmatch(r"\d{4}\.0\d", number) for number in numbers)


def _all_on_the_first(cells: Sequence[Cell], *, from_1904: bool) -> bool:
    """Excel keeps 1965年8月 as the first of August: a column of firsts tells months, not days."""
    births = [birth_in(cell, from_1904=from_1904).birth or "" for cell in cells if not isinstance(cell, str)]
    days = [birth for birth in births if len(birth) == 10]
    return len(days) > 1 and all(birth.endswith("-01") for birth in days)
