"""Every phone number in a cell, in E.164 and in order, with what stands beside it."""

import re
from dataclasses import dataclass, field

import phonenumbers

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.regions import region_of
from yishang_crm.people.importing.cells.writing import HAN, plain, says_nothing, simplified
from yishang_crm.people.importing.problems import Problem

MOBILE = re.compile(r"1[3-9]\d{9}")
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
# Area codes without their zero: 10, 2x, or three digits from 3 to 9.
_LANDLINE = re.compile(r"(?:10|2\d|[3-9]\d{2})\d{7,8}")
_SERVICE = re.compile(r"[48]00\d{7}")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?(\d{1,2})")
_SAME_WECHAT = re.compile(
    r"[(（]?\s*(?:微信同号|微信同步|同微信号?|微信同手机|手机同微信|微同|同号|微信)\s*[)）]?(?![号:：\w])"
)
_WECHAT = re.compile(
    r"(?:微信号?|wechat|weixin|wx|vx|v信|line)\s*(?:id)?\s*[:：]\s*([A-Za-z][\w\-]{3,19})", re.IGNORECASE
)
_HARD = re.compile(r"[/、;,|\n\r\t\\&]+|和|或|及|(?=(?<!\d)\+)")
_EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|x|#)\s*[:：]?\s*\d{1,6}", re.IGNORECASE)
_DASH_EXTENSION = re.compile(r"^(\(?0\d{2,3}\)?[- ]?\d{7,8})-\d{1,5}$")
_WORDS = re.compile(f"[{HAN}A-Za-z]+")
_TOKENS = re.compile(rf"[{HAN}A-Za-z]+|[\d+](?:[\d\-]| (?=\d{{1,4}}(?!\d)))*")
_MOBILE_AMONG = re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]*)?1[3-9]\d(?:[- ]?\d){8}(?!\d)")
_LANDLINE_AMONG = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[- ]*)?\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]*\d{3,4}[- ]?\d{4}(?!\d)"
)
_US_SHAPE = re.compile(r"1?[-. ]?\(\d{3}\)[-. ]?\d{3}[-. ]\d{4}|1[-.]\d{3}[-.]\d{3}[-.]\d{4}")
_TW_LANDLINE = re.compile(r"\(0[2-8]\)\s?\d{3,4}[- ]?\d{4}|0[2-8][- ]\d{4}[- ]\d{4}")
_FAX = re.compile("传真|fax", re.IGNORECASE)
_CODED = (
    (re.compile(r"852\d{8}"), None),
    (re.compile(r"853\d{8}"), None),
    (re.compile(r"886(?:0?9\d{8}|0?[2-8]\d{7,8})"), None),
    (re.compile(r"65[3689]\d{7}"), r"65[- ]"),
    (re.compile(r"(?:44|61|81|82|60|66|84|49|33|39|34|7|91|62|63|64|971)\d{8,11}"), r"\d{1,3}[- ]"),
)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number; `label` is what the cell calls it (秘书, 办, 家), empty if nothing."""

    e164: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """What a contact cell tells: numbers in order without duplicates, and the rest found beside them."""

    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    wechat: str | None = None
    same_wechat: bool = False
    problems: tuple[Problem, ...] = field(default=())


def phones_in(text: str, *, region: str | None = None) -> PhoneCell:
    """Numbers in `text`; `region` (ISO code) tells how to read one without a country code."""
    text = plain(text).lstrip("'`’").strip()
    if MOBILE.fullmatch(text) and region in (None, "CN"):
        return PhoneCell((Phone("+86" + text),))
    if says_nothing(text):
        return PhoneCell()
    if scientific := _SCIENTIFIC.fullmatch(text):
        return _scientific(text, *scientific.groups(), region=region)
    return _Scan(region).read(text)


def _scientific(text: str, mantissa: str, exponent: str, *, region: str | None) -> PhoneCell:
    digits = mantissa.replace(".", "")
    if len(digits) < int(exponent) - 1:
        problem = Problem(N_("手机号被 Excel 变成了科学计数“%(text)s”，后几位已经丢失，请补填"), text=text)
        return PhoneCell(problems=(problem,))
    return phones_in(digits.ljust(int(exponent) + 1, "0"), region=region)


class _Scan:
    """Reads one cell; remembers the last area code, which a second local number shares."""

    def __init__(self, region: str | None) -> None:
        self.region = region
        self.area = ""
        self.phones: dict[str, str] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> PhoneCell:
        emails = tuple(dict.fromkeys(EMAIL.findall(text)))
        text = EMAIL.sub(" ", text)
        wechat = _WECHAT.search(text)
        text = _WECHAT.sub(" ", text)
        same = _SAME_WECHAT.search(text)
        text = _SAME_WECHAT.sub(" ", text)
        for part in _HARD.split(text):
            if part and re.search(r"\d", part):
                self._read_part(part)
        phones = tuple(Phone(number, label) for number, label in self.phones.items())
        return PhoneCell(phones, emails, wechat and wechat[1], bool(same), tuple(self.problems))

    def _read_part(self, part: str) -> None:
        label = "".join(_WORDS.findall(_EXTENSION.sub("", part)))
        if _FAX.search(simplified(label)):
            return
        region = region_of(label) or self.region
        bare = _DASH_EXTENSION.sub(r"\1", _bare(part).strip("-. "))
        if not re.search(r"\d", bare):
            return
        if "*" in bare:
            self._flag(N_("号码“%(text)s”打了星号，无法使用"), text=part.strip())
        elif number := self._number(bare, region):
            self._keep(number, label)
        else:
            before = set(self.phones)
            self._read_several(bare, label, region)
            for number in self.phones.keys() - before if label else ():
                self.phones[number] = _label_beside(number, part)

    def _read_several(self, bare: str, label: str, region: str | None) -> None:
        """Numbers divided by spaces alone."""
        left = bare
        for pattern in (_MOBILE_AMONG, _LANDLINE_AMONG):
            for found in pattern.findall(left):
                if number := self._number(found, region):
                    self._keep(number, label)
                    left = left.replace(found, "|")
        for rest in re.split(r"\||\s{2,}", left):
            for piece in [rest] if self._number(rest.strip(" -()"), region) else rest.split():
                self._read_one(piece.strip(" -()."), label, region)

    def _read_one(self, piece: str, label: str, region: str | None) -> None:
        digits = re.sub(r"\D", "", piece)
        if number := self._number(piece, region):
            self._keep(number, label)
        elif len(digits) >= 5:
            self._complain(piece, digits)

    def _complain(self, piece: str, digits: str) -> None:
        if digits[:1] == "1" and 9 <= len(digits) <= 13:
            self._flag(N_("手机号“%(text)s”位数不对（%(count)s位）"), text=piece, count=len(digits))
        elif len(digits) in (7, 8):
            self._flag(N_("座机“%(text)s”缺少区号"), text=piece)
        else:
            self._flag(N_("号码“%(text)s”看不懂，没有导入"), text=piece)

    def _flag(self, sentence: str, **values: str | int) -> None:
        self.problems.append(Problem(sentence, serious=False, **values))

    def _keep(self, number: str, label: str) -> None:
        self.phones.setdefault(number, label)

    def _number(self, text: str, region: str | None) -> str | None:
        """E.164 of the one number `text` is, or None."""
        if text.count("+") > 1 or (text.count("+") == 1 and not text.lstrip("( ").startswith("+")):
            return None
        digits = re.sub(r"\D", "", text)
        if "+" in text:
            return _mainland(digits[2:]) if digits.startswith("86") else _abroad(digits)
        if digits.startswith("00") and len(digits) >= 10:
            return self._number("+" + text.lstrip("( ")[2:], region)
        if _US_SHAPE.fullmatch(text) and region in (None, "US", "CA"):
            return _abroad(digits if len(digits) == 11 else "1" + digits)
        if region == "TW" and _TW_LANDLINE.fullmatch(text):
            return _abroad("886" + digits[1:])
        if MOBILE.fullmatch(digits) and not (region in ("US", "CA") and _US_SHAPE.fullmatch(text)):
            return "+86" + digits
        if region not in (None, "CN") and (number := _local(digits, region)):
            return number
        return self._without_plus(text, digits)

    def _without_plus(self, text: str, digits: str) -> str | None:
        if digits.startswith("86") and len(digits) >= 12 and (number := _mainland(digits[2:])):
            return number
        if re.fullmatch(r"01[3-9]\d{9}", digits):
            return "+86" + digits[1:]
        if _TW_LANDLINE.fullmatch(text) and text.startswith("("):
            return _abroad("886" + digits[1:])
        if digits.startswith("0") and _LANDLINE.fullmatch(digits[1:]):
            self.area = digits[1:3] if digits[1:3] == "10" or digits[1] == "2" else digits[1:4]
            return "+86" + digits[1:]
        if re.fullmatch(r"09\d{8}", digits):
            return "+886" + digits[1:]
        return "+86" + digits if _SERVICE.fullmatch(digits) else self._unusual(text, digits)

    def _unusual(self, text: str, digits: str) -> str | None:
        """A country code without plus, a second number sharing an area code, a code that lost its zero."""
        for pattern, shape in _CODED:
            if pattern.fullmatch(digits) and (shape is None or re.match(shape, text)):
                return _abroad(digits)
        if len(digits) in (7, 8) and self.area:
            return "+86" + self.area + digits
        if (
            len(digits) in (10, 11)
            and _LANDLINE.fullmatch(digits)
            and re.match(r"\(?(10|2\d|[3-9]\d{2})[-) ]", text)
        ):
            self._flag(N_("座机“%(text)s”区号前少了0，已补上"), text=text)
            return "+86" + digits
        return None


def _label_beside(number: str, part: str) -> str:
    """Of several numbers between spaces, the words that stand by one: in brackets behind it, before it, or at the end."""
    tokens = _TOKENS.findall(_EXTENSION.sub("", part))
    at = next((at for at, one in enumerate(tokens) if number[-7:] in re.sub(r"\D", "", one)), None)
    if at is None:
        return ""
    before, behind = (tokens[one] if 0 <= one < len(tokens) else "" for one in (at - 1, at + 1))
    if _is_bracketed(behind, part):
        return behind
    if _WORDS.fullmatch(before) and not _is_bracketed(before, part):
        return before
    return behind if at + 1 == len(tokens) - 1 and _WORDS.fullmatch(behind) else ""


def _is_bracketed(word: str, part: str) -> bool:
    return bool(_WORDS.fullmatch(word)) and re.search(rf"\(\s*{word}\s*\)", part) is not None


def _bare(part: str) -> str:
    part = re.sub(r"\(0\)", "", _EXTENSION.sub("", part))
    return re.sub(r"\s+", " ", re.sub(r"\(\s*\)", " ", re.sub(r"[^\d+\-() .*]", " ", part))).strip()


def _mainland(national: str) -> str | None:
    national = national.removeprefix("0")
    known = MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national) or _SERVICE.fullmatch(national)
    return "+86" + national if known else None


def _abroad(digits: str) -> str | None:
    """A number with its country code; kept even where the numbering plan does not know it."""
    if not 7 <= len(digits) <= 15:
        return None
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _local(digits: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    mainland = digits.startswith("0") and _LANDLINE.fullmatch(digits[1:])
    known = phonenumbers.is_valid_number(number) or (phonenumbers.is_possible_number(number) and not mainland)
    if not known or len(digits) < 7:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
