"""Address books: vCard 2.1, 3.0 and 4.0, mixed in one file, as phones write them."""

import base64
import quopri
import re

from yishang_crm.core.words import N_
from yishang_crm.people.importing.opening.sheets import MOST_ROWS, RawSheet
from yishang_crm.people.importing.problems import UnreadableFile

_LINE = re.compile(rb"(?:[\w\-]+\.)?([\w\-]+)((?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(.*)", re.DOTALL)
# Headers of the table the cards become; several numbers and addresses share a cell, line by line.
HEADERS = ("姓名", "手机", "邮箱", "单位", "职务", "生日", "性别", "所在城市", "备注", "英文名")
_PHONE_LABELS = {"FAX": "传真", "CAR": "车载", "PAGER": "传真", "BBS": "传真"}


def open_cards(content: bytes) -> list[RawSheet]:
    """One row per card under `HEADERS`."""
    rows: list[list[str]] = []
    card: dict[str, list[str]] | None = None
    for name, parameters, value in _properties(content):
        if name == "BEGIN" and value.strip().upper() == b"VCARD":
            card = {}
        elif name == "END" and card is not None:
            rows.append(_row(card))
            card = None
        elif card is not None:
            _remember(card, name, parameters, value)
        if len(rows) > MOST_ROWS:
            raise UnreadableFile(N_("名片太多，一次最多 %(limit)s 张，请分成几个文件"), limit=MOST_ROWS)
    if not rows:
        raise UnreadableFile(N_("通讯录里没有读到完整的名片，可能已损坏。请从手机重新导出"))
    return [RawSheet("", [list(HEADERS), *rows], kind="cards")]


def _properties(content: bytes) -> list[tuple[str, dict[str, str], bytes]]:
    """(name, parameters, value) in order. Unfolded as bytes: a fold may fall inside a character."""
    properties = []
    for line in _unfolded(content.removeprefix(b"\xef\xbb\xbf")):
        match = _LINE.fullmatch(line)
        if match:
            properties.append((match[1].decode("ascii").upper(), _parameters(match[2]), match[3]))
    return properties


def _unfolded(content: bytes) -> list[bytes]:
    lines: list[bytes] = []
    soft = False
    for line in re.split(rb"\r\n|\n|\r", content):
        if soft:
            lines[-1] = lines[-1][:-1] + line
        elif line[:1] in (b" ", b"\t") and lines:
            lines[-1] += line[1:]
        else:
            lines.append(line)
        soft = line.endswith(b"=") and b"QUOTED-PRINTABLE" in lines[-1].split(b":", 1)[0].upper()
    return lines


def _parameters(text: bytes) -> dict[str, str]:
    """TYPE gathers the bare words of 2.1 and the lists of 3.0 and 4.0."""
    found: dict[str, str] = {}
    for part in text.decode("utf-8", errors="replace").split(";"):
        key, equals, value = part.partition("=")
        key, value = (key.upper(), value.strip('"')) if equals else ("TYPE", key)
        if not equals and value.upper() in ("QUOTED-PRINTABLE", "BASE64"):
            key = "ENCODING"
        if value:
            found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _remember(card: dict[str, list[str]], name: str, parameters: dict[str, str], value: bytes) -> None:
    if name in ("PHOTO", "LOGO", "SOUND", "KEY"):
        return
    text = _text(parameters, value)
    if name == "TEL":
        label = next(
            (word for kind, word in _PHONE_LABELS.items() if kind in parameters.get("TYPE", "").upper()), ""
        )
        text = label + text.removeprefix("tel:")
    card.setdefault(name, []).append(text)


def _text(parameters: dict[str, str], value: bytes) -> str:
    encoding = parameters.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    elif encoding in ("B", "BASE64"):
        try:
            value = base64.b64decode(value)
        except ValueError:
            return ""
    for charset in (parameters.get("CHARSET", "utf-8"), "utf-8", "gb18030"):
        try:
            return value.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("utf-8", errors="replace")


def _row(card: dict[str, list[str]]) -> list[str]:
    def first(name: str) -> str:
        return _unescaped(next((text for text in card.get(name, []) if text.strip()), "")).strip()

    def every(name: str) -> str:
        return "\n".join(_unescaped(text).strip() for text in card.get(name, []) if text.strip())

    return [
        first("FN") or _full_name(card),
        every("TEL"),
        every("EMAIL"),
        _parts(card, "ORG")[0] if card.get("ORG") else "",
        first("TITLE") or first("ROLE"),
        first("BDAY"),
        {"M": "男", "F": "女"}.get(first("GENDER")[:1].upper(), ""),
        _city(card),
        every("NOTE"),
        "",
    ]


def _full_name(card: dict[str, list[str]]) -> str:
    parts = [part.strip() for part in _parts(card, "N")]
    family, given = ([*parts, "", ""])[:2]
    if f"{family}{given}".isascii():
        return f"{given} {family}".strip()
    return family + given


def _city(card: dict[str, list[str]]) -> str:
    parts = (_parts(card, "ADR") + [""] * 7)[:7]
    return parts[4].strip() + parts[3].strip()


def _parts(card: dict[str, list[str]], name: str) -> list[str]:
    texts = [text for text in card.get(name, []) if text.strip(" ;")] or [""]
    return [_unescaped(part).strip() for part in re.split(r"(?<!\\);", texts[0])]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nN,;:\\])", lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], text)
