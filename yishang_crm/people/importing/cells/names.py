"""A person's name as people write it in lists: padded, with a form of address, in two scripts."""

import re
from dataclasses import dataclass, field

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.surnames import opens_with_surname, surname_length
from yishang_crm.people.importing.cells.writing import HAN, plain, says_nothing
from yishang_crm.people.importing.problems import Problem

MALE, FEMALE = "男", "女"
GENDERS = (
    dict.fromkeys(
        ["男", "男性", "m", "male", "先生", "1", "♂", "man", "mr", "mr.", "男士", "公", "乾", "gentleman"],
        MALE,
    )
    | dict.fromkeys(
        ["女", "女性", "f", "female", "女士", "小姐", "太太", "夫人", "2", "♀", "woman", "ms", "ms."], FEMALE
    )
    | dict.fromkeys(["mrs", "mrs.", "miss", "madam", "坤", "lady"], FEMALE)
)

ADDRESSES = {
    "先生": MALE, "男士": MALE, "女士": FEMALE, "小姐": FEMALE, "太太": FEMALE, "夫人": FEMALE, "女仕": FEMALE,
    "同志": None, "老师": None, "老師": None, "老板": None, "老闆": None, "阁下": None, "台鉴": None, "总": None, "總": None,
}  # fmt: skip
# A form of address that is also a post: kept as the title where the file tells no other.
POSTS = (
    "董事长 董事長 副董事长 副董事長 总经理 總經理 副总经理 副總經理 总裁 總裁 副总裁 副總裁 会长 會長 副会长 副會長 秘书长 秘書長 主席 "
    "教授 副教授 博士 院长 院長 校长 校長 律师 律師 医生 醫生 主任 经理 經理 厂长 廠長 局长 处长 行长 理事长 董事 工程师 总监 董"
).split()
_SUFFIX = re.compile(f"({'|'.join(sorted([*ADDRESSES, *POSTS], key=len, reverse=True))})$")
_ENGLISH_ADDRESS = re.compile(r"^(mr|mrs|ms|miss|mdm|madam|dr|prof|professor|sir)\b\.?\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[【〔<《]([^)）\]】〕>》]*)[)）\]】〕>》]?")
_FORMER = re.compile(r"^(?:曾用名|原名|又名|别名|別名|本名|曾名|乳名|笔名|小名)[:是为]?\s*(.+)$")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’,\- ]*[A-Za-zÀ-ɏ.]|[A-Za-zÀ-ɏ]")
_NUMBERING = re.compile(r"^(?:\d+\s*[.、)]\s*|[①-⑳]\s*|尊敬的\s*|姓名\s*[:]\s*)")
_MARKS = " *★☆▲△●○◆◇■□※#√,,;；。、.:：'’`\"“”"
_SEPARATED_GENDER = re.compile(f"(?<=[{HAN}])[ /,，、-]+([男女])$")
_DOT = re.compile(f"(?<=[{HAN}])\\s*[·•・‧⋅∙●.．]\\s*(?=[{HAN}])")
_POST_FIRST = re.compile(f"^({'|'.join(sorted(POSTS, key=len, reverse=True))})\\s+(?=[{HAN}]{{2,4}}$)")
_SEVERAL = re.compile(f"^[{HAN}]{{2,4}}([、/,;，；&和\\n][{HAN}]{{2,4}})+$")


@dataclass(frozen=True, slots=True)
class NameCell:
    """`name` as written, clean; what the cell tells beside it; `remark` is bracketed text of no known kind."""

    name: str = ""
    gender: str | None = None
    name_en: str | None = None
    former: str | None = None
    title: str | None = None
    remark: str | None = None
    problems: tuple[Problem, ...] = field(default=())


_CODE = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)


