"""Which characters can be printed, and what happens without fonts."""

from pathlib import Path

import pytest

from yishang_crm.conference.papers import fonts, glyphs
from yishang_crm.core.errors import NotPossible


def test_names_of_the_standard_list_and_rare_ones_can_be_printed() -> None:
    assert glyphs.missing("龘𠮷〇㛃𬭎堯頤鎔骉媖峯嘅䶮赟祎镕琍 欧阳·望岳〔2026〕") == []


def test_what_no_font_has_is_named_once_and_in_order() -> None:
    assert glyphs.missing("王\ue823芳\U0001f600\ue823") == ["\ue823", "\U0001f600"]


def test_marks_that_leave_no_ink_are_not_missing() -> None:
    assert glyphs.missing("王\u200b芳\n\t\u3000葛\U000e0100") == []


def test_a_text_with_a_hole_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotPossible, match="字库里没有「\ue823、\U0001f600」"):
        glyphs.require("王\ue823\U0001f600")


def test_without_fonts_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YISHANG_FONTS", str(tmp_path))
    with pytest.raises(fonts.FontsMissing, match="字体没有装好，请运行 make setup"):
        glyphs.missing("王")
