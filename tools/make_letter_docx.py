"""Write the Word templates of the letter (Chinese and English): python tools/make_letter_docx.py"""

import datetime as dt
import re
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

PAPERS = Path(__file__).resolve().parents[1] / "yishang_crm/conference/papers"
# Named as GB/T 9704 asks; they are not ours to ship, so each names what may stand in for it.
TITLE, BODY, NOTE = "方正小标宋简体", "仿宋_GB2312", "宋体"
STAND_INS = {TITLE: "华文中宋,STZhongsong,SimSun", BODY: "仿宋,FangSong,STFangsong", NOTE: "SimSun,Songti SC"}
RED = RGBColor(0xC2, 0x28, 0x1F)
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def main() -> None:
    write("letter.docx", english=False)
    write("letter-en.docx", english=True)


def write(name: str, *, english: bool) -> None:
    paper = Document()
    lay_out(paper, english=english)
    first_page(paper)
    body(paper, english=english)
    name_stand_ins(paper)
    paper.core_properties.author = ""
    paper.core_properties.comments = ""
    paper.core_properties.created = paper.core_properties.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    paper.save(str(PAPERS / name))


def lay_out(paper: Paper, *, english: bool) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(30), Mm(20)
    section.different_first_page_header_footer = True

    normal = paper.styles["Normal"]
    set_font(normal, "Times New Roman" if english else BODY, east=BODY, size=12 if english else 16)
    shape(normal, line=19 if english else 29, after=8 if english else 0)
    # Official papers leave no gap between Chinese and digits.
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), "0")
        normal.element.get_or_add_pPr().insert_element_before(element, "w:spacing", "w:ind", "w:jc")
    paper.styles.element.find(f".//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")

    style(paper, "称呼")
    text = style(paper, "正文段落")
    if not english:
        text.paragraph_format.first_line_indent = Pt(32)
        text.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    mark = style(
        paper, "发文机关标志", "Times New Roman" if english else TITLE, 17 if english else 34, east=TITLE
    )
    mark.font.color.rgb, mark.font.bold = RED, english
    shape(mark, line=36, align=CENTER)
    across_the_rule(mark)
    shape(style(paper, "编号"), before=12, align=RIGHT, line=19 if english else 29)
    title = style(paper, "函标题", "Times New Roman" if english else TITLE, 20 if english else 22, east=TITLE)
    title.font.bold = english
    shape(title, line=32, before=18, after=20, align=CENTER)
    signature = style(paper, "署名")
    shape(signature, line=19 if english else 29, align=LEFT if english else RIGHT)
    if english:
        signature.paragraph_format.left_indent = Mm(84)
    note = style(paper, "回执", "Times New Roman" if english else NOTE, 10.5, east=NOTE)
    shape(note, line=17)


def first_page(paper: Paper) -> None:
    section = paper.sections[0]
    header, footer = section.first_page_header, section.first_page_footer
    header.paragraphs[0].style = paper.styles["发文机关标志"]
    header.paragraphs[0].add_run("{{ paper.organization }}")
    double_rule(header.add_paragraph(), top=30, bottom=8)

    slip = footer.add_table(1, 2, Mm(156))
    slip.autofit = False
    picture, words = slip.rows[0].cells
    slip.columns[0].width = picture.width = Mm(32)
    slip.columns[1].width = words.width = Mm(124)
    picture.paragraphs[0].add_run("{{ qr }}")
    shape(picture.paragraphs[0], line=None)
    say(words, "回执", "{{ slip_before }}{{ paper.reply_host }}{{ slip_after }}", paper)
    say(words, "回执", "{{ paper.reply_code }}", paper).runs[0].font.size = Pt(17)
    shape(words.paragraphs[-1], line=27)
    say(words, "回执", "{{ paper.liaison }}", paper)
    words.vertical_alignment = 1
    double_rule(footer.add_paragraph(), top=8, bottom=30, before=10)
    first = footer.paragraphs[0]
    first._p.getparent().remove(first._p)

    others = section.footer.paragraphs[0]
    others.alignment = CENTER
    others.add_run("— ")
    page_number(others)
    others.add_run(" —")


def body(paper: Paper, *, english: bool) -> None:
    write_line(paper, "编号", "{{ paper.number }}")
    heading = write_line(paper, "函标题", "{{ paper.title }}")
    # 22 pt with half a character between; Word counts in twentieths of a point.
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "50" if english else "220")
    heading.runs[0]._r.get_or_add_rPr().append(spacing)
    write_line(paper, "称呼", "{{ paper.salutation }}")
    write_line(paper, "正文段落", "{%p for paragraph in paper.paragraphs %}")
    write_line(paper, "正文段落", "{{ paragraph }}")
    write_line(paper, "正文段落", "{%p endfor %}")
    closing = write_line(paper, "署名" if english else "正文段落", "{{ closing[0] }}")
    closing.paragraph_format.keep_with_next = True
    write_line(paper, "称呼", "{%p for line in closing[1:] %}")
    write_line(paper, "称呼", "{{ line }}")
    write_line(paper, "称呼", "{%p endfor %}")
    signatory = write_line(paper, "署名", "{{ paper.signatory }}")
    signatory.paragraph_format.space_before = Pt(46)
    signatory.paragraph_format.keep_with_next = True
    write_line(paper, "署名", "{{ paper.date_line }}")


def write_line(paper: Paper, kind: str, words: str) -> Paragraph:
    return paper.add_paragraph(words, style=kind)


def say(cell, kind: str, words: str, paper: Paper) -> Paragraph:  # type: ignore[no-untyped-def]
    line = cell.paragraphs[0] if not cell.paragraphs[0].text else cell.add_paragraph()
    line.style = paper.styles[kind]
    line.add_run(words)
    return line


def style(paper: Paper, name: str, font: str = "", size: float = 0, east: str = "") -> ParagraphStyle:
    made = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = paper.styles["Normal"]
    if font:
        set_font(made, font, east=east, size=size)
    return made


def set_font(kind: ParagraphStyle, font: str, *, east: str, size: float) -> None:
    kind.font.name, kind.font.size = font, Pt(size)
    kind.element.rPr.rFonts.set(qn("w:eastAsia"), east)


def shape(kind, *, line: float | None = 0, before=0, after=0, align=None) -> None:  # type: ignore[no-untyped-def]
    form = kind.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if line:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    elif line is None:
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if align is not None:
        form.alignment = align


def double_rule(paragraph: Paragraph, *, top: int, bottom: int, before: float = 4) -> None:
    """Two red lines of 170 mm, `top` and `bottom` in eighths of a point, 1.3 mm apart."""
    shape(paragraph, line=3.5, before=before)
    across_the_rule(paragraph)
    borders = OxmlElement("w:pBdr")
    for side, weight in (("top", top), ("bottom", bottom)):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(weight)), ("space", "0"), ("color", "C2281F")):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:autoSpaceDE",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:rPr",
    )


def across_the_rule(kind: ParagraphStyle | Paragraph) -> None:
    """170 mm wide, beyond the margins of the text."""
    kind.paragraph_format.left_indent, kind.paragraph_format.right_indent = Mm(-8), Mm(-6)


def page_number(paragraph: Paragraph) -> None:
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def name_stand_ins(paper: Paper) -> None:
    table = next(
        part for part in paper.part.package.iter_parts() if str(part.partname) == "/word/fontTable.xml"
    )
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="roman"/></w:font>'
        for name, others in STAND_INS.items()
    )
    table._blob = re.sub(r"</w:fonts>", fonts + "</w:fonts>", table.blob.decode()).encode()


if __name__ == "__main__":
    main()
