"""Copy what pages and papers need from node_modules to static/vendor, with the licences beside it.

The fonts go to static/vendor/fonts, for papers (PDF); they are not served to anyone.
"""

import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent.parent
MODULES = HERE / "node_modules"
VENDOR = HERE / "static" / "vendor"
# Made beside it and moved into place whole, so that nobody ever reads half a font.
FRESH = HERE / "static" / ".vendor"
FONTS = MODULES / "@expo-google-fonts"

SCRIPTS = {
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "jsQR.js": ("jsqr", "dist/jsQR.js"),
}
LICENSES = {"htmx.org": "htmx.LICENSE.txt", "jsqr": "jsQR.LICENSE.txt"}

WEIGHTS = ("400Regular", "700Bold")
MAIN_FONT = "SC"
# The main font covers GBK and the 8,105 characters of the standard list, but not 𠮷 and 2,300 others that stand
# in the names of people from Hong Kong, Taiwan and Japan. Of these two, in this order, only what is lacking is kept.
FURTHER_FONTS = ("HK", "JP")


def main():
    shutil.rmtree(FRESH, ignore_errors=True)
    (FRESH / "fonts").mkdir(parents=True)
    for name, (package, path) in SCRIPTS.items():
        shutil.copyfile(MODULES / package / path, FRESH / name)
    for package, name in LICENSES.items():
        shutil.copyfile(MODULES / package / "LICENSE", FRESH / name)
    for weight in WEIGHTS:
        copy_fonts(weight)
    for region in (MAIN_FONT, *FURTHER_FONTS):
        shutil.copyfile(folder_of(region) / "LICENSE_FONT", FRESH / "fonts" / f"NotoSerif{region}.OFL.txt")
    shutil.rmtree(VENDOR, ignore_errors=True)
    FRESH.rename(VENDOR)
    # A quarter of a gigabyte of weights that nothing uses; `npm ci` brings them back when the lock changes.
    shutil.rmtree(FONTS)


def copy_fonts(weight):
    main_font = font_file(MAIN_FONT, weight)
    shutil.copyfile(main_font, FRESH / "fonts" / main_font.name)
    covered = characters(main_font)
    for region in FURTHER_FONTS:
        source = font_file(region, weight)
        lacking = characters(source) - covered
        keep_only(lacking, source=source, target=FRESH / "fonts" / source.name)
        covered |= lacking


def keep_only(wanted, *, source, target):
    options = subset.Options(name_IDs=["*"], hinting=False, layout_features=[])
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    subset.save_font(font, target, options)
    font.close()


def characters(file):
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())


def font_file(region, weight):
    return folder_of(region) / weight / f"NotoSerif{region}_{weight}.ttf"


def folder_of(region):
    return FONTS / f"noto-serif-{region.lower()}"


if __name__ == "__main__":
    main()
