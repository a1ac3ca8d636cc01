"""The guide says what the screen says: its labels are ours, its pictures exist and are taken by the browser's stories."""

import re

import pytest

from tests.house.test_static import ROOT

GUIDE = ROOT / "docs/guide"
PAGES = sorted(GUIDE.glob("*.md"))
QUOTED = re.compile(r"“([^”]+)”")
PICTURE = re.compile(r"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)")
TAKEN = re.compile(r'"(\d\d-[a-z-]+)"')
# Words in quotes that stand on no screen: what somebody writes, a name in a list, a label with a number in it.
WRITTEN = {
    "2026年县里摸底", "下周三", "节后", "月底", "下月想回来看地", "东门2号台", "招商伙伴", "我不是某某",
    "催未复", "全部放行", "把验证码发到", "核对完整",
}  # fmt: skip


def said_on_screens() -> set[str]:
    """Every sentence that pages, forms and models mark for the catalogs."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "yishang_crm").rglob("*.py")]
    marked = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')""")
    return {one or other for file in files for one, other in marked.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_labels_of_the_guide_stand_on_the_screen(page):
    quoted = set(QUOTED.findall(page.read_text(encoding="utf-8")))
    assert quoted - said_on_screens() - WRITTEN == set()


def test_pictures_of_the_guide_exist_and_all_are_shown():
    shown = {name for page in PAGES for name in PICTURE.findall(page.read_text(encoding="utf-8"))}
    assert shown == {picture.stem for picture in (GUIDE / "pictures").glob("*.png")}


def test_pictures_are_taken_by_the_stories():
    stories = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests/browser").glob("test_*.py"))
    assert set(TAKEN.findall(stories)) == {picture.stem for picture in (GUIDE / "pictures").glob("*.png")}


def test_every_role_has_a_page_with_pictures():
    lacking = [
        page.stem
        for page in PAGES
        if page.stem != "README" and not PICTURE.search(page.read_text(encoding="utf-8"))
    ]
    assert lacking == []
