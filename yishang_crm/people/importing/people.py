"""Builds one person from one row: every cell cleaned, values carried down, what is doubtful said."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.births import LUNAR, BirthCell, birth_in
from yishang_crm.people.importing.cells.names import NameCell, gender_in, name_in
from yishang_crm.people.importing.cells.phones import EMAIL, PhoneCell, phones_in
from yishang_crm.people.importing.cells.posts import (
    Post,
    is_chamber_office,
    is_strong_organization,
    post_in,
    title_in,
)
from yishang_crm.people.importing.cells.regions import region_of
from yishang_crm.people.importing.cells.writing import (
    DITTO,
    HAN,
    Cell,
    joined_han,
    lettered,
    plain,
    says_nothing,
    simplified,
    written,
)
from yishang_crm.people.importing.layout.columns import Column
from yishang_crm.people.importing.layout.contents import is_city
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import CONTINUATION, PERSON, SECTION, PersonRow
from yishang_crm.people.importing.rows import section_heading
from yishang_crm.people.places import Gazetteer, PlaceMatch

_SAME_AS_PHONE = re.compile("同手机|同电话|同号|手机号|同左|同前|微信同|即手机|^同$")
_NATIVES_OF = re.compile(f"([{HAN}]{{2,10}}?)籍")
# A mainland mobile or a number with its country code reads the same wherever its owner lives.
_NEEDS_NO_HINT = re.compile(
    r"\s*(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}\s*(?:[(（]微信同号[)）])?|\+[\d\s()-]+"
)
_EMPTY_POST = Post()


class People:
    """Takes the rows of one sheet in order and keeps the people."""

    def __init__(
        self,
        sheet: str,
        columns: Sequence[Column],
        data: Sequence[Sequence[Cell]],
        gazetteer: Gazetteer,
        *,
        above: str,
    ) -> None:
        """`data` are the rows below the header, `above` the text of title lines."""
        self.rows: list[PersonRow] = []
        self.remarks: list[Problem] = []
        self._sheet = sheet
        self._gazetteer = gazetteer
        self._at: dict[str, list[int]] = {}
        for column in columns:
            self._at.setdefault(column.field, []).append(column.index)
        self._columns = {column.index: column for column in columns}
        self._fields = [column.field for column in columns]
        self._said_in: Sequence[Cell] = ()
        self._said: dict[str, list[str]] = {}
        self._known: dict[Hashable, Any] = {}
        self._section: dict[str, str] = {}
        self._previous: list[Cell] = []
        self._hint = region_of(above) or region_of(sheet)
        self._column_hints = {index: region_of(column.label) for index, column in self._columns.items()}
        self._default_place = self._place_of_sheet(sheet, above)
        self._january_is_01 = self._births_are_padded(data)
        self._births_are_months = self._births_all_on_the_first(data)
        self._groups = self._group_columns(data)

    def take(self, kind: str, number: int, cells: Sequence[Cell], filled: Sequence[Cell]) -> None:
        """Remember a section line, or make a person of the row."""
        if kind == SECTION:
            self._section = self._read_section(cells)
        elif kind == PERSON:
            self._person(number, cells, self._resolved(filled))
        elif kind == CONTINUATION and self.rows:
            self._continue(filled)

    # What stands in the row

    def _resolved(self, filled: Sequence[Cell]) -> list[Cell]:
        """同上 and groups written once take the value of the person above."""
        resolved = list(filled)
        for index, cell in enumerate(resolved):
            above = self._previous[index] if index < len(self._previous) else ""
            ditto = isinstance(cell, str) and cell.strip() in DITTO
            if ditto or (index in self._groups and not written(cell)):
                resolved[index] = above
        self._previous = resolved
        return resolved

    def _texts(self, field: str, cells: Sequence[Cell]) -> list[str]:
        if cells is not self._said_in:
            self._said_in, self._said = cells, self._said_by(cells)
        return self._said.get(field, [])

    def _said_by(self, cells: Sequence[Cell]) -> dict[str, list[str]]:
        """All that a row tells, by field; read once per row."""
        said: dict[str, list[str]] = {}
        for index, cell in enumerate(cells[: len(self._fields)]):
            if cell != "" and self._fields[index] and not says_nothing(text := written(cell)):
                said.setdefault(self._fields[index], []).append(text)
        return said

    def _once(self, read: Callable[..., Any], text: str, **how: Any) -> Any:
        """Lists repeat their firms, places and dates; each spelling is read once."""
        key = (read, text, *how.values())
        if key not in self._known:
            self._known[key] = read(text, **how)
        return self._known[key]

    # The person

    def _person(self, number: int, cells: Sequence[Cell], resolved: list[Cell]) -> None:
        person = PersonRow(self._sheet, number, {}, [], cells=cells)
        name = self._name(person, resolved)
        self._gender(person, resolved, name)
        self._posts(person, resolved, name)
        self._places(person, resolved)
        self._contacts(person, resolved)
        self._birth(person, resolved)
        for field in ("industry", "note"):
            texts = self._texts(field, resolved)
            separator = "；" if field == "note" else "、"
            self._put(person, field, separator.join(dict.fromkeys(texts)))
        self._extras(person, resolved)
        self.rows.append(person)

    @staticmethod
    def _put(person: PersonRow, field: str, text: str | None) -> None:
        if text:
            person.fields[field] = text

    def _name(self, person: PersonRow, cells: list[Cell]) -> NameCell:
        text = next(iter(self._texts("name", cells)), "") or self._joined_name(cells)
        english = next(iter(self._texts("name_en", cells)), "")
        found: NameCell = name_in(text)
        name_en = name_in(english).name if english else found.name_en
        name = found.name or name_en or ""
        if not re.search(f"[{HAN}A-Za-zÀ-ɏ]", name):
            sentence = N_("姓名“%(name)s”看不懂") if name else N_("缺少姓名")
            person.problems.append(
                Problem(sentence, serious=True, name=name) if name else Problem(sentence, serious=True)
            )
            return found
        self._put(person, "name", name)
        if name_en and name_en != name:
            self._put(person, "name_en", name_en)
        person.problems.extend(found.problems)
        if found.former:
            person.extras["former_name"] = found.former
        if found.remark:
            person.extras["name_remark"] = found.remark
        return found

    def _joined_name(self, cells: list[Cell]) -> str:
        surname = next(iter(self._texts("surname", cells)), "")
        given = next(iter(self._texts("given", cells)), "")
        if f"{surname}{given}".isascii():
            return f"{given} {surname}".strip()
        return surname + given

    def _gender(self, person: PersonRow, cells: list[Cell], name: NameCell) -> None:
        for text in self._texts("gender", cells):
            gender = gender_in(text)
            self._put(person, "gender", gender)
            if gender is None and "gender" not in person.fields and not self._once(_is_address, text):
                person.problems.append(Problem(N_("性别“%(text)s”看不懂"), text=text))
        if "gender" not in person.fields:
            self._put(person, "gender", name.gender)

    # Firm, post, chamber

    def _posts(self, person: PersonRow, cells: list[Cell], name: NameCell) -> None:
        firms = self._texts("organization", cells)
        both = [self._once(post_in, text) for text in self._texts("post", cells)]
        titles = [self._once(title_in, text) for text in self._texts("title", cells)]
        from_firm = self._split_firm(firms[0], has_title=bool(titles)) if firms else _EMPTY_POST
        told = [from_firm, *both, *titles]
        organization = next((post.organization for post in told if post.organization), "")
        title = "、".join(dict.fromkeys(post.title for post in titles if post.title)) or next(
            (post.title for post in told if post.title), ""
        )
        self._put(person, "organization", organization)
        self._put(person, "title", title or name.title)
        offices = [joined_han(lettered(text)) for text in self._texts("chamber_title", cells)]
        offices = offices or [post.chamber_title for post in told if post.chamber_title]
        self._put(
            person, "chamber_title", "、".join(dict.fromkeys(offices)) or self._section.get("chamber_title")
        )
        others = [other for post in told for other in post.others] + [joined_han(firm) for firm in firms[1:]]
        if others:
            person.extras["other_posts"] = others

    def _split_firm(self, text: str, *, has_title: bool) -> Post:
        """A firm as written; divided only where a post stands behind it in the same cell."""
        post: Post = self._once(post_in, text)
        as_written = joined_han(lettered(text).strip(" ,，、;；。"))
        if not post.organization or not (post.title or post.chamber_title):
            return Post(organization=as_written)
        if has_title and not is_strong_organization(post.organization):
            return Post(organization=as_written)
        return post

    # Places

    def _places(self, person: PersonRow, cells: list[Cell]) -> None:
        self._native(person, cells)
        provinces, cities = self._texts("province", cells), self._texts("city", cells)
        city = joined_han("".join(dict.fromkeys(cities)))
        province = joined_han("".join(provinces))
        if province and not city.startswith(province[:2]):
            city = province + city
        self._put(person, "city", city or self._section.get("city"))
        region = joined_han("".join(dict.fromkeys(self._texts("region", cells))))
        self._put(person, "region", region or self._section.get("region"))

    def _native(self, person: PersonRow, cells: list[Cell]) -> None:
        texts = self._texts("native_place", cells)
        towns = self._texts("native_town", cells)
        match = self._native_match(texts, towns)
        text = "".join(texts)
        if match is not None:
            person.fields["native_place"] = match.county
            self._put(person, "native_town", match.town)
            if match.historic:
                person.extras["place_is_historic"] = True
            if not match.counts_as_native:
                person.problems.append(Problem(N_("籍贯“%(text)s”按籍贯字典不计入安庆籍"), text=match.county))
        elif text:
            person.fields["native_place"] = joined_han(text)
            person.problems.append(Problem(N_("籍贯“%(text)s”不在籍贯字典里，按原文保留"), text=text))
        if towns and "native_town" not in person.fields:
            person.fields["native_town"] = joined_han(towns[0])

    def _native_match(self, texts: list[str], towns: list[str]) -> PlaceMatch | None:
        """The most exact reading of all that is told, the section's county and the sheet's included."""
        around = self._section.get("native_place", "") or (self._default_place if not texts else "")
        whole, town = "".join(texts), "".join(towns[:1])
        best: PlaceMatch | None = None
        for spelling in (whole + town, whole, *texts, around + whole + town, around + town, around):
            match = self._gazetteer.find(spelling) if spelling else None
            if match is not None and (best is None or _exactness(match) > _exactness(best)):
                best = match
        return best

    def _place_of_sheet(self, sheet: str, above: str) -> str:
        """A sheet named 桐城市, or under a title 怀宁县籍…, tells the native place where no column does."""
        if self._at.get("native_place"):
            return ""
        for natives in _NATIVES_OF.findall(simplified(above) + "\n" + simplified(sheet)):
            match = self._gazetteer.find(natives)
            if match and match.county != "安庆市":
                return match.county
        match = self._gazetteer.find(sheet)
        exact = match and len(sheet) <= len(match.county) + 3 and match.county != "安庆市"
        return match.county if match and exact else ""

    def _read_section(self, cells: Sequence[Cell]) -> dict[str, str]:
        heading = section_heading(next(text for text in map(written, cells) if text))
        match = self._gazetteer.find(heading)
        if match is not None:
            return {"native_place": match.county + (match.town or "")}
        if is_chamber_office(heading):
            return {"chamber_title": heading}
        if region_of(heading) not in (None, "CN"):
            return {"region": heading} if not self._at.get("region") else {"hint": heading}
        if is_city(heading) and not self._at.get("city"):
            return {"city": heading}
        return {}

    # Contacts

    def _contacts(self, person: PersonRow, cells: list[Cell]) -> None:
        labels: dict[str, str] = {}
        emails: list[str] = []
        for index in self._at.get("phones", ()):
            text = written(cells[index]) if index < len(cells) else ""
            if says_nothing(text):
                continue
            if isinstance(cells[index], float) and re.fullmatch(r"1\d{3}0{7}", text):
                person.problems.append(
                    Problem(N_("手机号被 Excel 变成了科学计数“%(text)s”，后几位已经丢失，请补填"), text=text)
                )
                continue
            found = self._phones(text, self._column_hints[index], person)
            for phone in found.phones:
                labels.setdefault(phone.e164, phone.label)
            emails.extend(found.emails)
            person.problems.extend(found.problems)
            if found.wechat:
                person.extras["wechat"] = found.wechat
            if found.same_wechat:
                person.extras["wechat_is_phone"] = True
        if labels:
            person.fields["phones"] = list(labels)
        if any(labels.values()):
            person.extras["phone_labels"] = {number: label for number, label in labels.items() if label}
        self._emails(person, cells, emails)

    def _phones(self, text: str, column_hint: str | None, person: PersonRow) -> PhoneCell:
        """Read with the nearest hint first; another is asked only where the number stays unread."""
        best = phones_in(text, region=column_hint)
        if column_hint is None and _NEEDS_NO_HINT.fullmatch(text):
            return best
        for hint in self._hints(person) if column_hint is None else ():
            found = phones_in(text, region=hint)
            better = len(found.phones) > len(best.phones) or len(found.problems) < len(best.problems)
            if hint and (better or best.phones != found.phones):
                return found
        return best

    def _hints(self, person: PersonRow) -> Iterator[str]:
        """Regions this person's row points to, nearest first."""
        fields = person.fields
        for place in (fields.get("region"), fields.get("city"), self._section.get("hint")):
            if isinstance(place, str) and (hint := region_of(place)) and hint != "CN":
                yield hint
        if self._hint and self._hint != "CN":
            yield self._hint
        organization = fields.get("organization")
        if isinstance(organization, str) and (hint := self._once(region_of, organization)) and hint != "CN":
            yield hint

    def _emails(self, person: PersonRow, cells: list[Cell], beside_phones: list[str]) -> None:
        emails: list[str] = []
        for text in self._texts("email", cells):
            found = EMAIL.findall(plain(text))
            if not found and "@" in plain(text):
                person.problems.append(Problem(N_("邮箱“%(text)s”不完整，没有导入"), text=text))
            elif not found:
                numbers = [phone.e164 for phone in self._phones(text, None, person).phones]
                known = person.fields.get("phones", [])
                if numbers:
                    person.fields["phones"] = list(dict.fromkeys([*known, *numbers]))
            emails.extend(found)
        emails = list(dict.fromkeys(emails + beside_phones))
        if emails:
            person.fields["email"] = emails[0]
        if emails[1:]:
            person.extras["more_emails"] = emails[1:]

    # Birth

    def _birth(self, person: PersonRow, cells: list[Cell]) -> None:
        for index in self._at.get("birth", ()):
            cell = cells[index] if index < len(cells) else ""
            if "birth" in person.fields or says_nothing(written(cell)):
                continue
            found: BirthCell = birth_in(cell, january_is_01=self._january_is_01)
            birth = found.birth
            if birth and self._births_are_months and not isinstance(cell, str):
                birth = birth[:7]
            self._put(person, "birth", birth)
            person.problems.extend(found.problems)
            if found.calendar == LUNAR or "农历" in simplified(self._columns[index].label):
                person.extras["birth_calendar"] = LUNAR
            if found.leap_month:
                person.extras["birth_leap_month"] = True
            if found.year and not birth:
                person.extras["birth_year"] = found.year

    def _birth_cells(self, data: Sequence[Sequence[Cell]]) -> list[Cell]:
        columns = self._at.get("birth", ())
        return [row[index] for row in data for index in columns if index < len(row) and written(row[index])]

    def _births_are_padded(self, data: Sequence[Sequence[Cell]]) -> bool:
        """Numbers such as 1977.05 show that January would be 1977.01, so 1977.1 is October."""
        numbers = [
            written(cell) for cell in self._birth_cells(data) if isinstance(cell, float) and cell < 2030
        ]
        return any(re.fullmatch(r"\d{4}\.0\d", number) for number in numbers)

    def _births_all_on_the_first(self, data: Sequence[Sequence[Cell]]) -> bool:
        """Excel keeps 1965年8月 as the first of August: a column of firsts tells months, not days."""
        births = [birth_in(cell).birth or "" for cell in self._birth_cells(data) if not isinstance(cell, str)]
        days = [birth for birth in births if len(birth) == 10]
        return len(days) > 1 and all(birth.endswith("-01") for birth in days)

    # The rest

    def _extras(self, person: PersonRow, cells: list[Cell]) -> None:
        for field in ("id_number", "address", "former_name", "contact"):
            texts = self._texts(field, cells)
            if texts:
                person.extras[field] = plain(texts[0]) if field == "id_number" else " ".join(texts)
        for text in self._texts("wechat", cells):
            if _SAME_AS_PHONE.search(simplified(text)):
                person.extras["wechat_is_phone"] = True
            else:
                person.extras["wechat"] = text

    def _continue(self, filled: Sequence[Cell]) -> None:
        """The second line of a person whose name cell is merged: more numbers, another firm, more notes."""
        person = self.rows[-1]
        more = PersonRow(person.sheet, person.row, {}, [])
        self._posts(more, list(filled), NameCell())
        self._contacts(more, list(filled))
        phones = person.fields.get("phones", [])
        person.fields["phones"] = list(dict.fromkeys([*phones, *more.fields.get("phones", [])]))
        if not person.fields["phones"]:
            del person.fields["phones"]
        person.problems.extend(problem for problem in more.problems if problem not in person.problems)
        for field in ("organization", "title", "chamber_title", "email"):
            if field in more.fields:
                person.fields.setdefault(field, more.fields[field])
        firm = more.fields.get("organization")
        if firm and firm != person.fields.get("organization"):
            other = f"{firm}{more.fields.get('title', '')}"
            person.extras.setdefault("other_posts", [])
            person.extras["other_posts"] += [other]
        for field in ("note", "industry"):
            texts = [
                text for text in self._texts(field, filled) if text not in str(person.fields.get(field, ""))
            ]
            if texts:
                said = [str(person.fields[field])] if field in person.fields else []
                person.fields[field] = "；".join(said + texts)

    def _group_columns(self, data: Sequence[Sequence[Cell]]) -> frozenset[int]:
        """Columns of counties written once per group where merges were lost: few values, never repeated."""
        groups = set()
        names = self._at.get("name", [])
        for index in self._at.get("native_place", []):
            people = [row for row in data if any(at < len(row) and written(row[at]) for at in names)]
            values = [written(row[index]) if index < len(row) else "" for row in people]
            said = [value for value in values if value]
            if len(people) < 6 or not said or not values[0] or len(said) > len(people) * 0.4:
                continue
            if len(set(said)) == len(said) and all(self._gazetteer.find(value) for value in said):
                groups.add(index)
                letter = self._columns[index].letter
                self.remarks.append(
                    Problem(N_("%(column)s列每组只写一次，已填到同组的每个人"), column=letter)
                )
        return frozenset(groups)


def _exactness(match: PlaceMatch) -> tuple[bool, bool]:
    return match.county != "安庆市", match.town is not None


def _is_address(text: str) -> bool:
    """总, 董事长 and the like in a column of addresses tell no gender and are no mistake."""
    return len(text) <= 5 and not re.search(r"\d", text)
