from dataclasses import dataclass

import pytest

from yishang_crm.people.salutation import CannotAddress, casual, formal


@dataclass
class Guest:
    name: str = "汪砚舟"
    gender: str | None = "male"
    title: str | None = "董事长"
    traditional_name: str | None = None
    romanized_name: str | None = None
    salutation_override: str | None = None


@pytest.mark.parametrize(
    ("guest", "line"),
    [
        (Guest(), "尊敬的汪砚舟先生"),
        (Guest(name="程雅", gender="female", title="总经理"), "尊敬的程雅女士"),
        (Guest(salutation_override="汪老"), "尊敬的汪老"),
        (Guest(salutation_override="尊敬的汪主席："), "尊敬的汪主席"),
        (Guest(salutation_override="汪老", gender=None, title=None), "尊敬的汪老"),
        (Guest(title="市委常委、常务副市长"), "尊敬的汪砚舟同志"),
        (Guest(title="投资促进局局长", gender=None), "尊敬的汪砚舟同志"),
        (Guest(title="原县委书记"), "尊敬的汪砚舟同志"),
        (Guest(title="党委书记、董事长"), "尊敬的汪砚舟先生"),
        (Guest(title="董事长、市政协委员"), "尊敬的汪砚舟先生"),
        (Guest(title="市政协委员"), "尊敬的汪砚舟先生"),
        (Guest(title="省人大代表"), "尊敬的汪砚舟先生"),
        (Guest(title="深圳安庆商会会长"), "尊敬的汪砚舟先生"),
        (Guest(title="中国工程院院士", gender=None), "尊敬的汪砚舟院士"),
        (Guest(title="院士工作站站长"), "尊敬的汪砚舟先生"),
        (Guest(title="化学系副教授", gender=None), "尊敬的汪砚舟教授"),
        (Guest(title="董事长、客座教授"), "尊敬的汪砚舟先生"),
        (Guest(title="教授级高级工程师"), "尊敬的汪砚舟先生"),
        (Guest(name="David Chen"), "尊敬的David Chen先生"),
        (Guest(name="陈方安生", gender="female"), "尊敬的陈方安生女士"),
    ],
)
def test_the_first_line_of_a_letter(guest, line):
    assert formal(guest) == line


@pytest.mark.parametrize(
    ("guest", "line"),
    [
        (Guest(traditional_name="汪硯舟"), "尊敬的汪硯舟先生"),
        (Guest(name="王文"), "尊敬的王文先生"),
        (Guest(name="陳大文"), "尊敬的陳大文先生"),
        (Guest(name="余秉恒", traditional_name="余秉恆", title="市委副书记"), "尊敬的余秉恆先生"),
        (Guest(traditional_name="汪硯舟", salutation_override="汪会长"), "尊敬的汪硯舟先生"),
        (Guest(traditional_name="汪硯舟", salutation_override="汪會長"), "尊敬的汪會長"),
    ],
)
def test_a_letter_in_traditional_script_uses_the_name_entered_by_hand(guest, line):
    assert formal(guest, language="zh_Hant") == line


@pytest.mark.parametrize(
    ("guest", "line"),
    [
        (Guest(), "Dear Mr. Wang Yanzhou"),
        (Guest(name="单小梅", gender="female"), "Dear Ms. Shan Xiaomei"),
        (Guest(name="吕布"), "Dear Mr. Lyu Bu"),
        (Guest(romanized_name="CHAN Tai Man"), "Dear Mr. CHAN Tai Man"),
        (Guest(name="David Chen"), "Dear Mr. David Chen"),
        (Guest(title="院士", gender=None), "Dear Academician Wang Yanzhou"),
        (Guest(title="教授", gender=None), "Dear Professor Wang Yanzhou"),
        (Guest(salutation_override="汪老"), "Dear Mr. Wang Yanzhou"),
        (Guest(salutation_override="Sir Yanzhou"), "Dear Sir Yanzhou"),
    ],
)
def test_a_letter_in_english(guest, line):
    assert formal(guest, language="en") == line


