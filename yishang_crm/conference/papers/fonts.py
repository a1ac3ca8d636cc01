"""Where the fonts of the papers are. They are open fonts from the npm lock, put in place at set-up."""

import os
from pathlib import Path

from yishang_crm.core.errors import HouseError
from yishang_crm.core.words import N_

PACKAGE = Path(__file__).resolve().parents[2]


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
