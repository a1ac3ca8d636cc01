"""Where somebody is from and where they live; what a section line or the sheet's own name tells of it."""

import re
from collections.abc import Mapping, Sequence

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.writing import HAN, Cell, joined_han, simplified, written
from yishang_crm.people.importing.of_person.texts import Texts
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import PersonRow
from yishang_crm.people.places import Gazetteer, PlaceMatch

_NATIVES_OF = re.compile(f"([{HAN}]{{2,10}}?)籍")


class Places:
    """`above` is the text of title lines, `sheet` the sheet's name: either may tell a native place where no column does."""

    def __init__(self, texts: Texts, gazetteer: Gazetteer, *, sheet: str, above: str) -> None:
        self._texts = texts
        self._gazetteer = gazetteer
        self._default = self._of_sheet(sheet, above)

    def read(self, person: PersonRow, cells: Sequence[Cell], section: Mapping[str, str]) -> None:
        self._native(person, cells, section)
        provinces, cities = self._texts.of("province", cells), self._texts.of("city", cells)
        city = joined_han("".join(dict.fromkeys(cities)))
        province = joined_han("".join(provinces))
        if province and not city.startswith(province[:2]):
            city = province + city
        person.put("city", city or section.get("city"))
        region = joined_han("".join(dict.fromkeys(self._texts.of("region", cells))))
        person.put("region", region or section.get("region"))

    def grouped(self, data: Sequence[Sequence[Cell]]) -> list[int]:
        """Columns of counties written once per group where merges were lost: few values, never repeated."""
        names = self._texts.at.get("name", [])
        people = [row for row in data if any(at < len(row) and written(row[at]) for at in names)]
        return [
            index
            for index in self._texts.at.get("native_place", [])
            if self._is_grouped([written(row[index]) if index < len(row) else "" for row in people])
        ]

    def _is_grouped(self, values: Sequence[str]) -> bool:
        said = [value for value in values if value]
        if len(values) < 6 or not said or not values[0] or len(said) > len(values) * 0.4:
            return False
        return len(set(said)) == len(said) and all(self._gazetteer.find(value) for value in said)

    def _native(self, person: PersonRow, cells: Sequence[Cell], section: Mapping[str, str]) -> None:
        texts = self._texts.of("native_place", cells)
        towns = self._texts.of("native_town", cells)
        match = self._match(texts, towns, section)
        text = "".join(texts)
        if match is not None:
            person.fields["native_place"] = match.county
            person.put("native_town", match.town)
            if match.historic:
                person.extras["place_is_historic"] = True
            if not match.counts_as_native:
                person.problems.append(Problem(N_("籍贯“%(text)s”按籍贯字典不计入安庆籍"), text=match.county))
        elif text:
            person.fields["native_place"] = joined_han(text)
            person.problems.append(Problem(N_("籍贯“%(text)s”不在籍贯字典里，按原文保留"), text=text))
        if towns and "native_town" not in person.fields:
            person.fields["native_town"] = joined_han(towns[0])

    def _match(self, texts: list[str], towns: list[str], section: Mapping[str, str]) -> PlaceMatch | None:
        """The most exact reading of all that is told, the section's county and the sheet's included."""
        around = section.get("native_place", "") or (self._default if not texts else "")
        whole, town = "".join(texts), "".join(towns[:1])
        best: PlaceMatch | None = None
        for spelling in (whole + town, whole, *texts, around + whole + town, around + town, around):
            match = self._gazetteer.find(spelling) if spelling else None
            if match is not None and (best is None or _exactness(match) > _exactness(best)):
                best = match
        return best

    def _of_sheet(self, sheet: str, above: str) -> str:
        """A sheet named 桐城市, or under a title 怀宁县籍…."""
        if self._texts.at.get("native_place"):
            return ""
        for natives in _NATIVES_OF.findall(simplified(above) + "\n" + simplified(sheet)):
            match = self._gazetteer.find(natives)
            if match and match.county != "安庆市":
                return match.county
        match = self._gazetteer.find(sheet)
        exact = match and len(sheet) <= len(match.county) + 3 and match.county != "安庆市"
        return match.county if match and exact else ""


def _exactness(match: PlaceMatch) -> tuple[bool, bool]:
    return match.county != "安庆市", match.town is not None
