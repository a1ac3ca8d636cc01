"""Workbooks of Excel and WPS, read by calamine after their archive was measured."""

import io
import re
import struct
import zipfile
from collections.abc import Sequence

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.writing import Cell
from yishang_crm.people.importing.opening.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    RawSheet,
)
from yishang_crm.people.importing.problems import UnreadableFile

MOST_UNPACKED = 256 * 1024 * 1024
MOST_ENTRIES = 5_000
# Honest sheets shrink 5 to 40 times; small ones full of the same value may shrink more.
MOST_RATIO = 150
RATIO_FROM = 24 * 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*[^/>]>')
_SAYS_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true|on)["']""")
# Of an .xls: how the workbook's own records begin (Excel 97 on, Excel 95), and the kinds of two of them.
_GLOBALS = re.compile(rb"\x09\x08(?:\x10\x00\x00\x06|\x08\x00\x00\x05)\x05\x00")
_DATEMODE, _END = 0x22, 0x0A
_DAMAGED = N_("文件打不开，可能已损坏。请在 Excel 或 WPS 里打开后另存一份再上传")
_ENCRYPTED = N_("文件有打开密码。请在 Excel 或 WPS 里去掉密码后再上传")


def open_xlsx(content: bytes) -> list[RawSheet]:
    """The worksheets of an .xlsx or .xlsm."""
    measured = _measured(content)
    return _sheets(measured, from_1904=_is_from_1904(measured))


def open_ole(content: bytes) -> list[RawSheet]:
    """The worksheets of an .xls or .et; an encrypted .xlsx comes in the same shell."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(_ENCRYPTED)
    if not any(f"{name}\0".encode("utf-16-le") in content for name in ("Workbook", "Book", "WORKBOOK")):
        raise UnreadableFile(
            N_("这是旧式 Office 文件，但不是 Excel 工作簿。请上传 Excel 文件（.xlsx 或 .xls）")
        )
    return _sheets(content, from_1904=_old_is_from_1904(content))


def _measured(content: bytes) -> bytes:
    """The parts calamine needs, copied unpacked: what was measured is exactly what will be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_other_archives(archive)
            _refuse_bomb(archive)
            return _copied(archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UnreadableFile(_DAMAGED) from error
    except Exception as error:
        # zlib.error has no common ancestor with the errors above.
        if type(error).__module__ == "zlib":
            raise UnreadableFile(_DAMAGED) from error
        raise


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise UnreadableFile(_ENCRYPTED)
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile(N_("这是 Word 文档，不是表格。请把名单抄进 Excel 再上传"))
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableFile(N_("这是演示文稿，不是表格。请把名单抄进 Excel 再上传"))
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise UnreadableFile(N_("这种工作簿（.xlsb 或 .ods）读不了。请在 Excel 或 WPS 里另存为 .xlsx 再上传"))
    raise UnreadableFile(N_("这是压缩包。请先解压，再上传里面的表格"))


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or (unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO)
    ):
        raise UnreadableFile(N_("文件解开后大得不正常，没有打开。请把名单复制到新的工作簿再上传"))


def _copied(archive: zipfile.ZipFile) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as plain:
        for entry in archive.infolist():
            if entry.is_dir() or not entry.filename.endswith((".xml", ".rels")):
                continue
            # Reading by zipfile stops at the size the archive declares, so a lie there ends in an error.
            part = archive.read(entry)
            if _SHEET.fullmatch(entry.filename):
                _refuse_vast(part)
            plain.writestr(entry.filename, part)
    return copy.getvalue()


def _refuse_vast(part: bytes) -> None:
    """A cell far out makes calamine lay out the whole rectangle up to it; look before it does."""
    right, bottom = 0, 0
    columns = set()
    for column, row in _FILLED_CELL.findall(part):
        columns.add(column)
        bottom = max(bottom, int(row))
    for column in columns:
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        right = max(right, number)
    _refuse_large(bottom, right)


def _refuse_large(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise UnreadableFile(
            N_(
                "表格太大（%(rows)s 行、%(columns)s 列）。一次最多 %(most_rows)s 行、%(most_columns)s 列，请删去多余的行列或分成几个文件"
            ),
            rows=rows,
            columns=columns,
            most_rows=MOST_ROWS,
            most_columns=MOST_COLUMNS,
        )


def _is_from_1904(measured: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(measured)) as archive:
        return _SAYS_1904.search(archive.read("xl/workbook.xml")) is not None


def _old_is_from_1904(content: bytes) -> bool:
    """Whether the record DATEMODE of an .xls says 1; it stands among the first after the workbook's own beginning."""
    found = _GLOBALS.search(content)
    at = found.start() if found else len(content)
    while at <= len(content) - 6:
        kind, size = struct.unpack_from("<HH", content, at)
        if kind == _DATEMODE and size == 2:
            return content[at + 4] == 1
        if kind in (0, _END):
            return False
        at += 4 + size
    return False


def _sheets(content: bytes, *, from_1904: bool) -> list[RawSheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            pages = [page for page in workbook.sheets_metadata if page.typ == SheetTypeEnum.WorkSheet]
            if len(pages) > MOST_SHEETS:
                raise UnreadableFile(
                    N_("工作表太多（%(count)s 张），一次最多 %(limit)s 张，请分成几个文件"),
                    count=len(pages),
                    limit=MOST_SHEETS,
                )
            sheets = [_sheet(workbook, page) for page in pages]
            for sheet in sheets:
                sheet.from_1904 = from_1904
            return sheets
    except PasswordError as error:
        raise UnreadableFile(_ENCRYPTED) from error
    except (CalamineError, OSError, ValueError) as error:
        # calamine knows a locked .xls only by its message.
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise UnreadableFile(_ENCRYPTED if locked else _DAMAGED) from error


def _sheet(workbook: CalamineWorkbook, page: SheetMetadata) -> RawSheet:
    hidden = page.visible != SheetVisibleEnum.Visible
    sheet = workbook.get_sheet_by_name(page.name)
    if hidden and sheet.end is None:
        return RawSheet(page.name, [], hidden=True)
    if sheet.end is not None:
        _refuse_large(sheet.end[0] + 1, sheet.end[1] + 1)
    rows: Sequence[Sequence[Cell]] = [] if sheet.end is None else sheet.to_python(skip_empty_area=False)
    merged = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
    return RawSheet(page.name, rows, hidden=hidden, merged=merged)
