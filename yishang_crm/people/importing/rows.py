"""What each row of a sheet is, and values that stand for the rows below them."""

import itertools
import re
from collections.abc import Sequence

from yishang_crm.people.importing.cells.names import name_in
from yishang_crm.people.importing.cells.posts import is_chamber_office
from yishang_crm.people.importing.cells.regions import region_of
from yishang_crm.people.importing.cells.surnames import opens_with_surname
from yishang_crm.people.importing.cells.writing import (
    HAN,
    Cell,
    plain,
    says_nothing,
    simplified,
    tight,
    written,
)
from yishang_crm.people.importing.layout.columns import Column
from yishang_crm.people.importing.layout.contents import is_city
from yishang_crm.people.importing.layout.header_rows import HeaderRows, repeats_header
from yishang_crm.people.importing.layout.headers import OTHER
from yishang_crm.people.importing.opening import RawSheet
from yishang_crm.people.importing.opening.sheets import MOST_CELLS
from yishang_crm.people.importing.reading import (
    BLANK,
    CONTINUATION,
    EXAMPLE,
    HEADER,
    NOTE,
    PERSON,
    SECTION,
    TITLE,
    TOTAL,
)
from yishang_crm.people.places import Gazetteer

_TOTAL = re.compile(
    r"(?:本页|本表|以上|全县|全市|全区)?(?:合计|总计|小计|共计|累计|总人数|人数合计)(?:[:：(（\d].*|人数?)?|共\d+人|total|subtotal|sum"
)
_FOOTER = re.compile(
    r"(?:填表|填报|制表|审核|审批|复核|报送|上报|经办|统计|联系|负责|签发|批准|录入|校对|打印|更新)(?:人|单位|部门|日期|时间|电话|领导|员|科室)?(?:签字|签名|盖章|[(（].*?[)）])?\s*[:：]"
    r"|(?:单位|部门|分管|主要|主管)(?:负责人|领导|盖章|意见)(?:签字|签名|[(（].*?[)）])?\s*[:：]|(?:注|备注|说明|附注|填表说明|填报说明|数据来源|资料来源|截至|截止)\s*[:：\d一]|以下空白|此页无正文|\(盖章\)|（盖章）|(?:日期|时间)\s*[:：]"
)
_EXAMPLE = re.compile(
    r"^(?:[(（]?(?:示例|样例|例如|范例|举例|例)[)）]?\s*[:：]?|必填|选填|请填写|填写|如[:：])"
)
_COUNTED = re.compile(r"[(（]?\s*(?:共|计)?\s*\d+\s*(?:人|名|位|家)\s*[)）]?$")
_NUMBERED = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．\s]|第[一二三四五六七八九十\d]+[组批部分类]+[、:：\s]*|[(（]?\d{1,2}[)）]?[、.．])"
)


