"""Where the fonts of the papers are. They are open fonts from the npm lock, put in place at set-up."""

import os
from functools import cache
from pathlib import Path

import typst

from yishang_crm.core.errors import HouseError
from yishang_crm.core.words import N_

PACKAGE = Path(__file__).resolve().parents[2]
# The first font that has a character prints it: Noto Serif SC knows GBK and the standard list of 8,105
# in full but not 𠮷, which its Japanese sister of the same design has.
IN_ORDER = ("Noto Serif SC", "Noto Serif JP", "Noto Serif HK")


class FontsMissing(HouseError):
    """The set-up has not been run, so no paper can be made. Answered with 503."""

    status = 503


def folder() -> Path:
    """The folder with the TTF files: `YISHANG_FONTS`, else `static/vendor/fonts` of the installation."""
    given = os.environ.get("YISHANG_FONTS")
    places = [Path(given)] if given else [root / "static/vendor/fonts" for root in (PACKAGE.parent, PACKAGE)]
    for place in places:
        if any(place.glob("*.[to]tf")):
            return place
    raise FontsMissing(N_("字体没有装好，请运行 make setup"))


@cache
def installed(place: Path) -> typst.Fonts:
    """Only what lies in `place`, so that a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(place)])


@cache
def families(place: Path) -> list[str]:
    """Families in the order in which they are asked for a character; an operator's own fonts come last."""
    present = sorted(set(installed(place).families()))
    return [name for name in IN_ORDER if name in present] + [name for name in present if name not in IN_ORDER]
