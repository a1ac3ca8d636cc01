"""A file is what it holds (S15): kinds, names, pictures drawn anew, bombs and polyglots."""

import io

import pytest
from PIL import Image

from tests.people.files.made import EXCEL, OLDER, PDF, WORD, archive, picture
from yishang_crm.core.errors import NotPossible
from yishang_crm.people.files import contents


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("合影.JPEG", picture(), "合影.jpg"), ("名片.png", picture("PNG"), "名片.jpg"), ("介绍.PDF", PDF, "介绍.pdf"),
        ("简历.docx", WORD, "简历.docx"), ("名册.xlsx", EXCEL, "名册.xlsx"), ("旧.doc", OLDER, "旧.doc"), ("旧.XLS", OLDER, "旧.xls"),
        # Its name may say what it likes.
        ("病毒.exe", PDF, "病毒.pdf"), ("页面.html", picture(), "页面.jpg"), ("a.php.jpg", PDF, "a.php.pdf"),
        ("C:\\用户\\..\\合影.jpg", picture(), "合影.jpg"), ("../../etc/passwd", PDF, "passwd.pdf"),
        ("合\x00影\u202egpj.exe", PDF, "合影gpj.pdf"), ("", PDF, "文件.pdf"), ("...", PDF, "文件.pdf"), ("长" * 300, PDF, "长" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_it_is_named_by_what_it_holds(name, content, kept):
    assert contents.paper(name, content).name == kept


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<!doctype html><script>1</script>", b"MZ\x90\x00",
        b"#!/bin/sh\n", b"GIF89a" + b"\x00" * 40, archive("a.txt"), archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04broken",
    ],
)  # fmt: skip
def test_what_could_run_is_not_taken(content):
    with pytest.raises(NotPossible, match="只收图片"):
        contents.paper("合影.jpg", content)


def test_a_picture_is_drawn_anew_without_what_stood_beside_it():
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    dirty = picture(exif=exif.tobytes()) + b"<script>alert(1)</script>"
    clean = contents.paper("合影.jpg", dirty).content
    assert (b"where it was taken" in dirty, b"where it was taken" in clean, b"<script>" in clean) == (
        True,
        False,
        False,
    )
    assert Image.open(io.BytesIO(clean)).format == "JPEG"


def test_a_photo_is_small_and_upright_and_seen_through_places_are_white():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    shown = Image.open(
        io.BytesIO(contents.photo("a.jpg", picture(size=(2000, 1000), exif=exif.tobytes())).content)
    )
    assert shown.size == (240, 480)
    drawn = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(drawn, "PNG")
    clear = Image.open(io.BytesIO(contents.photo("a.png", drawn.getvalue()).content))
    assert clear.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"), (b"\xff" * (contents.MOST_BYTES + 1), "最多10 MB"), (picture()[:200], "打不开"), (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "打不开"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said(content, sentence):
    with pytest.raises(NotPossible, match=sentence):
        contents.paper("a.jpg", content)


def test_a_picture_that_would_fill_the_memory_is_refused():
    drawn = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(drawn, "PNG")
    with pytest.raises(NotPossible, match="尺寸太大"):
        contents.paper("a.png", drawn.getvalue())


def test_a_paper_is_no_photo():
    with pytest.raises(NotPossible, match="JPG 或 PNG"):
        contents.photo("a.pdf", PDF)
