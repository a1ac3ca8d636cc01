"""Builds one person from one row: every cell cleaned, values carried down, what is doubtful said."""

import re
from collections.abc import Sequence

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.names import NameCell, gender_in, name_in
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
    written,
)
from yishang_crm.people.importing.layout.columns import Column
from yishang_crm.people.importing.layout.contents import is_city
from yishang_crm.people.importing.of_person.births import Births
from yishang_crm.people.importing.of_person.contacts import Contacts
from yishang_crm.people.importing.of_person.places import Places
from yishang_crm.people.importing.of_person.texts import Texts
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import CONTINUATION, PERSON, SECTION, PersonRow
from yishang_crm.people.importing.returned import MARK, TOLD, UNTOUCHED, not_written_anew, untouched
from yishang_crm.people.importing.rows import section_heading
from yishang_crm.people.places import Gazetteer

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
        from_1904: bool = False,
    ) -> None:
        """`data` are the rows below the header, `above` the text of title lines; `from_1904`: see `RawSheet`."""
        self.rows: list[PersonRow] = []
        self.remarks: list[Problem] = []
        self._sheet = sheet
        self._gazetteer = gazetteer
        self._texts = Texts(columns)
        self._section: dict[str, str] = {}
        self._previous: list[Cell] = []
        self._places = Places(self._texts, gazetteer, sheet=sheet, above=above)
        self._contacts = Contacts(self._texts, hint=region_of(above) or region_of(sheet))
        self._births = Births(self._texts, data, from_1904=from_1904)
        # In a return every cell is its own row's: what is blank was left blank.
        self._groups = [] if self._texts.at.get(MARK) else self._places.grouped(data)
        for index in self._groups:
            letter = self._texts.column[index].letter
            self.remarks.append(Problem(N_("%(column)s列每组只写一次，已填到同组的每个人"), column=letter))

    def take(self, kind: str, number: int, cells: Sequence[Cell], filled: Sequence[Cell]) -> None:
        """Remember a section line, or make a person of the row."""
        if kind == SECTION:
            self._section = self._read_section(cells)
        elif kind == PERSON:
            self._person(number, cells, self._resolved(filled))
        elif kind == CONTINUATION and self.rows:
            self._continue(filled)

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

    def _read_section(self, cells: Sequence[Cell]) -> dict[str, str]:
        heading = section_heading(next(text for text in map(written, cells) if text))
        match = self._gazetteer.find(heading)
        if match is not None:
            return {"native_place": match.county + (match.town or "")}
        if is_chamber_office(heading):
            return {"chamber_title": heading}
        if region_of(heading) not in (None, "CN"):
            return {"region": heading} if not self._texts.at.get("region") else {"hint": heading}
        if is_city(heading) and not self._texts.at.get("city"):
            return {"city": heading}
        return {}

    # The person

    def _person(self, number: int, cells: Sequence[Cell], resolved: list[Cell]) -> None:
        person = PersonRow(self._sheet, number, {}, [], cells=cells)
        name = self._name(person, resolved)
        self._gender(person, resolved, name)
        self._posts(person, resolved, name)
        self._places.read(person, resolved, self._section)
        self._contacts.read(person, resolved, self._section)
        self._births.read(person, resolved)
        for field in ("industry", "note"):
            texts = self._texts.of(field, resolved)
            separator = "；" if field == "note" else "、"
            person.put(field, separator.join(dict.fromkeys(texts)))
        self._extras(person, resolved)
        self._note_return(person, cells)
        self.rows.append(person)

    def _name(self, person: PersonRow, cells: list[Cell]) -> NameCell:
        text = self._texts.first("name", cells) or self._joined_name(cells)
        english = self._texts.first("name_en", cells)
        found: NameCell = name_in(text)
        name_en = name_in(english).name if english else found.name_en
        name = found.name or name_en or ""
        if not re.search(f"[{HAN}A-Za-zÀ-ɏ]", name):
            sentence = N_("姓名“%(name)s”看不懂") if name else N_("缺少姓名")
            person.problems.append(
                Problem(sentence, serious=True, name=name) if name else Problem(sentence, serious=True)
            )
            return found
        person.put("name", name)
        if name_en and name_en != name:
            person.put("name_en", name_en)
        person.problems.extend(found.problems)
        if found.former:
            person.extras["former_name"] = found.former
        if found.remark:
            person.extras["name_remark"] = found.remark
        return found

    def _joined_name(self, cells: list[Cell]) -> str:
        surname, given = self._texts.first("surname", cells), self._texts.first("given", cells)
        if f"{surname}{given}".isascii():
            return f"{given} {surname}".strip()
        return surname + given

    def _gender(self, person: PersonRow, cells: list[Cell], name: NameCell) -> None:
        for text in self._texts.of("gender", cells):
            gender = gender_in(text)
            person.put("gender", gender)
            if gender is None and "gender" not in person.fields and not self._texts.once(_is_address, text):
                person.problems.append(Problem(N_("性别“%(text)s”看不懂"), text=text))
        if "gender" not in person.fields:
            person.put("gender", name.gender)

    def _posts(self, person: PersonRow, cells: list[Cell], name: NameCell) -> None:
        """Firm, post, office in a chamber."""
        once, firms = self._texts.once, self._texts.of("organization", cells)
        both = [once(post_in, text) for text in self._texts.of("post", cells)]
        titles = [once(title_in, text) for text in self._texts.of("title", cells)]
        from_firm = self._split_firm(firms[0], has_title=bool(titles)) if firms else _EMPTY_POST
        told = [from_firm, *both, *titles]
        organization = next((post.organization for post in told if post.organization), "")
        title = "、".join(dict.fromkeys(post.title for post in titles if post.title)) or next(
            (post.title for post in told if post.title), ""
        )
        person.put("organization", organization)
        person.put("title", title or name.title)
        offices = [joined_han(lettered(text)) for text in self._texts.of("chamber_title", cells)]
        offices = offices or [post.chamber_title for post in told if post.chamber_title]
        person.put("chamber_title", "、".join(dict.fromkeys(offices)) or self._section.get("chamber_title"))
        others = [other for post in told for other in post.others] + [joined_han(firm) for firm in firms[1:]]
        if others:
            person.extras["other_posts"] = others

    def _split_firm(self, text: str, *, has_title: bool) -> Post:
        """A firm as written; divided only where a post stands behind it in the same cell."""
        post: Post = self._texts.once(post_in, text)
        as_written = joined_han(lettered(text).strip(" ,，、;；。"))
        if not post.organization or not (post.title or post.chamber_title):
            return Post(organization=as_written)
        if has_title and not is_strong_organization(post.organization):
            return Post(organization=as_written)
        return post

    def _extras(self, person: PersonRow, cells: list[Cell]) -> None:
        for field in ("id_number", "address"):
            texts = self._texts.of(field, cells)
            if texts:
                person.extras[field] = plain(texts[0]) if field == "id_number" else " ".join(texts)
        if texts := self._texts.of("former_name", cells):
            before = person.extras.get("former_name")
            person.extras["former_name"] = "、".join(dict.fromkeys([*([before] if before else []), *texts]))
        self._contacts.read_others(person, cells)
        self._contacts.read_wechat(person, cells)

    def _note_return(self, person: PersonRow, cells: Sequence[Cell]) -> None:
        """The id that a row of a yearly return bears, and what in it nobody wrote anew."""
        mark = self._texts.first(MARK, cells) if self._texts.at.get(MARK) else ""
        if not mark:
            return
        at = {field: self._texts.at[field] for field in TOLD if self._texts.at.get(field)}
        said = {
            field: written(cells[places[0]]) if places[0] < len(cells) else "" for field, places in at.items()
        }
        same = untouched(mark, said)
        # A second column of a kind was added by hand.
        same -= {
            field
            for field, places in at.items()
            if any(written(cells[one]) for one in places[1:] if one < len(cells))
        }
        person.fields[UNTOUCHED] = not_written_anew(person.fields, same, said)
        person.fields[MARK] = mark

    def _continue(self, filled: Sequence[Cell]) -> None:
        """The second line of a person whose name cell is merged: more numbers, another firm, more notes."""
        person = self.rows[-1]
        more = PersonRow(person.sheet, person.row, {}, [])
        self._posts(more, list(filled), NameCell())
        self._contacts.read(more, list(filled), self._section)
        self._contacts.read_others(more, list(filled))
        phones = person.fields.get("phones", [])
        person.fields["phones"] = list(dict.fromkeys([*phones, *more.fields.get("phones", [])]))
        if not person.fields["phones"]:
            del person.fields["phones"]
        for kept in ("phone_labels", "others"):
            if kept in more.extras:
                person.extras[kept] = more.extras[kept] | person.extras.get(kept, {})
        emails = [more.fields.pop("email", ""), *more.extras.get("more_emails", ())]
        first = person.fields.setdefault("email", emails[0])
        further = [*person.extras.get("more_emails", ()), *emails]
        person.extras["more_emails"] = [one for one in dict.fromkeys(further) if one and one != first]
        if not first:
            del person.fields["email"]
        person.problems.extend(problem for problem in more.problems if problem not in person.problems)
        for field in ("organization", "title", "chamber_title"):
            if field in more.fields:
                person.fields.setdefault(field, more.fields[field])
        firm = more.fields.get("organization")
        if firm and firm != person.fields.get("organization"):
            other = f"{firm}{more.fields.get('title', '')}"
            person.extras.setdefault("other_posts", [])
            person.extras["other_posts"] += [other]
        for field in ("note", "industry"):
            known = str(person.fields.get(field, ""))
            texts = [text for text in self._texts.of(field, filled) if text not in known]
            if texts:
                person.fields[field] = "；".join([*([known] if known else []), *texts])


def _is_address(text: str) -> bool:
    """总, 董事长 and the like in a column of addresses tell no gender and are no mistake."""
    return len(text) <= 5 and not re.search(r"\d", text)
