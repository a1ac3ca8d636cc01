import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishang_crm.people.names import clean_name, script_could_differ, simplified_key


@pytest.mark.parametrize(
    "same",
    "张張 陈陳 范範 余餘 于於 叶葉 钟鍾鐘 岳嶽 里裡裏 后後 沈瀋 郁鬱 种種 冲衝 游遊 干乾幹 丑醜 云雲 姜薑 宁寧甯 卫衛衞 升昇陞 吕呂 黄黃 强強 峰峯".split(),
)
def test_spellings_of_one_surname_fold_together(same):
    assert {simplified_key(character) for character in same} == {same[0]}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("江 望 之", "江望之"),
        ("王　楚", "王楚"),
        ("陳大文", "陈大文"),
        ("ＷＡＮＧ　Yanzhou", "wang yanzhou"),
        ("阿依夏 • 买买提", "阿依夏买买提"),
        ("乾隆", "干隆"),
        ("", ""),
    ],
)
def test_key_is_blind_to_spaces_width_and_script(text, key):
    assert simplified_key(text) == key


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王　楚", "王楚"),
        (" 江 望 之 ", "江望之"),
        ("陳大文", "陳大文"),
        ("范于岳", "范于岳"),
        ("ＤＡＶＩＤ  Chen", "DAVID Chen"),
        ("王\u200b楚\ufeff", "王楚"),
        ("王\x00楚\t明", "王楚明"),
        ("⽅正", "方正"),
        ("阿依夏•买买提", "阿依夏·买买提"),
        ("阿依夏.买买提", "阿依夏·买买提"),
        ("王 David", "王 David"),
        ("\uf9dc明", "\uf9dc明"),
        ("𠮷野", "𠮷野"),
    ],
)
def test_a_name_is_tidied_and_its_characters_are_left_alone(typed, kept):
    assert clean_name(typed) == kept


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing_more(text):
    assert clean_name(clean_name(text)) == clean_name(text)
    assert simplified_key(simplified_key(text)) == simplified_key(text)


@pytest.mark.parametrize(
    ("name", "could"),
    [("余华", True), ("汪砚舟", True), ("王文", False), ("江望之", False), ("陳大文", False)],
)
def test_which_names_may_be_others_in_traditional_script(name, could):
    assert script_could_differ(name) is could
