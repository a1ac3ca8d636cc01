"""The looks hold: one dark theme, no foreign host, nothing newer than Chromium 86, readable colours, small sheets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = ROOT / "static/icons.svg"
THEMED = ["yishang.css", "guest.css"]

# What came after Chromium 86 and would be ignored, or break the script, on UOS and Windows 7.
TOO_NEW_IN_CSS = {
    "nesting": r"\{[^{}]*&",
    ":has": r":has\(",
    ":is, :where": r":(is|where)\(",
    "color-mix": r"color-mix\(",
    "light-dark": r"light-dark\(",
    "oklch": r"okl(ab|ch)\(",
    "@layer": r"@layer",
    "container queries": r"@container",
    "inset": r"[;{]\s*inset\s*:",
    "aspect-ratio": r"[;{]\s*aspect-ratio\s*:",
    "new viewport units": r"\d(dvh|svh|lvh|dvw)\b",
    "range media queries": r"@media[^{]*[<>]",
}
TOO_NEW_IN_JS = {
    "at()": r"\.at\(",
    "structuredClone": r"structuredClone",
    "randomUUID": r"randomUUID",
    "Object.hasOwn": r"Object\.hasOwn\b",
    "findLast": r"\.findLast",
    "copying array methods": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "static blocks": r"static\s*\{",
    "private in": r"#\w+ in ",
    "popover": r"popover",
    "AbortSignal.timeout": r"AbortSignal\.timeout",
    "groupBy": r"\.groupBy\(",
}


def test_the_dark_block_stands_twice_and_is_the_same():
    for name in THEMED:
        by_system, by_choice = _dark_blocks(name)
        assert by_system == by_choice, name


def test_dark_redefines_every_colour_of_the_light_theme():
    for name in THEMED:
        light, (dark, _) = _light_block(name), _dark_blocks(name)
        coloured = {token for token, value in light.items() if value.startswith(("#", "0 10px"))}
        assert coloured == {token for token in dark if token.startswith("--")}, name


@pytest.mark.parametrize("name", THEMED)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_ground(name, theme):
    tokens = {**_light_block(name), **(_dark_blocks(name)[0] if theme == "dark" else {})}
    grounds = [t for t in ("--paper", "--sheet", "--sunk", "--tint") if t in tokens]
    inks = [
        t
        for t in ("--ink", "--ink2", "--ink3", "--cinnabar", "--cin", "--river", "--pine", "--amber")
        if t in tokens
    ]
    weak = [(i, g) for i in inks for g in grounds if _contrast(tokens[i], tokens[g]) < 4.5]
    assert weak == []
    assert _contrast("#ffffff", tokens["--seal"]) >= 4.5
    assert [g for g in grounds if _contrast(tokens["--edge"], tokens[g]) < 3] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_use_what_chromium_86_knows(path):
    sheet = _without_comments(path.read_text("utf-8"))
    assert [what for what, pattern in TOO_NEW_IN_CSS.items() if re.search(pattern, sheet)] == []
    assert sheet.count("{") == sheet.count("}")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_what_chromium_86_knows(path):
    script = path.read_text("utf-8")
    assert [what for what, pattern in TOO_NEW_IN_JS.items() if re.search(pattern, script)] == []
    assert re.findall(r"\beval\(|new Function|\.setAttribute\(\"style\"|\.style\.", script) == []


def test_no_file_of_the_looks_names_a_foreign_host():
    allowed = {"http://www.w3.org/2000/svg"}
    for path in [*SHEETS, *SCRIPTS, *TEMPLATES, *(ROOT / "static").glob("*.svg")]:
        named = set(re.findall(r"https?://[\w./-]+\w|(?<=[\"'(])//\w[\w./-]+", path.read_text("utf-8")))
        assert named - allowed == set(), path.name
    for path in SHEETS:
        assert "@import" not in path.read_text("utf-8")
        assert "url(" not in path.read_text("utf-8")


def test_templates_bear_no_inline_style_or_script():
    for path in TEMPLATES:
        if "letters" in path.parts or "mail" in path.parts:
            continue  # a letter is read where our sheets do not reach
        markup = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert (
            re.findall(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|<style|<script(?![^>]*\ssrc=)", markup)
            == []
        ), path


def test_every_icon_that_a_template_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', ICONS.read_text("utf-8")))
    asked = {
        name for path in TEMPLATES for name in re.findall(r"\bicon\(\"([\w-]+)\"\)", path.read_text("utf-8"))
    }
    assert asked - drawn == set()


def test_every_class_of_the_layouts_and_parts_is_in_a_sheet():
    known = {
        name
        for path in SHEETS
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", _without_comments(path.read_text("utf-8")))
    }
    for path in TEMPLATES:
        if not {"layout", "parts"} & set(path.parts):
            continue
        markup = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        used = {name for value in re.findall(r'\sclass="([^"{]+)"', markup) for name in value.split()}
        assert used - known - {"wide", "left", "low"} == set(), path


@pytest.mark.parametrize(
    ("name", "most"), [("yishang.css", 24_576), ("guest.css", 9_500), ("desk.css", 4_000)]
)
def test_sheets_stay_small(name, most):
    assert (ROOT / "static/css" / name).stat().st_size <= most


def test_a_guest_loads_little():
    paths = ["static/css/guest.css", "static/js/guest.js", "static/mark.svg"]
    assert (
        sum((ROOT / path).stat().st_size for path in paths) <= 20_000
    )  # of 60 kB; the page itself is the rest


def _without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


def _light_block(name: str) -> dict[str, str]:
    sheet = _without_comments((ROOT / "static/css" / name).read_text("utf-8"))
    return _declarations(re.search(r":root\{([^}]*)\}", sheet)[1])


def _dark_blocks(name: str) -> list[dict[str, str]]:
    sheet = _without_comments((ROOT / "static/css" / name).read_text("utf-8"))
    by_system = re.search(r":root:not\(\[data-theme=light\]\)\{([^}]*)\}", sheet)[1]
    by_choice = re.search(r"\[data-theme=dark\]\{([^}]*)\}", sheet)[1]
    return [_declarations(by_system), _declarations(by_choice)]


def _declarations(block: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in block.replace("\n", "").split(";") if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours written #rrggbb."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
