"""Files that are not what they say, and files made to hurt."""

import io
import zipfile

import openpyxl
import pytest

from tests.people.importing.kinds import workbook
from yishang_crm.people.importing import UnreadableFile, read_file
from yishang_crm.people.importing.opening import files


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def small_workbook() -> bytes:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["姓名", "手机"])
    book.active.append(["江望之", "19900000001"])
    book.save(file)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (zipped({"a.txt": b"x"}), "压缩包"),
        (zipped({"word/document.xml": b"<w/>"}), "Word"),
        (zipped({"content.xml": b"<x/>", "mimetype": b"ods"}), "另存为"),
        (zipped({"xl/workbook.xml": b"<broken"}), "损坏"),
        (small_workbook()[:3000], "损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "WordDocument\0".encode("utf-16-le"), "不是 Excel"),
        (OLE + "Workbook\0".encode("utf-16-le"), "损坏"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (bytes(range(1, 256)) * 20, "不是表格"),
        (b"BEGIN:VCARD\r\nFN:x\r\n", "通讯录"),
    ],
)
def test_what_is_no_list_gets_one_clear_sentence(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read_file(content, "名单.xlsx")


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(UnreadableFile, match="200 MB"):
        read_file(huge)
    assert files.MOST_BYTES == 50 * 1024 * 1024


def test_a_zip_bomb_is_not_unpacked():
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(30 * 1024 * 1024)})
    with pytest.raises(UnreadableFile, match="大得不正常"):
        read_file(bomb, "名单.xlsx")


def test_one_cell_far_out_does_not_lay_out_the_whole_sheet():
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    book.save(file)
    with pytest.raises(UnreadableFile, match="表格太大"):
        read_file(file.getvalue(), "名单.xlsx")


def test_a_workbook_that_declares_entities_is_refused():
    made = workbook(lambda book: book.add_worksheet().write_column(0, 0, ["姓名", "江望之"]))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    declared = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x "查查查查">]>'
    strings = parts["xl/sharedStrings.xml"].decode().split("?>", 1)[-1]
    parts["xl/sharedStrings.xml"] = (declared + strings.replace("江望之", "江&x;之")).encode()
    with pytest.raises(UnreadableFile, match="损坏"):
        read_file(zipped(parts), "名单.xlsx")


def test_a_workbook_called_csv_is_read_as_the_workbook_it_is():
    assert [row.fields["name"] for row in read_file(small_workbook(), "名单.csv").rows] == ["江望之"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_table_is_read_in_every_encoding(encoding):
    text = "姓名,手机,备注\r\n𠮷望之,19900000001,㐂\n江一,19900000002,\r\n"
    rows = list(read_file(text.encode(encoding), "名单.csv").rows)
    assert [row.fields["name"] for row in rows] == ["𠮷望之", "江一"]


def test_big5_is_not_taken_for_gb18030():
    text = "姓名,公司,職位,電話\r\n陳大文,香港皖江實業有限公司,董事長,+852 9000 0001\r\n"
    (row,) = read_file(text.encode("big5"), "名單.csv").rows
    assert row.fields["organization"] == "香港皖江實業有限公司"
