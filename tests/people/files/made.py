"""Small files of every kind, made here."""

import io
import zipfile

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **details) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB" if kind == "JPEG" else "RGBA", size, "red").save(drawn, kind, **details)
    return drawn.getvalue()


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return packed.getvalue()


PDF = b"%PDF-1.7\n%%EOF\n"
WORD = archive("[Content_Types].xml", "word/document.xml")
EXCEL = archive("[Content_Types].xml", "xl/workbook.xml")
OLDER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100