def name_in(text: str) -> NameCell:
    """The name in a cell; empty where the cell says nothing."""
    text = plain(text)
    if says_nothing(text):
        return NameCell()
    if _CODE.search(text):
        # Kept as it stands, to be looked at: a tag is not taken apart into somebody called Script.
        return NameCell(
            name=text, problems=(Problem(N_("“%(name)s”里有网页代码，不像姓名，请核对"), name=text),)
        )
    found: dict[str, str | None] = {}
    text = _BRACKETS.sub(lambda bracket: _learn(bracket[1].strip(), found), text)
    text = _NUMBERING.sub("", text).strip(_MARKS)
    if post := _POST_FIRST.match(text):
        found["title"] = post[1]
        text = text[post.end() :]
    if gender := _SEPARATED_GENDER.search(text):
        found.setdefault("gender", gender[1])
        text = text[: gender.start()]
    name, english = _two_scripts(text, found)
    problems = []
    if _SEVERAL.match(name):
        problems.append(Problem(N_("“%(name)s”像是几个人的名字，请分成几行"), name=name))
    else:
        name = _DOT.sub("·", name) if re.search(f"[{HAN}]", name) else name
        name = _without_address(_close(name), found, problems)
    return NameCell(
        name=name, name_en=english or found.pop("name_en", None), problems=tuple(problems), **found
    )


def gender_in(text: str) -> str | None:
    """男, 女 or None; understands forms of address, letters and GB/T 2261 digits."""
    return GENDERS.get(plain(text).strip("。. ").lower())


def _learn(said: str, found: dict[str, str | None]) -> str:
    """Sort what stands in brackets; returns what stays in the name."""
    if gender := GENDERS.get(said.lower()):
        found["gender"] = gender
    elif said in ADDRESSES or said in POSTS:
        return said
    elif former := _FORMER.match(said):
        found["former"] = former[1].strip()
    elif _LATIN.fullmatch(said):
        found["name_en"] = said.strip()
    elif said:
        found["remark"] = said
    return " "


def _two_scripts(text: str, found: dict[str, str | None]) -> tuple[str, str | None]:
    """Chinese and Latin parts of a name; a name in Latin alone is the name itself."""
    if not re.search("[A-Za-zÀ-ɏ]", text):
        return text, None
    chinese = "".join(re.findall(f"[{HAN}·•・]+", text))
    latin = _LATIN.search(text)
    english = _english(latin[0].strip(" ,-/"), found) if latin else None
    if not chinese:
        return _english(text.strip(" ,-/"), found), None
    # Ａ as part of 小A or 阿Q is no English name.
    if not latin or not english or len(english) < 2:
        return text, None
    return chinese, english


def _english(name: str, found: dict[str, str | None]) -> str:
    address = _ENGLISH_ADDRESS.match(name)
    if address and len(name) > address.end():
        gender = GENDERS.get(address[1].lower())
        if gender:
            found.setdefault("gender", gender)
        name = name[address.end() :]
    return " ".join(name.split())


def _close(name: str) -> str:
    """王　楚 → 王楚; the space between Latin words stays."""
    return re.sub(f"(?<=[{HAN}·])\\s+(?=[{HAN}·])", "", name).strip(_MARKS)


def _without_address(name: str, found: dict[str, str | None], problems: list[Problem]) -> str:
    suffix = _SUFFIX.search(name)
    if not suffix:
        return name
    rest, address = name[: suffix.start()], suffix[1]
    if ADDRESSES.get(address):
        found.setdefault("gender", ADDRESSES[address])
    if len(rest) <= surname_length(rest) and (address not in ("总", "總", "董") or opens_with_surname(rest)):
        problems.append(Problem(N_("“%(name)s”只有称呼，缺少全名"), name=name))
        return name
    if not opens_with_surname(rest) and "·" not in rest:
        return name
    if address == "董" and len(rest) < 3:
        return name
    if address in POSTS and address != "董":
        found.setdefault("title", address)
    return _without_address(rest, found, problems) if len(rest) > 2 else rest
