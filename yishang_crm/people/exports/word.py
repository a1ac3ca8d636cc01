"""The list as a Word table: A4 across, heads on every page, fonts as official papers name them (domain.md §6.6)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from yishang_crm.core.sheets import Cell, Head

TITLE_FONT, HEAD_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# Twentieths of a point: A4 across is 16838 by 11906; margins of 37, 26, 28, 35 mm turned with the sheet would leave no room
# for a table of ten columns, so all are 20 mm.
_WIDE, _HIGH, _MARGIN = 16838, 11906, 1134


def write_table(path: Path, *, title: str, line: Sequence[str], heads: Sequence[Head],
                rows: Iterable[Sequence[Cell]], mark: str, hidden: Mapping[str, str]) -> int:  # fmt: skip
    """Write title, line, table and 合计. Returns how many rows; each becomes XML at once, a cell object of python-docx is slow."""
    import docx
    from docx.oxml import parse_xml
    from docx.shared import Twips

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Twips(_WIDE), Twips(_HIGH)
    section.left_margin = section.right_margin = Twips(_MARGIN)
    section.top_margin = section.bottom_margin = Twips(_MARGIN)
    body = document.element.body
    body.insert(0, parse_xml(_paragraph(title, font=TITLE_FONT, half_points=44, place="center")))
    body.insert(1, parse_xml(_paragraph("　　".join(line), font=BODY_FONT, half_points=24)))
    widths = _widths(heads)
    table = parse_xml(_table(heads, widths))
    count = 0
    for row in rows:
        table.append(parse_xml(_row(row, widths)))
        count += 1
    table.append(parse_xml(_row(["合计", f"{count}人", *[""] * (len(heads) - 2)][: len(heads)], widths)))
    body.insert(2, table)
    section.header._element.insert(
        0, parse_xml(_paragraph(mark, font=BODY_FONT, half_points=16, place="right"))
    )
    section.footer._element.insert(0, parse_xml(_page_number()))
    document.core_properties.comments = _clean(mark)[:255]
    document.core_properties.identifier = _clean(
        "; ".join(f"{key}={value}" for key, value in hidden.items())
    )[:255]
    document.core_properties.author = ""
    document.save(str(path))
    return count


def _widths(heads: Sequence[Head]) -> list[int]:
    room, all_of_them = _WIDE - 2 * _MARGIN, sum(head.width for head in heads)
    return [int(room * head.width / all_of_them) for head in heads]


def _table(heads: Sequence[Head], widths: Sequence[int]) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells = "".join(
        _cell(head.title, width, font=HEAD_FONT, place="center")
        for head, width in zip(heads, widths, strict=True)
    )
    return (
        f'<w:tbl {_SPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def _row(row: Sequence[Cell], widths: Sequence[int]) -> str:
    cells = "".join(
        _cell("" if cell is None else str(cell), width, font=BODY_FONT)
        for cell, width in zip(row, widths, strict=True)
    )
    return f"<w:tr {_SPACE}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(said: str, width: int, *, font: str, place: str = "left") -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(said, font=font, half_points=21, place=place, space='')}</w:tc>"
    )


def _paragraph(said: str, *, font: str, half_points: int, place: str = "left", space: str = _SPACE) -> str:
    """One paragraph; a line break in what was typed stays one."""
    broken = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in _clean(said).replace("\r", "").split("\n")
    )
    return (
        f'<w:p {space}><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{place}"/></w:pPr>'
        f"<w:r>{_run_looks(font, half_points)}{broken}</w:r></w:p>"
    )


def _run_looks(font: str, half_points: int) -> str:
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


def _page_number() -> str:
    looks = _run_looks("宋体", 28)
    return (
        f'<w:p {_SPACE}><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{looks}<w:t xml:space="preserve">— </w:t></w:r>'
        f'<w:fldSimple w:instr="PAGE"><w:r>{looks}<w:t>1</w:t></w:r></w:fldSimple>'
        f'<w:r>{looks}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


def _clean(text: Any) -> str:
    return _NOT_IN_XML.sub("", str(text))
