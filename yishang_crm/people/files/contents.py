"""What a file is, whatever its name says; pictures are drawn anew, so that nothing else comes along with them (S15)."""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
PHOTO_SIDE, PICTURE_SIDE = 480, 2000

_JPEG, _PDF = "image/jpeg", "application/pdf"
_OFFICE = {
    "word/": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_OLDER_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDER = {".doc": "application/msword", ".xls": "application/vnd.ms-excel"}
_UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?"<>|]')

_UNKNOWN = N_("只收图片（JPG、PNG）、PDF、Word 和 Excel 文件。")


@dataclass(frozen=True)
class Content:
    """A file as it is kept."""

    name: str
    content_type: str
    content: bytes


def paper(name: str, content: bytes) -> Content:
    """A picture, PDF, Word or Excel file by what it holds; its name gets the ending that fits.

    Raises `NotPossible` with what is wrong with it.
    """
    _must_fit(content)
    if picture := _picture(content, PICTURE_SIDE):
        return Content(_named(name, ".jpg"), _JPEG, picture)
    if content.startswith(b"%PDF-"):
        return Content(_named(name, ".pdf"), _PDF, content)
    if content.startswith(_OLDER_OFFICE):
        ending = ".xls" if name.lower().endswith(".xls") else ".doc"
        return Content(_named(name, ending), _OLDER[ending], content)
    ending, content_type = _office(content)
    return Content(_named(name, ending), content_type, content)


def photo(name: str, content: bytes) -> Content:
    """A portrait, upright, at most 480 pixels a side. Raises `NotPossible` when it is no picture."""
    _must_fit(content)
    picture = _picture(content, PHOTO_SIDE)
    if picture is None:
        raise NotPossible(N_("照片请用 JPG 或 PNG 图片。"))
    return Content(_named(name, ".jpg"), _JPEG, picture)


def _must_fit(content: bytes) -> None:
    if not content:
        raise NotPossible(N_("这个文件是空的。"))
    if len(content) > MOST_BYTES:
        raise NotPossible(N_("文件太大，最多10 MB。请压缩或者拆开再传。"))


def _picture(content: bytes, side: int) -> bytes | None:
    """Drawn anew as JPEG without what cameras and others write beside a picture; None when it is none."""
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotPossible(N_("图片的尺寸太大，请缩小后再传。"))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((side, side))
                return _as_jpeg(upright)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise NotPossible(N_("图片的尺寸太大，请缩小后再传。")) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as broken:
        raise NotPossible(N_("这张图片打不开，可能没有传完整。")) from broken


def _as_jpeg(picture: Image.Image) -> bytes:
    ground = Image.new("RGB", picture.size, "white")
    seen_through = picture.convert("RGBA")
    ground.paste(seen_through, mask=seen_through.getchannel("A"))
    drawn = io.BytesIO()
    ground.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def _office(content: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError) as broken:
        raise NotPossible(_UNKNOWN) from broken
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        raise NotPossible(_UNKNOWN)
    for folder, known in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return known
    raise NotPossible(_UNKNOWN)


def _named(name: str, ending: str) -> str:
    """`C:\\\\a\\\\合影.JPEG` → `合影.jpg`."""
    last = re.split(r"[/\\]", name)[-1]
    stem = _UNPRINTABLE.sub("", last).strip(". ")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem).strip(". ") or "文件"
    return f"{stem[: 120 - len(ending)]}{ending}"
