"""How to reach somebody: phones read with the nearest hint to their country, addresses, WeChat."""

import re
from collections.abc import Iterator, Mapping, Sequence

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.phones import EMAIL, PhoneCell, phones_in
from yishang_crm.people.importing.cells.regions import region_of
from yishang_crm.people.importing.cells.writing import Cell, plain, simplified, tight, written
from yishang_crm.people.importing.of_person.texts import Texts
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import PersonRow
from yishang_crm.people.importing.whose import OWN, whose, word_in

_SAME_AS_PHONE = re.compile("同手机|同电话|同号|手机号|同左|同前|微信同|即手机|^同$")
# A mainland mobile or a number with its country code reads the same wherever its owner lives.
_NEEDS_NO_HINT = re.compile(
    r"\s*(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}\s*(?:[(（]微信同号[)）])?|\+[\d\s()-]+"
)


class Contacts:
    """`hint`: the region that title lines or the sheet's name point to."""

    def __init__(self, texts: Texts, *, hint: str | None) -> None:
        self._texts = texts
        self._hint = hint
        self._column_words = {index: word_in(column.label) for index, column in texts.column.items()}
        self._column_hints = {index: region_of(column.label) for index, column in texts.column.items()}

    def read(self, person: PersonRow, cells: Sequence[Cell], section: Mapping[str, str]) -> None:
        labels: dict[str, str] = {}
        emails: list[str] = []
        for index, cell in self._texts.cells_at("phones", cells):
            text = written(cell)
            if isinstance(cell, float) and re.fullmatch(r"1\d{3}0{7}", text):
                sentence = N_("手机号被 Excel 变成了科学计数“%(text)s”，后几位已经丢失，请补填")
                person.problems.append(Problem(sentence, text=text))
                continue
            found = self._phones(text, self._column_hints[index], person, section)
            for phone in found.phones:
                labels.setdefault(phone.e164, _under(self._said_of(index, phone.e164), phone.label))
            emails.extend(found.emails)
            person.problems.extend(found.problems)
            if found.wechat:
                _keep_wechat(person, found.wechat)
            if found.same_wechat:
                person.extras["wechat_is_phone"] = True
        if labels:
            person.fields["phones"] = list(labels)
        if any(labels.values()):
            person.extras["phone_labels"] = {number: label for number, label in labels.items() if label}
        self._emails(person, cells, emails, section)

    def read_others(self, person: PersonRow, cells: Sequence[Cell]) -> None:
        """Numbers in columns about a secretary, driver or spouse; what else stands in such a column is kept apart."""
        others: dict[str, str] = {}
        names: dict[str, str] = {}
        left: list[str] = []
        for index, cell in self._texts.cells_at("contact", cells):
            text, word = written(cell), self._column_words[index]
            phones = self._phones(text, self._column_hints[index], person, {}).phones if word else ()
            if phones:
                others |= {phone.e164: _under(word, phone.label) for phone in phones}
            elif word:
                names[word] = text
            else:
                left.append(text)
        for phone, label in others.items():
            if label in names:
                others[phone] = label + tight(names.pop(label))
        left += names.values()
        if others:
            person.extras["others"] = others
        if left:
            person.extras["contact"] = " ".join(left)

    def _said_of(self, index: int, phone: str) -> str:
        """What the header of a column says of whose the numbers in it are."""
        label = self._texts.column[index].label
        # 联系人电话 is the guest's own where no other column tells one (see `layout.columns`).
        word = self._column_words[index]
        if word:
            return "" if word.startswith("联") else word
        return "办公" if "办公" in simplified(label) and whose("办公", phone) != OWN else ""

    def read_wechat(self, person: PersonRow, cells: Sequence[Cell]) -> None:
        for text in self._texts.of("wechat", cells):
            if _SAME_AS_PHONE.search(simplified(text)):
                person.extras["wechat_is_phone"] = True
            else:
                _keep_wechat(person, plain(text))

    def _phones(
        self, text: str, column_hint: str | None, person: PersonRow, section: Mapping[str, str]
    ) -> PhoneCell:
        """Read with the nearest hint first; another is asked only where the number stays unread."""
        best = phones_in(text, region=column_hint)
        if column_hint is None and _NEEDS_NO_HINT.fullmatch(text):
            return best
        for hint in self._hints(person, section) if column_hint is None else ():
            found = phones_in(text, region=hint)
            better = len(found.phones) > len(best.phones) or len(found.problems) < len(best.problems)
            if hint and (better or best.phones != found.phones):
                return found
        return best

    def _hints(self, person: PersonRow, section: Mapping[str, str]) -> Iterator[str]:
        """Regions this person's row points to, nearest first."""
        fields = person.fields
        for place in (fields.get("region"), fields.get("city"), section.get("hint")):
            if isinstance(place, str) and (hint := region_of(place)) and hint != "CN":
                yield hint
        if self._hint and self._hint != "CN":
            yield self._hint
        organization = fields.get("organization")
        if isinstance(organization, str):
            hint = self._texts.once(region_of, organization)
            if hint and hint != "CN":
                yield hint

    def _emails(
        self,
        person: PersonRow,
        cells: Sequence[Cell],
        beside_phones: list[str],
        section: Mapping[str, str],
    ) -> None:
        emails: list[str] = []
        for text in self._texts.of("email", cells):
            found = EMAIL.findall(plain(text))
            if not found and "@" in plain(text):
                person.problems.append(Problem(N_("邮箱“%(text)s”不完整，没有导入"), text=text))
            elif not found:
                numbers = [phone.e164 for phone in self._phones(text, None, person, section).phones]
                known = person.fields.get("phones", [])
                if numbers:
                    person.fields["phones"] = list(dict.fromkeys([*known, *numbers]))
            emails.extend(found)
        emails = list(dict.fromkeys(emails + beside_phones))
        if emails:
            person.fields["email"] = emails[0]
        if emails[1:]:
            person.extras["more_emails"] = emails[1:]


def _under(word: str, label: str) -> str:
    """A cell's label under a header that says whose the numbers are: 小陈 in a column 助理 is 助理小陈."""
    return label if not word or word_in(label) else word + label


def _keep_wechat(person: PersonRow, text: str) -> None:
    if person.extras.setdefault("wechat", text) != text:
        person.extras["more_wechats"] = True
