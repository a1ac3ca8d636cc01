"""How a person is addressed: 尊敬的汪砚舟先生 in a letter, 汪总 in a message.

Rules: what was entered by hand comes first; officials are 同志; 院士 and 教授 keep their title; the traditional name is
never made by conversion; who cannot be addressed rightly is not addressed at all, and the sentence says what is missing.
"""

import re
from typing import TYPE_CHECKING, Literal, Protocol

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.names.keys import is_han, script_could_differ
from yishang_crm.people.names.readings import plain_pinyin
from yishang_crm.people.names.surnames import family_of, surname_of

if TYPE_CHECKING:
    from yishang_crm.people.models import Person

Missing = Literal["name", "gender", "title", "traditional_name", "romanized_name"]


class Addressee(Protocol):
    """Whoever has these; `gender` is "male", "female" or None."""

    @property
    def name(self) -> str: ...
    @property
    def gender(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def traditional_name(self) -> str | None: ...
    @property
    def romanized_name(self) -> str | None: ...
    @property
    def salutation_override(self) -> str | None: ...


class OfPerson:
    """An `Addressee` in the words of a person's record. Whoever inherits has the `person`, and the `title` they are met with."""

    person: "Person"

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def gender(self) -> str | None:
        return self.person.gender.value if self.person.gender else None

    @property
    def traditional_name(self) -> str:
        return self.person.traditional_name

    @property
    def romanized_name(self) -> str:
        return self.person.romanized_name

    @property
    def salutation_override(self) -> str:
        return self.person.salutation_override


class CannotAddress(NotPossible):
    """Nothing may be printed until somebody fills in what is `missing`."""

    def __init__(self, sentence: str, *, missing: Missing, **values: object) -> None:
        self.missing = missing
        super().__init__(sentence, **values)


# --------------------------------------------------------------------------------------------- letters

_IN_TRADITIONAL_SCRIPT = (
    "香港", "澳门", "澳門", "台湾", "台灣", "臺灣", "台北", "臺北", "高雄", "台中", "新竹",
)  # fmt: skip


def language_of(person: "Person") -> str:
    """In which language to write: English where only a romanized name is known; traditional script for Hong Kong, Macau and
    Taiwan, and for whoever has a traditional name on record; else simplified Chinese (domain.md §2.4)."""
    if not is_han(person.name):
        return "en"
    if person.traditional_name or any(place in person.residence for place in _IN_TRADITIONAL_SCRIPT):
        return "zh_Hant"
    return "zh_Hans"


_DEAR = re.compile("^(?:尊敬|敬爱|敬愛|亲爱|親愛)的?")
# Posts of Party and state. Whoever also stands in a company or chamber is invited as that.
_OFFICIAL = re.compile(
    "(?:省|市|区|县|州|镇|乡|街道|工|党)委|纪委|监委|政府|管委会|人大(?!.{0,2}代表)|政协(?!.{0,4}委员)|书记|巡视员|调研员|检察长|法院院长"
    "|(?:省|市|州|区|县|镇|乡|厅|局|处|科|司|署)长|(?:宣传|组织|统战|政法|外交|商务|财政|农业)部?部长"
)
_BUSINESS = re.compile(
    "董事|总经理|总裁|经理|公司|集团|股份|企业|商会|协会|联合会|会长|理事|合伙|创始|厂|行长|CEO|首席|院士|教授|校长|医院",
    re.IGNORECASE,
)
_ACADEMICIAN = re.compile("院士(?!工作站|专家|团队|办)")
# A guest professorship is a courtesy to an entrepreneur, not what he is called by.
_PROFESSOR = re.compile("(?<!客座)(?<!兼职)(?<!兼任)(?<!名誉)(?<!荣誉)(?<!特聘)教授(?!级)")


def formal(person: Addressee, *, language: str = "zh_Hans") -> str:
    """The first line of a letter, without its colon: 尊敬的汪砚舟先生, Dear Mr. Wang Yanzhou.

    `language` is zh_Hans, zh_Hant or en. Raises `CannotAddress`. Source: the office's practice of invitation letters.
    """
    if not (person.name or "").strip():
        raise CannotAddress(N_("没有姓名，无法称呼。"), missing="name")
    override = _override(person, language=language)
    if override:
        return _with_dear(override, language=language)
    if not (person.title or "").strip():
        raise CannotAddress(
            N_("%(name)s的职务是空的，无法确定称呼；请补充职务，或直接填写称呼。"),
            missing="title",
            name=person.name,
        )
    if language == "en":
        return _formal_english(person)
    return f"尊敬的{_written_name(person, language=language)}{_style(person, language=language)}"


def opening(person: Addressee, *, language: str = "zh_Hans") -> str:
    """The first line with its mark: 尊敬的汪砚舟先生：. Raises `CannotAddress`."""
    return formal(person, language=language) + ("," if language == "en" else "：")


def _with_dear(override: str, *, language: str) -> str:
    if language == "en":
        return override if override.startswith("Dear ") else f"Dear {override}"
    return override if _DEAR.match(override) else f"尊敬的{override}"


def _style(person: Addressee, *, language: str) -> str:
    title = person.title or ""
    if _ACADEMICIAN.search(title):
        return "院士"
    if _PROFESSOR.search(title):
        return "教授"
    # Comrades are at home: letters in traditional script go to Hong Kong, Macau, Taiwan and overseas.
    if language == "zh_Hans" and is_official(title):
        return "同志"
    return _mr_or_ms(person, "先生", "女士")


def is_official(title: str | None) -> bool:
    """Whether the title is a post of Party or state and no other."""
    return bool(title and _OFFICIAL.search(title) and not _BUSINESS.search(title))


def _formal_english(person: Addressee) -> str:
    title = person.title or ""
    if _ACADEMICIAN.search(title):
        style = "Academician"
    elif _PROFESSOR.search(title):
        style = "Professor"
    else:
        style = _mr_or_ms(person, "Mr.", "Ms.")
    return f"Dear {style} {_english_name(person)}"


# -------------------------------------------------------------------------------------------- messages

# How a post is said after the surname, by how its name ends; 副 and 常务 are dropped in speaking, never in lists.
_SPOKEN = (
    (("董事长", "董事局主席", "董事会主席", "执行董事", "董事"), "董", "董"),
    (("秘书长",), "秘书长", "秘書長"),
    (("会长", "理事长"), "会长", "會長"),
    (
        ("总经理", "总裁", "总监", "总工程师", "首席执行官", "CEO", "创始人", "合伙人", "总代理", "总"),
        "总",
        "總",
    ),
    (("总工",), "总工", "總工"),
    (("院士",), "院士", "院士"),
    (("教授",), "教授", "教授"),
    (("书记",), "书记", "書記"),
    (("主席",), "主席", "主席"),
    (("主任医师", "主任"), "主任", "主任"),
    (("经理",), "经理", "經理"),
    (("律师",), "律师", "律師"),
    (("医师", "医生"), "医生", "醫生"),
    (("工程师",), "工", "工"),
    (("老师",), "老师", "老師"),
)
_CHIEF = re.compile("(?:检察|[省市州区县镇乡厅局处科司署院校所部站队组台馆社行厂庭园店村])长$")
_CHIEF_TRADITIONAL = str.maketrans("长区县镇乡厅处书检队组馆厂庭园", "長區縣鎮鄉廳處書檢隊組館廠庭園")
_REMARK = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_BETWEEN_POSTS = re.compile(r"[、，,；;/|\s]+|兼任?")


def casual(person: Addressee, *, language: str = "zh_Hans") -> str:
    """For WeChat and SMS: 汪总, 欧阳会长; without a known post 汪先生. Raises `CannotAddress`."""
    if not (person.name or "").strip():
        raise CannotAddress(N_("没有姓名，无法称呼。"), missing="name")
    override = _override(person, language=language)
    if override:
        return _DEAR.sub("", override) if language != "en" else override.removeprefix("Dear ")
    if language == "en":
        return f"{_mr_or_ms(person, 'Mr.', 'Ms.')} {surname_of(_english_name(person)).capitalize()}"
    post = _spoken_post(person.title or "", language=language)
    return _family_name(person, language=language) + (post or _mr_or_ms(person, "先生", "女士"))


def _spoken_post(title: str, *, language: str) -> str:
    """The first post that is said after a name; in a company the chair comes before the Party secretary."""
    spoken = [said for post in _posts(title) if (said := _said(post, language=language))]
    outside_the_party = [said for said in spoken if said not in ("书记", "書記")]
    if _BUSINESS.search(title) and outside_the_party:
        return outside_the_party[0]
    return spoken[0] if spoken else ""


def _posts(title: str) -> list[str]:
    return [post.strip() for post in _BETWEEN_POSTS.split(_REMARK.sub("", title)) if post.strip()]


def _said(post: str, *, language: str) -> str:
    for endings, simplified, traditional in _SPOKEN:
        if post.upper().endswith(endings):
            return traditional if language == "zh_Hant" else simplified
    chief = _CHIEF.search(post)
    if chief is None:
        return ""
    return chief[0].translate(_CHIEF_TRADITIONAL) if language == "zh_Hant" else chief[0]


# ----------------------------------------------------------------------------------------------- names


def _override(person: Addressee, *, language: str) -> str:
    """What was entered by hand, where it fits the language of the letter."""
    override = (person.salutation_override or "").strip().rstrip(":：,，")
    fits = not is_han(override) if language == "en" else is_han(override)
    if not fits:
        return ""
    if language == "zh_Hant" and script_could_differ(_DEAR.sub("", override)):
        return ""
    return override


def _written_name(person: Addressee, *, language: str) -> str:
    if language != "zh_Hant":
        return person.name
    traditional = (person.traditional_name or "").strip()
    if traditional:
        return traditional
    if script_could_differ(person.name):
        raise CannotAddress(
            N_("请先填写%(name)s的繁体姓名；姓名不能由系统自动转换。"),
            missing="traditional_name",
            name=person.name,
        )
    return person.name


def _family_name(person: Addressee, *, language: str) -> str:
    if (
        language == "zh_Hant"
        and not person.traditional_name
        and not script_could_differ(family_of(person.name))
    ):
        return family_of(person.name)
    return family_of(_written_name(person, language=language))


def _english_name(person: Addressee) -> str:
    name = (person.romanized_name or "").strip() or (
        plain_pinyin(person.name) if is_han(person.name) else person.name
    )
    if not name:
        raise CannotAddress(
            N_("%(name)s的读音不明，请先填写拼音或英文姓名。"), missing="romanized_name", name=person.name
        )
    return name


def _mr_or_ms(person: Addressee, male: str, female: str) -> str:
    styles = {"male": male, "female": female}
    style = styles.get(person.gender or "")
    if style is None:
        raise CannotAddress(N_("请先补充%(name)s的性别，否则无法称呼。"), missing="gender", name=person.name)
    return style