@pytest.mark.parametrize(
    ("guest", "language", "missing"),
    [
        (Guest(gender=None), "zh_Hans", "gender"),
        (Guest(gender=None), "en", "gender"),
        (Guest(title=None), "zh_Hans", "title"),
        (Guest(title="  "), "en", "title"),
        (Guest(), "zh_Hant", "traditional_name"),
        (Guest(name="余文"), "zh_Hant", "traditional_name"),
        (Guest(gender=None, traditional_name="汪硯舟"), "zh_Hant", "gender"),
        (Guest(name=" "), "zh_Hans", "name"),
        (Guest(name="\U00031000"), "en", "romanized_name"),
    ],
)
def test_who_cannot_be_addressed_rightly_is_not_addressed(guest, language, missing):
    with pytest.raises(CannotAddress) as refusal:
        formal(guest, language=language)
    assert refusal.value.missing == missing


def test_the_refusal_says_whose_what_is_missing():
    with pytest.raises(CannotAddress) as refusal:
        formal(Guest(gender=None))
    assert str(refusal.value) == "请先补充汪砚舟的性别，否则无法称呼。"


@pytest.mark.parametrize(
    ("guest", "said"),
    [
        (Guest(), "汪董"),
        (Guest(title="副董事长"), "汪董"),
        (Guest(title="董事长兼总经理、深圳安庆商会会长"), "汪董"),
        (Guest(title="常务副总经理"), "汪总"),
        (Guest(title="CEO"), "汪总"),
        (Guest(title="首席执行官（兼）"), "汪总"),
        (Guest(title="创始人"), "汪总"),
        (Guest(title="深圳安庆商会副会长"), "汪会长"),
        (Guest(title="商会副会长兼秘书长"), "汪会长"),
        (Guest(title="商会常务副秘书长"), "汪秘书长"),
        (Guest(title="办公室副主任"), "汪主任"),
        (Guest(title="副市长"), "汪市长"),
        (Guest(title="县投资促进局副局长"), "汪局长"),
        (Guest(title="县委书记"), "汪书记"),
        (Guest(title="党委书记、董事长"), "汪董"),
        (Guest(title="党支部书记"), "汪书记"),
        (Guest(title="分行行长"), "汪行长"),
        (Guest(title="董事长助理"), "汪先生"),
        (Guest(title=None), "汪先生"),
        (Guest(title="合伙人", name="欧阳明"), "欧阳总"),
        (Guest(title="总裁", name="尉迟明"), "尉迟总"),
        (Guest(title="总裁", name="陈方安生", gender="female"), "陈总"),
        (Guest(title="总裁", name="阿依夏·买买提"), "阿依夏总"),
        (Guest(title="总裁", gender=None), "汪总"),
        (Guest(salutation_override="尊敬的汪老"), "汪老"),
    ],
)
def test_how_a_person_is_called_in_a_message(guest, said):
    assert casual(guest) == said


@pytest.mark.parametrize(
    ("guest", "language", "said"),
    [
        (Guest(title="总经理"), "zh_Hant", "汪總"),
        (Guest(title="商会副会长"), "zh_Hant", "汪會長"),
        (Guest(title="副区长"), "zh_Hant", "汪區長"),
        (Guest(name="张伟", traditional_name="張偉", title="秘书长"), "zh_Hant", "張秘書長"),
        (Guest(), "en", "Mr. Wang"),
        (Guest(romanized_name="CHAN Tai Man"), "en", "Mr. Chan"),
    ],
)
def test_how_a_person_is_called_in_other_languages(guest, language, said):
    assert casual(guest, language=language) == said


def test_a_message_without_post_needs_the_gender():
    with pytest.raises(CannotAddress) as refusal:
        casual(Guest(title=None, gender=None))
    assert refusal.value.missing == "gender"
