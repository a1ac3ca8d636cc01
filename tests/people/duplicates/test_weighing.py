"""What two records must share to be offered as one person, and what keeps them apart."""

import pytest

from yishang_crm.people.duplicates import companies
from yishang_crm.people.duplicates.facts import Facts, Reached, facts, keys, place_key
from yishang_crm.people.duplicates.weighing import OFFERED_FROM, SURE_FROM, Reason, weigh

FIRM = "深圳市望岳精密科技有限公司"


def someone(
    name: str = "余秉衡", *, phone: str = "", email: str = "", firm: str = "", title: str = "", **more
) -> Facts:
    contacts = [Reached("mobile", phone)] * bool(phone) + [Reached("email", email)] * bool(email)
    return facts(name, contacts=contacts, posts=[(firm, title)] if firm or title else [], **more)


def reasons(one: Facts, other: Facts) -> list[str]:
    return list(weigh(one, other).reasons)


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("深圳市望岳精密科技（集团）股份有限公司", "望岳精密科技"),
        ("望岳精密科技有限责任公司", "望岳精密科技"),
        ("安徽省安庆市皖江新材料有限公司", "皖江新材料"),
        ("香港嬉子湖贸易有限公司", "嬉子湖贸易"),
        ("深圳市南山区宜城电子厂", "宜城电子"),
        ("東莞市振業五金製品有限公司", "振业五金制品"),
        ("上海市安庆商会", "上海安庆商会"),
        ("Wangyue Precision Co., Ltd.", "wangyueprecision"),
        ("公司", "公司"),
        ("", ""),
    ],
)
def test_a_company_is_told_by_its_core(written, core):
    assert companies.core(written) == core


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("望岳精密科技", "望岳精密科技", 1.0),
        ("望岳精密科技", "望岳精密", 0.8),
        ("望岳精密科技", "望岳科技", 0.8),
        ("望岳精密科技", "旺岳精密科技", 0.8),
        ("望岳精密科技", "望岳文旅", 0.5),
        ("望岳精密科技", "皖江新材料", 0.0),
        ("上海安庆商会", "深圳安庆商会", 0.0),
    ],
)
def test_companies_are_alike_by_degrees(one, other, alike):
    assert companies.likeness(one, other) == alike == companies.likeness(other, one)


@pytest.mark.parametrize("text", ["桐城", "桐城市", "安徽桐城", "安徽省安庆市桐城市", "安庆市桐城市"])
def test_a_place_is_one_however_it_is_written(text):
    assert place_key(text) == "桐城"


PAIRS = {
    "the same number": (someone(phone="+8619900000417"), someone("余秉恒", phone="+8619900000417"),
                        [Reason.SAME_MOBILE, Reason.SOUND]),
    "another script, the same firm": (someone("陳達衡", firm=FIRM), someone("陈达衡", firm=FIRM), [Reason.SCRIPT, Reason.SAME_FIRM]),
    "by ear, the same firm": (someone("胡明远", firm=FIRM), someone("胡鸣远", firm="望岳精密"), [Reason.SOUND, Reason.LIKE_FIRM]),
    "a surname read in two ways": (someone("曾小贤", firm=FIRM), someone("增小贤", firm=FIRM), [Reason.SOUND, Reason.SAME_FIRM]),
    "a former name": (someone("余秉衡", former_names="余小山", firm=FIRM), someone("余小山", firm=FIRM), [Reason.FORMER, Reason.SAME_FIRM]),
    "a name in letters": (someone("王砚舟", firm=FIRM), someone("Yanzhou WANG", firm=FIRM), [Reason.ROMANIZED, Reason.SAME_FIRM]),
    "place and year": (someone(native_place="桐城市", birth=(1968, None, None)), someone(native_place="安徽桐城", birth=(1968, 3, None)),
                       [Reason.SAME_NAME, Reason.PLACE_YEAR, Reason.SAME_PLACE]),
    "company in the title's cell": (someone(firm=FIRM, title="董事长"), someone(firm="董事长", title=FIRM), [Reason.SAME_NAME, Reason.SAME_FIRM]),
    "the same ID": (someone(identity="a" * 64), someone("甲乙丙", identity="a" * 64), [Reason.SAME_ID]),
}  # fmt: skip


@pytest.mark.parametrize("case", PAIRS)
def test_these_are_offered_and_say_why(case):
    one, other, why = PAIRS[case]
    assert weigh(one, other).score >= OFFERED_FROM, weigh(one, other)
    assert list(weigh(one, other).reasons) == why
    assert weigh(one, other) == weigh(other, one)
    assert set(keys(one)) & set(keys(other))


APART = {
    "two IDs": (someone(phone="+8619900000417", identity="a" * 64), someone(phone="+8619900000417", identity="b" * 64)),
    "a name alone": (someone(), someone()),
    "namesakes of one county, thirty years apart": (
        someone(native_place="桐城市", residence="深圳", birth=(1958, None, None)),
        someone(native_place="桐城市", residence="深圳", birth=(1988, None, None))),
    "brothers in one firm": (someone("江望之", firm=FIRM, phone="+8619900000001"), someone("江望远", firm=FIRM, phone="+8619900000002")),
    "colleagues": (someone("江望之", firm=FIRM), someone("汪砚舟", firm=FIRM)),
    "husband and wife behind one number": (
        someone("江望之", phone="+8619900000001", gender="male"), someone("查静安", phone="+8619900000001", gender="female")),
}  # fmt: skip


@pytest.mark.parametrize("case", APART)
def test_these_are_left_alone(case):
    one, other = APART[case]
    assert not weigh(one, other).is_offered, weigh(one, other)


def test_a_number_that_many_call_their_own_says_little():
    one, other = PAIRS["the same number"][:2]
    assert weigh(one, other).score >= SURE_FROM
    assert not weigh(one, other, offices=one.own_phones).is_offered


def test_a_secretarys_number_says_little():
    one = facts("余秉衡", contacts=[Reached("mobile", "+8619900000417", is_own=False)])
    other = facts("汪砚舟", contacts=[Reached("mobile", "+8619900000417", is_own=False)])
    assert (weigh(one, other).score, reasons(one, other)) == (8, [Reason.SHARED_PHONE])


def test_a_rare_name_weighs_more_than_a_common_one():
    one = someone(native_place="桐城市", residence="深圳")
    assert weigh(one, one, namesakes={"余秉衡": 2}).is_offered
    assert not weigh(one, one, namesakes={"余秉衡": 40}).is_offered


def test_facts_come_back_as_they_were_kept():
    one = someone(phone="+8619900000417", email="yu@example.cn", firm=FIRM, title="董事长", former_names="余小山、余大山",
                  romanized_name="YU Ping Hang", native_place="桐城市", birth=(1968, 3, None), gender="male")  # fmt: skip
    assert Facts.of_json(one.as_json()) == one
    assert "19900000417" not in str(one.as_json())
    assert "yu@example" not in str(one.as_json())
