"""Text tables: the encodings and separators that old systems and Excel write."""

import csv
import io
import re
from collections import Counter

from yishang_crm.core.words import N_
from yishang_crm.people.importing.opening.sheets import MOST_COLUMNS, MOST_ROWS, RawSheet
from yishang_crm.people.importing.problems import UnreadableFile

_SEPARATORS = (",", "\t", ";", "|", "，", "；", "^", "~")
_SAMPLE_LINES = 60
# Words of headers: they tell GB18030 from Big5, which can both decode the same bytes.
_FAMILIAR = re.compile(
    "姓名|公司|职务|職務|职位|職位|电话|電話|手机|手機|单位|單位|籍贯|籍貫|备注|備註|性别|性別|有限公司|先生|女士"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16, GB18030 or Big5, whichever it is."""
    if content.startswith(b"\xef\xbb\xbf"):
        return _readable(content.decode("utf-8-sig", errors="replace"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _readable(content.decode("utf-16", errors="replace"))
    if b"\x00" in content[:400]:
        # Without a mark, Latin letters and line ends show on which side the zero bytes stand.
        low = content[:400:2].count(0) < content[1:400:2].count(0)
        return _readable(content.decode("utf-16-le" if low else "utf-16-be", errors="replace"))
    try:
        return _readable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _readable(_chinese(content))


def open_table(text: str) -> RawSheet:
    """The rows of a text table; line ends may be mixed, quoted cells may hold line breaks."""
    text = text.lstrip("\ufeff")
    separator = None
    if announced := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        separator, text = announced[1], "\n" + text[announced.end() :]
    separator = separator or _separator(text)
    try:
        rows: list[list[str]] = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([cell.rstrip("\x1a") for cell in row])
            if len(rows) > MOST_ROWS:
                raise UnreadableFile(N_("行数太多，一次最多 %(limit)s 行，请分成几个文件"), limit=MOST_ROWS)
            if len(row) > MOST_COLUMNS:
                raise UnreadableFile(
                    N_("列数太多，一次最多 %(limit)s 列，请删去多余的列"), limit=MOST_COLUMNS
                )
    except csv.Error as error:
        raise UnreadableFile(N_("文本表格的引号或换行有错，请用 Excel 打开后另存为 .xlsx 再上传")) from error
    return RawSheet("", rows, kind="text")


def _readable(text: str) -> str:
    head = text[:20_000]
    if len(_CONTROL.findall(head)) + head.count("\ufffd") > max(2, len(head) // 50):
        raise UnreadableFile(N_("这不是表格，也不是通讯录。请上传 Excel、CSV 或 vCard 文件"))
    return text.replace("\x00", "")


def _chinese(content: bytes) -> str:
    readings = []
    for encoding in ("gb18030", "big5hkscs"):
        # One damaged character must not lose the file: what cannot be read becomes U+FFFD.
        text = content.decode(encoding, errors="replace")
        readings.append((-text.count("\ufffd") * 5 + len(_FAMILIAR.findall(text[:50_000])), text))
    return max(readings, key=lambda reading: reading[0])[1]


def _separator(text: str) -> str:
    """The character that divides most lines into the same number of cells."""
    head = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if any(row)]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        # Steady widths matter more than many cells: addresses and lists hold commas too.
        score = times / len(rows) + min(width, 20) / 200
        if score > best_score:
            best, best_score = separator, score
    return best
