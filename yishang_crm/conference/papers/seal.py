"""The seal on a letter: a picture the installation supplies, or a drawn placeholder marked 示意."""

import base64
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from yishang_crm.conference.papers import fonts
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

RED = "#b5322a"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Seal:
    """A picture with a transparent ground and its width on paper (42 mm for a municipal body)."""

    svg: str
    width_mm: float = 42.0

    @classmethod
    def from_png(cls, png: bytes, *, width_mm: float = 42.0) -> "Seal":
        """A scanned seal: a PNG with transparency."""
        if not png.startswith(_PNG) or len(png) < 33:
            raise NotPossible(N_("印章图片须是带透明底的 PNG 文件"))
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        code = base64.b64encode(png).decode()
        return cls(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            f'<image width="{width}" height="{height}" href="data:image/png;base64,{code}"/></svg>',
            width_mm,
        )


def placeholder_seal(name: str, *, mark: str = "示意", width_mm: float = 42.0) -> Seal:
    """A ring with the name along it and `mark` below; no star, so that nobody takes it for the real one."""
    return Seal(_drawn(name, mark, fonts.folder()), width_mm)


@lru_cache(maxsize=16)
def _drawn(name: str, mark: str, place: Path) -> str:
    # Outlines instead of text: a seal is a picture, and nobody searching the PDF should find its name twice.
    outlines = _outlines(name + mark, place)
    shapes = [*_along_the_ring(name, outlines), *_below(mark, outlines)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 210">'
        f'<g fill="{RED}" opacity="0.86"><path fill-rule="evenodd" d="{_circle(102)}{_circle(96.5)}"/>'
        + "".join(shapes)
        + "</g></svg>"
    )


def _along_the_ring(name: str, outlines: dict[str, str]) -> list[str]:
    steps = max(len(name) - 1, 1)
    span = min(236.0, 22.0 * steps)
    # Where the name is long its characters stand narrow and tall, as engravers cut them.
    wide = min(25.0, 0.96 * 76 * math.radians(span) / steps)
    tall = min(25.0, 1.35 * wide)
    shapes = []
    for at, character in enumerate(name):
        angle = math.radians(span * (at / steps - 0.5)) if len(name) > 1 else 0.0
        x, y = 105 + 76 * math.sin(angle), 105 - 76 * math.cos(angle)
        move = f"translate({x:.2f} {y:.2f}) rotate({math.degrees(angle):.2f}) scale({wide / 1000:.5f} {tall / 1000:.5f})"
        shapes.append(f'<path transform="{move}" d="{outlines[character]}"/>')
    return shapes


def _below(mark: str, outlines: dict[str, str]) -> list[str]:
    shapes = []
    for at, character in enumerate(mark):
        x = 105 + 21 * (at - (len(mark) - 1) / 2)
        shapes.append(f'<path transform="translate({x:.2f} 177) scale(0.019)" d="{outlines[character]}"/>')
    return shapes


def _circle(radius: float) -> str:
    half = f"a{radius} {radius} 0 1 0 "
    return f"M{105 - radius} 105{half}{2 * radius} 0{half}{-2 * radius} 0z"


def _outlines(characters: str, place: Path) -> dict[str, str]:
    """The bold outline of each character, y downward, its middle at the origin, 1,000 units to the em."""
    found = dict.fromkeys(characters, "")
    for path in sorted(place.glob("*Bold.ttf"), key=lambda path: "SC" not in path.name):
        wanted = [character for character, outline in found.items() if not outline]
        if not wanted:
            break
        with TTFont(path, lazy=True) as font:
            known, glyphs, scale = font.getBestCmap(), font.getGlyphSet(), 1000 / font["head"].unitsPerEm
            for character in wanted:
                if ord(character) in known:
                    glyph = glyphs[known[ord(character)]]
                    # A Chinese character sits between -0.12 and 0.88 em: its middle at 0.38 em.
                    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
                    origin = (scale, 0, 0, -scale, -scale * glyph.width / 2, 380)
                    glyph.draw(TransformPen(pen, origin))
                    found[character] = pen.getCommands()
    return found
