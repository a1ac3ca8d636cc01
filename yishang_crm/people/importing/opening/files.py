"""Sniffs what a file really is, whatever its name says, and opens it."""

import re
from pathlib import Path

from yishang_crm.core.words import N_
from yishang_crm.people.importing.opening import cards, texts, workbooks
from yishang_crm.people.importing.opening.sheets import RawSheet
from yishang_crm.people.importing.problems import UnreadableFile

MOST_BYTES = 50 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", N_("这是 PDF，不是表格。请用原来的 Excel 文件，或把名单抄进 Excel 再上传")),
    (b"\x89PNG", N_("这是图片，不是表格。请把名单抄进 Excel 再上传")),
    (b"\xff\xd8\xff", N_("这是图片，不是表格。请把名单抄进 Excel 再上传")),
    (b"GIF8", N_("这是图片，不是表格。请把名单抄进 Excel 再上传")),
    (b"BM", N_("这是图片，不是表格。请把名单抄进 Excel 再上传")),
    (b"Rar!", N_("这是压缩包。请先解压，再上传里面的表格")),
    (b"7z\xbc\xaf\x27\x1c", N_("这是压缩包。请先解压，再上传里面的表格")),
    (b"\x1f\x8b", N_("这是压缩包。请先解压，再上传里面的表格")),
    (b"MZ", N_("这是程序，不是表格，没有打开")),
    (b"{\\rtf", N_("这是文档，不是表格。请把名单抄进 Excel 再上传")),
)


def open_file(source: str | Path | bytes) -> list[RawSheet]:
    """The sheets of a workbook, a text table or an address book; `UnreadableFile` with advice otherwise."""
    content = _content(source)
    if not content.strip(b"\x00 \t\r\n\x1a"):
        raise UnreadableFile(N_("文件是空的，请检查后重新上传"))
    if content.startswith(b"PK"):
        return workbooks.open_xlsx(content)
    if content.startswith(_OLE):
        return workbooks.open_ole(content)
    _refuse_foreign(content)
    text = texts.decode(content)
    _refuse_markup(text)
    if re.match(r"\s*BEGIN:VCARD", text, re.IGNORECASE):
        return cards.open_cards(content if b"\x00" not in content[:64] else text.encode("utf-8"))
    return [texts.open_table(text)]


def _content(source: str | Path | bytes) -> bytes:
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > MOST_BYTES:
        raise UnreadableFile(
            N_("文件有 %(size)s MB，超过 %(limit)s MB 的上限。请删去图片或分成几个文件再上传"),
            size=size // 1024 // 1024,
            limit=MOST_BYTES // 1024 // 1024,
        )
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _refuse_foreign(content: bytes) -> None:
    for start, sentence in _FOREIGN:
        # BM opens a picture, but also a text table whose first header is a code (BM for 编码 or 部门).
        if content.startswith(start) and (len(start) > 2 or b"\x00" in content[:64]):
            raise UnreadableFile(sentence)


def _refuse_markup(text: str) -> None:
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<?xml") and "spreadsheet" in head:
        raise UnreadableFile(N_("这是旧式 XML 表格。请在 Excel 或 WPS 里另存为 .xlsx 再上传"))
    if head.startswith(
        ("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<svg", "<script", "<meta")
    ):
        raise UnreadableFile(N_("这其实是网页，不是工作簿。请在 Excel 或 WPS 里另存为 .xlsx 再上传"))
    if head.startswith(("mime-version:", "%!ps")):
        raise UnreadableFile(N_("这不是工作簿。请在 Excel 或 WPS 里另存为 .xlsx 再上传"))
