"""One line about a contact, taken apart."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishang_crm.followup.sentence import CHANNEL_WORDS, Candidate, ChipKind, Said, Unclear, parse
from yishang_crm.followup.workdays import official

TODAY = dt.date(2026, 9, 8)

JIANG = Candidate(1, "江望之", "东莞皖江新材料", "0417")
YU = Candidate(2, "余秉衡", "望岳精密", "0417")
YU_TEACHER = Candidate(3, "余秉衡", "怀宁中学", "0226")
CHU = Candidate(4, "储汉青", "苏州菱湖光学膜", "0301")
OUYANG = Candidate(5, "欧阳岚", "北京练潭资本", "0555")
LI = Candidate(6, "李和平", "合肥先觉半导体", "0666")
WANG = Candidate(7, "王强", "中山大关五金", "0777")
CHA = Candidate(91, "查静", "桐城市投促中心")
ZHANG = Candidate(92, "张敏", "桐城市投促中心")
ZHANG_TOO = Candidate(93, "张敏", "怀宁县投促中心")

PINYIN = {"jwz": [1], "jiangwangzhi": [1], "ybh": [2, 3], "chq": [4], "ok": [5]}


@dataclass
class Roster:
    """A roll of people as the caller keeps it: by name, pinyin, initials or last four digits."""

    people: list[Candidate]
    asked: list[str] = field(default_factory=list)

    def candidates(self, token: str) -> list[Candidate]:
        self.asked.append(token)
        ids = PINYIN.get(token.lower(), [])
        return [one for one in self.people if token in (one.name, one.phone_tail) or one.id in ids]


def people() -> Roster:
    return Roster([JIANG, YU, YU_TEACHER, CHU, OUYANG, LI, WANG])


def said(sentence: str, **details) -> Said:
    details.setdefault("people", people())
    return parse(
        sentence, today=TODAY, calendar=official(), colleagues=Roster([CHA, ZHANG, ZHANG_TOO]), **details
    )


# The line; who; channel; text; the next day and what is done then.
LINES = [
    ("江望之 电话 谈新厂选址，月底前回话", [JIANG], "call", "谈新厂选址", "2026-09-30 回话"),
    ("jwz 微信 发了图纸", [JIANG], "wechat", "发了图纸", None),
    ("jiangwangzhi 邮件 寄出合同", [JIANG], "email", "寄出合同", None),
    ("jwz chq 电话 后天上午10点到厂里看看", [JIANG, CHU], "call", "", "2026-09-10 到厂里看看"),
    (
        "江望之、储汉青、欧阳岚 饭局 聊家乡变化 约5月8日见",
        [JIANG, CHU, OUYANG],
        "meal",
        "聊家乡变化",
        "2027-05-08 见",
    ),
    ("江望之，储汉青 会议 讲了产业政策", [JIANG, CHU], "meeting", "讲了产业政策", None),
    ("江望之 和 储汉青 电话 谈合作", [JIANG, CHU], "call", "谈合作", None),
    ("江望之和储汉青 电话 谈合作", [JIANG, CHU], "call", "谈合作", None),
    ("李和平和王强 会议 定了章程", [LI, WANG], "meeting", "定了章程", None),
    (
        "江望之以及储汉青、欧阳岚 座谈 讲了政策，三个工作日内答复",
        [JIANG, CHU, OUYANG],
        "meeting",
        "讲了政策",
        "2026-09-11 答复",
    ),
    ("余秉衡 尾号0417 拜访 看了车间", [YU], "visit", "看了车间", None),
    ("余秉衡0226 电话 没接", [YU_TEACHER], "call", "没接", None),
    ("余秉衡（尾号0226） 电话 没接", [YU_TEACHER], "call", "没接", None),
    ("尾号0301 电话 讲定了", [CHU], "call", "讲定了", None),
    ("0301 电话 讲定了", [CHU], "call", "讲定了", None),
    ("江望之，余秉衡 尾号0226，电话", [JIANG, YU_TEACHER], "call", "", None),
    ("江望之董事长 来访 看了规划馆", [JIANG], "reception", "看了规划馆", None),
    ("拜访江望之，谈新厂", [JIANG], "visit", "拜访江望之，谈新厂", None),
    ("和江望之、储汉青吃饭，谈扩产", [JIANG, CHU], "meal", "和江望之、储汉青吃饭，谈扩产", None),
    ("江望之电话谈二期扩产，下周三再联系他", [JIANG], "call", "江望之电话谈二期扩产", "2026-09-16 再联系他"),
    ("今天和江望之吃饭聊到回乡投资", [JIANG], "meal", "今天和江望之吃饭聊到回乡投资", None),
    ("江望之说下周来不了，改到月底", [JIANG], None, "江望之说下周来不了", "2026-09-30 "),
    ("江望之 打电话来问二期", [JIANG], "call", "打电话来问二期", None),
    ("江望之：要土地证", [JIANG], None, "要土地证", None),
    ("宜咖吧 江望之 储汉青 路演", [JIANG, CHU], "meeting", "路演", None),
    ("电话 江望之 没人接 明天再打", [JIANG], "call", "没人接", "2026-09-09 再打"),
    ("江望之 周末前报方案，并催一下审批", [JIANG], None, "并催一下审批", "2026-09-11 报方案"),
    ("江望之 谈二期 微信", [JIANG], "wechat", "谈二期", None),
    ("江望之 视频会议 讲了方案；9月18日下午三点半签约", [JIANG], "video", "讲了方案", "2026-09-18 签约"),
    (
        "江望之 电话 初步同意，下下周一之前给我们报价单，另外问了孩子上学的事",
        [JIANG],
        "call",
        "初步同意，另外问了孩子上学的事",
        "2026-09-21 给我们报价单",
    ),
    ("江望之 电话 农历八月十四回乡过节", [JIANG], "call", "", "2026-09-24 回乡过节"),
    ("江望之 电话 谈得好 9月20日", [JIANG], "call", "谈得好", "2026-09-20 "),
    (
        "江望之 微信 他说国庆后来安庆看地，让我们准备资料",
        [JIANG],
        "wechat",
        "他说国庆后来安庆看地，让我们准备资料",
        "2026-10-08 来安庆看地",
    ),
    ("江望之 短信 拜年", [JIANG], "sms", "拜年", None),
    # news about a date are not a promise
    ("江望之 电话 说9月20日换届", [JIANG], "call", "说9月20日换届", None),
    ("江望之 电话 项目明年3月投产，二期10月开工", [JIANG], "call", "项目明年3月投产，二期10月开工", None),
    ("江望之 电话 合同5月8日到期", [JIANG], "call", "合同5月8日到期", None),
    ("江望之 微信 今天见面了", [JIANG], "wechat", "今天见面了", None),
    ("江望之 电话 问了8号楼和3号地块的价格", [JIANG], "call", "问了8号楼和3号地块的价格", None),
    ("江望之 2000 万投资", [JIANG], None, "2000 万投资", None),
    ("江望之 电话 OK", [JIANG], "call", "OK", None),
    ("江望之 电话 谈定了。余秉衡也在", [JIANG], "call", "谈定了。余秉衡也在", None),
    ("要去看看那块地", [], None, "要去看看那块地", None),
    ("", [], None, "", None),
]


@pytest.mark.parametrize(("line", "who", "channel", "text", "following"), LINES)
def test_a_line_is_taken_apart(line, who, channel, text, following):
    told = said(line)
    assert (list(told.people), told.channel, told.text) == (who, channel, text)
    assert (told.next_on and f"{told.next_on} {told.next_what}") == following
    assert told.sentence == line


def test_the_table_is_long_enough():
    assert len(LINES) >= 40


def test_everything_in_one_line():
    told = said("江望之 余秉衡 电话 谈二期扩产，想看高新区两块地 #化工新材料 下周三再联系 @查静")
    assert told.people == (JIANG,)
    assert told.unclear == (Unclear("余秉衡", (YU, YU_TEACHER)),)
    assert told.tags == ("化工新材料",)
    assert told.colleagues == (CHA,)
    assert [(chip.kind.value, chip.label) for chip in told.chips] == [
        ("person", "江望之 · 东莞皖江新材料"),
        ("unclear", "余秉衡"),
        ("channel", "电话"),
        ("tag", "化工新材料"),
        ("next", "9月16日 周三 再联系"),
        ("colleague", "查静"),
    ]


def test_a_choice_settles_who_is_meant():
    told = said("余秉衡 电话 谈了", chosen={"余秉衡": YU_TEACHER.id})
    assert (told.people, told.unclear) == ((YU_TEACHER,), ())


def test_a_choice_of_somebody_else_is_not_taken():
    assert said("余秉衡 电话 谈了", chosen={"余秉衡": JIANG.id}).people == ()


def test_at_most_three_are_offered():
    many = Roster([Candidate(at, "汪伟", f"厂{at}", f"{at:04d}") for at in range(9)])
    assert [one.id for one in said("汪伟 电话", people=many).unclear[0].candidates] == [0, 1, 2]
    assert said("汪伟 电话", people=many, chosen={"汪伟": 7}).people[0].id == 7


def test_a_name_nobody_has_is_told_and_kept():
    told = said("王大锤 江望之 电话 想认识高新区")
    assert (told.unknown, told.people, told.text) == (("王大锤",), (JIANG,), "王大锤 想认识高新区")


def test_colleagues_by_at():
    told = said("江望之 电话 谈了 @查静跟进 @张敏 @无名")
    assert told.colleagues == (CHA,)
    assert told.unclear == (Unclear("@张敏", (ZHANG, ZHANG_TOO)), Unclear("@无名", ()))
    assert told.text == "谈了 跟进 @无名"
    assert said("@张敏 江望之 电话", chosen={"@张敏": 93}).colleagues == (ZHANG_TOO,)


def test_what_is_no_tag_and_no_colleague():
    told = said("江望之 邮件 wang@example.org 寄来 3#楼的图 #化工#医药")
    assert (told.tags, told.colleagues, told.unclear) == (("化工", "医药"), (), ())
    assert told.text == "wang@example.org 寄来 3#楼的图"


def test_on_a_page_no_name_is_needed():
    told = said("电话 谈二期，下周三回访", on_page=JIANG)
    assert (told.people, told.channel, told.text) == ((JIANG,), "call", "谈二期")


def test_on_a_page_only_full_names_add_somebody():
    assert said("储汉青 也在，微信聊", on_page=JIANG).people == (JIANG, CHU)
    assert said("ok 已定", on_page=JIANG).people == (JIANG,)
    assert said("0301 电话", on_page=JIANG).people == (JIANG,)


def test_the_day_it_happened():
    assert said("昨天 江望之 饭局 谈开了").happened_on == dt.date(2026, 9, 7)
    assert said("江望之 上周五 拜访 看了车间").happened_on == dt.date(2026, 9, 4)
    assert said("江望之 饭局 谈开了").happened_on is None


def test_the_hour_and_the_deadline_of_what_is_next():
    visit = said("江望之 电话 约下周三下午三点半面谈")
    assert (visit.next_at, visit.next_by, visit.next_vague) == (dt.time(15, 30), False, False)
    answer = said("江望之 电话 月底前回话")
    assert (answer.next_at, answer.next_by, answer.next_vague) == (None, True, True)


def test_the_last_promise_counts():
    assert said("江望之 电话 明天发资料，下周三再联系").next_on == dt.date(2026, 9, 16)


def test_a_dinner_for_thirty_is_one_line():
    guests = [
        Candidate(at, f"汪{name}", "") for at, name in enumerate("东南西北中发白春夏秋冬梅兰竹菊龙虎凤鹤松")
    ]
    roster = Roster(guests)
    told = said("、".join(one.name for one in guests) + " 饭局 聊回乡", people=roster)
    assert (told.people, told.channel, told.text) == (tuple(guests), "meal", "聊回乡")
    assert len(roster.asked) <= len(guests) + 1


def test_each_token_is_asked_once_and_never_more_than_forty():
    roster = people()
    said("江望之 江望之 江望之 电话", people=roster)
    assert roster.asked == ["江望之"]
    crowd = Roster([Candidate(at, chr(0x4E00 + at) + "明明") for at in range(80)])
    said(" ".join(one.name for one in crowd.people), people=crowd)
    assert len(crowd.asked) == 40


def test_the_office_may_bring_its_own_words():
    assert said("江望之 茶叙 谈了", channels=CHANNEL_WORDS | {"茶叙": "meal"}).channel == "meal"


PIECES = [
    "江望之",
    "余秉衡",
    "jwz",
    "尾号0417",
    "电话",
    "拜访",
    "和",
    "、",
    "，",
    " ",
    "。",
    "#化工",
    "@查静",
    "@谁",
    "下周三再联系",
    "约5月8日见",
    "月底前回话",
    "谈二期",
    "了",
    "昨天",
    "王大锤",
    "0417",
    "董事长",
    "\n",
]
LINES_OF_ANY_KIND = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
SEPARATORS = set(" \t\r\n\u3000、，,;；:：")


@settings(max_examples=400, deadline=None)
@given(line=LINES_OF_ANY_KIND, page=st.sampled_from([None, JIANG]))
def test_no_line_raises_and_no_character_is_lost(line, page):
    told = said(line, on_page=page)
    assert told.sentence == line
    spans = [chip.span for chip in told.chips]
    assert all(0 <= start < end <= len(line) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    gone = {at for chip in told.chips if not chip.kept for at in range(*chip.span)}
    left = [
        glyph
        for at, glyph in enumerate(line)
        if at not in gone and not (glyph in SEPARATORS or glyph.isspace())
    ]
    assert [glyph for glyph in told.text if not (glyph in SEPARATORS or glyph.isspace())] == left
    assert all(one.kept for one in told.chips if one.kind is ChipKind.UNKNOWN)