class RowKinds:
    """Tells the kind of a row below the header; remembers whether people have begun."""

    def __init__(self, columns: Sequence[Column], header: HeaderRows | None, gazetteer: Gazetteer) -> None:
        self._header = header
        self._gazetteer = gazetteer
        self._name_at = [c.index for c in columns if c.field in ("name", "given", "surname", "name_en")]
        # A hidden id that is left when somebody cleared a row tells of nobody.
        self._telling = [c.index for c in columns if c.field and c.field not in (OTHER, "return_mark")]
        self._begun = False
        self._labels = {label for stacked in header.labels for label in stacked} if header else set()

    def of(self, row: Sequence[Cell], filled: Sequence[Cell], *, covered: bool, wide: bool) -> str:
        """`row` as in the file, `filled` with merged values carried down; `covered`: its name cell is merged."""
        texts = [written(cell) for cell in row]
        said = [(at, text) for at, text in enumerate(texts) if text]
        if not said:
            return BLANK
        name = next((texts[at] for at in self._name_at if at < len(texts) and texts[at]), "")
        if len(said) <= 6 and (kind := self._closing(said, name)):
            return kind
        if not self._labels.isdisjoint(texts) and self._header and repeats_header(texts, self._header):
            return HEADER
        if _counts_columns(said):
            return HEADER
        if covered and self._begun:
            return CONTINUATION
        if len(said) == 1 and (kind := self._single(*said[0], wide=wide)):
            return kind
        return self._person(filled, name, said)

    def _closing(self, said: list[tuple[int, str]], name: str) -> str | None:
        """Totals and signatures: in the first cells, or in the place of the name."""
        firsts = [text for _, text in said[:2]] + ([name] if name else [])
        if any(_TOTAL.fullmatch(tight(plain(text)).lower()) for text in firsts):
            return TOTAL
        if any(_FOOTER.match(tight(simplified(text))) for text in firsts):
            return NOTE
        return None

    def _single(self, at: int, text: str, *, wide: bool) -> str | None:
        """One cell alone in its row: a section line, a note, a number prepared for nobody, or a bare name."""
        heading = section_heading(text)
        in_name = at in self._name_at
        if not self._begun and self._header is None and not (in_name and _looks_like_name(text)):
            return TITLE
        if (self._gazetteer.find(heading) and len(heading) <= 14) or is_chamber_office(heading):
            return SECTION
        if in_name and not wide and _looks_like_name(text):
            return None
        if (region_of(heading) and len(heading) <= 10) or (len(heading) <= 10 and is_city(heading)):
            return SECTION
        if wide or (_NUMBERED.match(text) and not in_name):
            return SECTION if len(text) <= 20 else NOTE
        if not in_name and re.fullmatch(r"[A-Za-z会理监员]?\d{1,5}\.?", plain(text)):
            return BLANK
        return NOTE if len(text) > 12 or not in_name else None

    def _person(self, filled: Sequence[Cell], name: str, said: list[tuple[int, str]]) -> str:
        if _EXAMPLE.match(name) or (_EXAMPLE.match(said[0][1]) and len(said[0][1]) <= 6):
            return EXAMPLE
        if not says_nothing(name):
            self._begun = True
            return PERSON
        telling = [at for at in self._telling if at < len(filled) and not says_nothing(written(filled[at]))]
        own = [at for at, text in said if at in self._telling and not says_nothing(text)]
        if len(own) >= 2 or (own and len(telling) >= 3):
            self._begun = True
            return PERSON
        return NOTE if own or any(len(text) > 6 for _, text in said) else BLANK


def section_heading(text: str) -> str:
    """一、怀宁县（12人） → 怀宁县."""
    return _NUMBERED.sub("", _COUNTED.sub("", plain(text))).strip(" :：、()（）")


def _looks_like_name(text: str) -> bool:
    name = name_in(text).name
    return (bool(re.fullmatch(f"[{HAN}·]{{2,5}}", name)) and opens_with_surname(name)) or bool(
        re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][A-Za-z.\-]*)+", name)
    )


def _counts_columns(said: list[tuple[int, str]]) -> bool:
    """A row that only numbers the columns: 1 2 3 4, (1) (2) (3), 甲 乙 1 2."""
    if len(said) < 4:
        return False
    if not said[1][1].strip("()（）").isdigit() and said[1][1] not in "甲乙丙丁栏次":
        return False
    marks = [text.strip("()（）") for _, text in said]
    digits = [int(mark) for mark in marks if re.fullmatch(r"\d{1,2}", mark)]
    rest = [mark for mark in marks if not re.fullmatch(r"\d{1,2}", mark)]
    rising = all(later - earlier == 1 for earlier, later in itertools.pairwise(digits))
    return len(digits) >= 3 and rising and all(mark in "甲乙丙丁栏次序号" for mark in rest)


def carried_down(sheet: RawSheet, first: int) -> tuple[Sequence[Sequence[Cell]], dict[int, set[int]]]:
    """Rows with vertically merged values filled in from row `first` on, and which columns each row got so."""
    rows = sheet.rows
    filled = [*rows]
    covered: dict[int, set[int]] = {}
    # A hostile file can claim more merged cells than it has cells.
    budget = MOST_CELLS
    for top, left, bottom, _ in sheet.merged:
        last = min(bottom, len(rows) - 1)
        if top < first or last <= top or left >= len(rows[top]):
            continue
        budget -= last - top
        if budget < 0:
            break
        for at in range(top + 1, last + 1):
            covered.setdefault(at, set()).add(left)
            if left >= len(filled[at]) or not written(filled[at][left]):
                row = [*filled[at], *[""] * (left + 1 - len(filled[at]))]
                row[left] = rows[top][left]
                filled[at] = row
    return filled, covered
