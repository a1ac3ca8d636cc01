import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishang_crm.people.names import display_pinyin, initials, plain_pinyin, readings
from yishang_crm.people.names.readings import MOST_READINGS, half_typed


@pytest.mark.parametrize(
    ("surname", "ways"),
    [
        ("单", ["shan", "dan", "chan"]),
        ("仇", ["qiu", "chou"]),
        ("曾", ["zeng", "ceng"]),
        ("查", ["zha", "cha"]),
        ("解", ["xie", "jie"]),
        ("区", ["ou", "qu"]),
        ("朴", ["piao", "pu"]),
        ("盖", ["ge", "gai"]),
        ("翟", ["zhai", "di"]),
        ("缪", ["miao", "mou", "mu"]),
        ("乐", ["yue", "le"]),
        ("任", ["ren"]),
        ("华", ["hua"]),
        ("种", ["chong", "zhong"]),
        ("秘", ["bi", "mi"]),
        ("冼", ["xian"]),
        ("逄", ["pang", "feng"]),
        ("召", ["shao", "zhao"]),
        ("燕", ["yan"]),
        ("应", ["ying"]),
        ("那", ["na"]),
        ("过", ["guo"]),
        ("宁", ["ning"]),
        ("员", ["yun", "yuan"]),
        ("洗", ["xian", "xi"]),
        ("折", ["she", "zhe"]),
        ("黑", ["he", "hei"]),
        ("盛", ["sheng", "cheng"]),
        ("卜", ["bu"]),
        ("覃", ["qin", "tan"]),
        ("隗", ["wei", "kui"]),
        ("谌", ["chen", "shen"]),
        ("阚", ["kan"]),
        ("郗", ["xi", "chi"]),
        ("牟", ["mou", "mu"]),
        ("繁", ["po", "fan"]),
        ("眭", ["sui"]),
        ("尹", ["yin"]),
        ("石", ["shi"]),
        ("贾", ["jia", "gu"]),
        ("车", ["che", "ju"]),
        ("沈", ["shen"]),
        ("俞", ["yu"]),
        ("纪", ["ji"]),
        ("吕", ["lv", "lu"]),
        ("余", ["yu"]),
        ("汪", ["wang"]),
        ("江", ["jiang"]),
        ("储", ["chu"]),
        ("操", ["cao"]),
        ("疏", ["shu"]),
    ],
)
def test_every_reading_of_a_surname_is_found_and_the_likeliest_comes_first(surname, ways):
    assert readings(f"{surname}明") == [f"{way}ming" for way in ways]


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("尉迟明", ["yuchiming", "weichiming"]),
        ("万俟明", ["moqiming", "wansiming", "wanqiming"]),
        ("萬俟明", ["moqiming", "wansiming", "wanqiming"]),
        ("长孙明", ["zhangsunming", "changsunming"]),
        ("欧阳明", ["ouyangming"]),
        ("單明", ["shanming", "danming", "chanming"]),
        ("王晟", ["wangsheng", "wangcheng"]),
        ("王女", ["wangnv", "wangnu"]),
        ("陈方安生", ["chenfangansheng"]),
        ("阿依夏·买买提", ["ayixiamaimaiti"]),
        ("王David", ["wang"]),
        ("David Chen", []),
        ("", []),
    ],
)
def test_readings_of_whole_names(name, ways):
    assert readings(name) == ways


def test_many_polyphonic_characters_do_not_run_away():
    assert len(readings("单乐长行朝重")) == MOST_READINGS
    assert {way[:4] for way in readings("单乐长行朝重")} >= {"shan", "danl"}


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", ["wxm"]),
        ("曾小贤", ["zxx", "cxx"]),
        ("欧阳明", ["oym"]),
        ("江望之", ["jwz"]),
        ("David Chen", ["dc"]),
        ("", []),
    ],
)
def test_initials_in_every_reading(name, letters):
    assert initials(name) == letters


def test_surname_in_full_and_the_rest_in_letters():
    assert half_typed("王小明") == ["wangxm"]
    assert half_typed("欧阳明") == ["ouyangm"]
    assert half_typed("王") == []


@pytest.mark.parametrize(
    ("name", "shown", "in_letters"),
    [
        ("余秉恒", "Yú Bǐnghéng", "Yu Bingheng"),
        ("單小明", "Shàn Xiǎomíng", "Shan Xiaoming"),
        ("查济民", "Zhā Jǐmín", "Zha Jimin"),
        ("欧阳雅安", "Ōuyáng Yǎ'ān", "Ouyang Ya'an"),
        ("吕略", "Lǚ Lüè", "Lyu Lue"),
        ("陈方安生", "Chén-Fāng Ānshēng", "Chen-Fang Ansheng"),
        ("解长乐", "Xiè Chánglè", "Xie Changle"),
        ("David Chen", "", ""),
    ],
)
def test_pinyin_to_show_and_pinyin_for_letters(name, shown, in_letters):
    assert display_pinyin(name) == shown
    assert plain_pinyin(name) == in_letters


@given(st.text(max_size=30))
def test_no_name_breaks_the_reading(name):
    assert len(readings(name)) <= MOST_READINGS
    assert all(way.isascii() and way.isalpha() for way in readings(name))
    assert display_pinyin(name).isprintable()


def test_reading_a_name_does_not_load_the_phrases():
    program = (
        "import sys; from yishang_crm.people.names import readings; assert 'opencc' not in sys.modules; "
        "assert readings('王楚') == ['wangchu']; assert 'pypinyin' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
