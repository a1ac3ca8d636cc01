"""清洗粘贴文本: what is mended, what is left alone, and that every change can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import signed_in
from tests.house.planted import figure
from yishang_crm.people.importing import pasted
from yishang_crm.people.importing.pasted import cleaned

MENDED = {
    "pinyin with its tone": ("內搭平臺、外聯老鄉，推動(dòng)發展", "内搭平台、外联老乡，推动发展"),
    "pinyin of several characters": ("安庆(ān qìng)是历史文化名城", "安庆是历史文化名城"),
    "pinyin joined": ("枞阳（zōngyáng）人", "枞阳人"),
    "pinyin with a digit": ("单[shan4]先生", "单先生"),
    "pinyin without a tone": ("查(zha)先生", "查先生"),
    "doubled punctuation": ("欢迎回家,,共谋发展。。", "欢迎回家，共谋发展。"),
    "half-width punctuation": ("姓名:江望之;单位:皖江新材料", "姓名：江望之；单位：皖江新材料"),
    "brackets": ("董事长(兼总经理)", "董事长（兼总经理）"),
    "full-width digits": ("手机１９９０００００４１７", "手机19900000417"),
    "invisible signs": ("江\u200b望\ufeff之\u00ad", "江望之"),
    "radicals": ("⼈⼤代表⾦某", "人大代表金某"),
    "odd spaces": ("江　望　之\u00a0董事长", "江望之董事长"),
    "blank lines": ("甲\n\n\n\n乙", "甲\n\n乙"),
    "line ends": ("甲\r\n乙\r丙", "甲\n乙\n丙"),
}
LEFT_ALONE = (
    "王(Wang)总", "陈先生(Chan Tai Man)", "Hong Kong, China", "3,500万元", "08:30", "见https://example.cn/a,b;c", "……", "——",
    "江望之\t19900000417\t董事长", "A (B) C", "张三(a)", "电话 0556-5550123", "面积(m2)",
)  # fmt: skip


@pytest.mark.parametrize("what", MENDED)
def test_it_is_mended(what):
    dirty, clean = MENDED[what]
    assert cleaned(dirty, to_simplified=True).after == clean
    assert cleaned(clean, to_simplified=True).after == clean


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_it_is_left_alone(text):
    found = cleaned(text, to_simplified=True)
    assert (found.after, found.changes) == (text, [])


def test_traditional_characters_stay_unless_asked():
    assert cleaned("范仲淹與於小姐", to_simplified=False).after == "范仲淹與於小姐"


def test_what_nobody_can_repair_is_counted():
    assert cleaned("江\ufffd之", to_simplified=True).broken == 1


def test_every_change_is_counted_by_its_kind():
    found = cleaned("江(jiāng)望之,,董事长", to_simplified=True)
    assert [(one.what, one.count) for one in found.changes] == [(pasted.PINYIN, 1), (pasted.PUNCTUATION, 2)]


@given(st.text(max_size=300))
def test_cleaning_twice_changes_no_more_and_the_pieces_tell_everything(text):
    found = cleaned(text, to_simplified=True)
    assert cleaned(found.after, to_simplified=True).after.split() == found.after.split()
    for line in found.lines:
        assert all(kind in ("same", "change") for kind, _before, _after in line)


def test_a_hundred_thousand_characters_are_read_and_no_more():
    assert len(cleaned("江" * 150_000, to_simplified=True).after) == pasted.MOST_CHARACTERS


# By page


def test_it_is_seen_before_and_after_and_nothing_is_kept(app, client):
    signed_in(client, "tongcheng")
    before = figure(app)
    page = client.post(
        "/people/import/cleaning", data={"text": "推動(dòng)發展,,", "to_simplified": "y"}
    ).text
    assert "推动发展，</textarea>" in page
    assert "<del>動(dòng)發</del>" in page or "<del>動(dòng)發" in page
    assert figure(app) == before


def test_what_was_pasted_is_inert(client):
    signed_in(client, "tongcheng")
    page = client.post("/people/import/cleaning", data={"text": "<script>alert(1)</script></textarea>"}).text
    assert "<script>alert" not in page


def test_nothing_pasted_is_said(client):
    signed_in(client, "tongcheng")
    answer = client.post("/people/import/cleaning", data={"text": ""})
    assert (answer.status_code, "请先粘贴文字" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 403), ("desk", 403), (None, 302)]
)
def test_who_may_clean(client, login, status):
    if login:
        signed_in(client, login)
    assert client.get("/people/import/cleaning").status_code == status
