"""Firm and post written in one cell, and offices in chambers among the posts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from yishang_crm.people.importing.cells.writing import (
    HAN,
    joined_han,
    lettered,
    plain,
    says_nothing,
    simplified,
)

_RANK = (
    "(?:名誉|荣誉|永远|创会|创始|首席|执行|常务|轮值|联席|联合|第[一二三]|候任|法定|独立|非执行|高级|资深|区域|大区|中国区|亚太区|全国|集团|行政|技术|市场|销售|运营|财务|"
    "生产|人事|人力资源|业务|项目|客户|投资|研发|采购|法务|品牌|产品|战略|创意|艺术|分管|主管|代理|助理|总|原|前|兼|暨|正|副|外联|营销|大客户|党支部|党总支|党委|工会|办公室|"
    "监事会|董事会|董事局|理事会|海外|驻华|华东|华南|华北|华中|西南)*"
)
_NOUN = (
    "(?:董事长|董事|总经理|总裁|总监|首席[\u4e00-\u9fff]{1,3}官|执行官|创始人|创办人|始创人|合伙人|发起人|负责人|法人代表|法定代表人|代表人|法人|经理人|经理|厂长|主任|所长|院长|校长|"
    "园长|馆长|教授|讲师|研究员|主席|会长|秘书长|理事长|监事长|监事|理事|会员|委员|总工程师|工程师|总工|会计师|设计师|建筑师|架构师|股东|老板|店长|行长|支行长|部长|处长|科长|局长|站长|社长|台长|总编辑|主编|"
    "编辑|记者|律师|医师|医生|顾问|书记|主管|队长|组长|村长|秘书|助理|干事|代表|大使|总干事|掌门人|经销商|总代理|代理商|个体|业主|执行长|营运长|财务长|技术长|协理|襄理|总公司经理|"
    "(?:C[A-Z]O|VP|SVP|EVP|MD|GM)(?![A-Za-z]))"
)
_TITLE = f"{_RANK}{_NOUN}"
_CHAIN = re.compile(f"{_TITLE}(?:\\s*(?:兼任?|暨|及|和|、|/|&|,|;|\\s)\\s*{_TITLE})*")
_HAN_TITLE = re.compile(
    f"^(?:[{HAN}]{{0,8}}?(?:部|中心|处|办|室|科|组|线|区))?{_CHAIN.pattern}(?:[(（][^)）]*[)）])?$"
)
_ENGLISH_TITLE = re.compile(
    r"\b(?:chair(?:man|woman|person)|president|director|manager|partner|founder|co-?founder|owner|chief|officer|ceo|cto|cfo|coo|"
    r"principal|head|secretary|treasurer|professor|engineer|consultant|lawyer|attorney|dean|executive|vp|md|gm)\b",
    re.IGNORECASE,
)
_FIRM_LATIN = re.compile(
    r"\b(?:co\.?,?\s*ltd|ltd|limited|inc|corp(?:oration)?|llc|llp|l\.p|gmbh|pte|plc|s\.a|company|group|holdings?|university|college|"
    r"institute|bank|foundation|association|chamber|partners|capital|technolog(?:y|ies)|international|industries|enterprises?)\b\.?",
    re.IGNORECASE,
)
_FIRM_STRONG = ("公司", "集团", "株式会社", "合作社", "事务所", "合伙企业", "企业", "总部")
_FIRM_WEAK = (
    "研究院", "研究所", "研究中心", "大学", "学院", "医院", "银行", "分行", "支行", "诊所", "学校", "中学", "小学", "幼儿园", "酒店", "宾馆", "饭店", "餐厅", "商行", "商场", "超市",
    "工作室", "俱乐部", "基金会", "基金", "办事处", "管理委员会", "委员会", "工厂", "总厂", "厂", "商会", "商协会", "协会", "联合会", "总会", "同乡会", "联谊会", "促进会", "学会", "校友会", "工商联",
    "政协", "人大", "中心", "店", "局", "行", "院", "社", "馆", "所", "园", "坊", "场", "厅", "部", "证券", "保险", "信托", "资本", "投资", "控股", "科技", "实业", "药业", "重工",
)  # fmt: skip
_CHAMBER = re.compile("商会|商协会|协会|联合会|总会|同乡会|联谊会|促进会|校友会|学会|联盟|工商联|侨联|同乡")
_CHAMBER_OFFICE = re.compile(
    f"{_RANK}(?:会长|理事长|秘书长|监事长|监事|理事|会员|主席|干事长|总干事|主任委员|委员)(?:单位)?(?:代表)?$"
)
# What can only be an office in a chamber, whatever the column is called.
CHAMBER_ONLY = re.compile(
    "(?:名誉|荣誉|永远|创会|创始|执行|常务|轮值|联席|候任|第[一二三])*(?:副)?(?:会长|理事长|秘书长|监事长|理事|监事|会员)(?:单位)?"
)
# An office beside a firm's title that no firm has: 某公司董事长、副会长.
_OFFICE_BESIDE = re.compile("(?:名誉|荣誉|创会|执行|常务|轮值)*副?(?:会长|秘书长)|会员")
_SEPARATOR = re.compile(r"[、;；/／|｜,，\n\r\t]+")
_HAN_SPACE = re.compile(f"(?<=[{HAN}）)A-Z]) +(?=[{HAN}（(A-Z])")
# What nine of ten cells say, told without the long way.
_USUAL = re.compile(f"([{HAN}A-Za-z0-9()（）]{{2,40}}有限公司)[ \u3000]?([{HAN}]{{2,10}})")
_BEFORE_SECOND_POST = re.compile(
    f"\\s*[兼暨](?=[{HAN}]{{2,}}(?:公司|集团|商会|商會|协会|協會|联合会|聯合會|总会|總會|促进会|联谊会|同乡会))"
)
_TRAILING_BRACKET = re.compile(r"^(.+?)[(（]([^()（）]+)[)）]$")


@dataclass(frozen=True, slots=True)
class Post:
    """A first organization with its title, offices in chambers, and further posts as written."""

    organization: str = ""
    title: str = ""
    chamber_title: str = ""
    others: tuple[str, ...] = ()


def is_title(text: str) -> bool:
    """Whether `text` is nothing but a post or a chain of posts."""
    text = simplified(plain(text))
    if re.search(f"[{HAN}]{{2,}}(?:公司|集团|事务所|株式会社)", text):
        return False
    return bool(_HAN_TITLE.match(text)) or bool(
        text.isascii() and _ENGLISH_TITLE.search(text) and not _FIRM_LATIN.search(text) and len(text) < 60
    )


def is_organization(text: str) -> bool:
    """Whether `text` ends as the names of firms and bodies do."""
    text = simplified(plain(text))
    text = re.sub(r"[(（][^)）]*[)）]$", "", text)
    if text.isascii():
        return bool(_FIRM_LATIN.search(text))
    return len(text) > 3 and text.endswith(_FIRM_STRONG + _FIRM_WEAK[:36])


def is_strong_organization(text: str) -> bool:
    """Whether a word stands in `text` that only firms bear."""
    text = simplified(plain(text))
    return any(word in text for word in ("公司", "集团", "株式会社", "事务所", "合作社")) or bool(
        re.search(r"\b(?:ltd|limited|inc|llc|gmbh|corp)\b", text, re.IGNORECASE)
    )


def is_chamber_office(text: str) -> bool:
    """Whether `text` is an office of a chamber: 常务副会长, 理事."""
    return bool(CHAMBER_ONLY.fullmatch(simplified(plain(text)).replace(" ", "")))


def post_in(text: str) -> Post:
    """Firm and post from one cell, in any order and with any separator."""
    if (usual := _USUAL.fullmatch(text)) and _is_usual_title(usual[2]):
        return Post(organization=usual[1], title=usual[2])
    text = _BEFORE_SECOND_POST.sub("、", lettered(text).strip(" /、,;|。-，；"))
    if says_nothing(text):
        return Post()
    pairs = _pairs(text)
    firms = [(firm, title) for firm, title in pairs if not (firm and _CHAMBER.search(simplified(firm)))]
    chambers = [(firm, title) for firm, title in pairs if firm and _CHAMBER.search(simplified(firm))]
    if chambers and not firms:
        # With nothing else told, the chamber is where this person works.
        first, *chambers = chambers
        firms = [first]
    organization = next((firm for firm, _ in firms if firm), "")
    titles = [
        part for firm, title in firms if firm in ("", organization) and title for part in title.split("、")
    ]
    offices = [title for title in titles if _OFFICE_BESIDE.fullmatch(simplified(title))]
    if not is_strong_organization(organization) or len(offices) == len(titles):
        offices = []
    return Post(
        organization=organization,
        title="、".join(title for title in titles if title not in offices),
        chamber_title="、".join([firm + title for firm, title in chambers] + offices),
        others=tuple(firm + title for firm, title in firms if firm not in ("", organization)),
    )


@lru_cache(maxsize=2048)
def _is_usual_title(text: str) -> bool:
    return is_title(text)


def title_in(text: str) -> Post:
    """What a cell of a title column tells: usually a title alone, as written."""
    text = lettered(text).strip(" 、,;|。，；")
    if len(text) <= 10 and _is_usual_title(text) and not _CHAMBER.search(text):
        return Post(title=re.sub(r"\s*[\n\r]+\s*", "、", text))
    if says_nothing(text):
        return Post()
    if not _CHAMBER.search(simplified(text)) and not is_strong_organization(text):
        return Post(title=re.sub(r"\s*[\n\r]+\s*", "、", text))
    found = post_in(text)
    if found.organization and not found.title:
        return Post(title=text)
    if found.organization and _CHAMBER.search(simplified(found.organization)):
        return Post(chamber_title=found.organization + found.title)
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    """(firm, title) in order; a title that names no firm belongs to the one before it."""
    pairs: list[tuple[str, str]] = []
    for piece in _pieces(text):
        firm, title = _split(piece)
        if firm and not title and pairs and pairs[-1][1] and not pairs[-1][0]:
            pairs[-1] = (firm, pairs[-1][1])
        elif (
            pairs and not pairs[-1][1] and not title and _could_be_title(firm) and _ends_as_firm(pairs[-1][0])
        ):
            pairs[-1] = (pairs[-1][0], firm)
        elif not firm and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], title)
        elif not firm and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}、{title}")
        else:
            pairs.append((firm, title))
    return pairs


def _pieces(text: str) -> list[str]:
    guarded = re.sub(r"(\bCo\.?),\s*(?=(?:Ltd|Limited))", "\\1\x00 ", text, flags=re.IGNORECASE)
    guarded = re.sub(r",\s*(?=(?:Inc|Ltd|LLC)\b)", "\x00 ", guarded, flags=re.IGNORECASE)
    if not re.search(f"[{HAN}]", guarded):
        pieces = re.split(r"[;|\n/]|,\s|\s-\s|(?<=\.)\s{2,}", guarded)
    else:
        pieces = [part for piece in _SEPARATOR.split(guarded) for part in _by_spaces(piece)]
    return [piece.replace("\x00", ",").strip(" -") for piece in pieces if piece.strip(" -")]


def _by_spaces(piece: str) -> list[str]:
    """Divided at a space only where both sides mean something; 王记 食品 有限公司 stays whole."""
    parts = _HAN_SPACE.split(piece.strip())
    joined: list[str] = []
    for part in parts:
        if joined and not is_title(joined[-1]) and not is_title(part) and not _ends_as_firm(joined[-1]):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _ends_as_firm(text: str) -> bool:
    return simplified(text).endswith(_FIRM_STRONG)


def _could_be_title(text: str) -> bool:
    return 2 <= len(text) <= 12 and not is_organization(text) and not _CHAMBER.search(simplified(text))


def _split(piece: str) -> tuple[str, str]:
    bracket = _TRAILING_BRACKET.match(piece)
    if bracket and is_title(bracket[2].strip()):
        firm, title = _split(bracket[1])
        return firm, f"{title}、{bracket[2].strip()}" if title else bracket[2].strip()
    if is_title(piece):
        return "", piece
    if piece.isascii():
        return (piece, "") if _FIRM_LATIN.search(piece) or not _ENGLISH_TITLE.search(piece) else ("", piece)
    same = simplified(piece)
    # Conversion keeps the length, so that positions in one are positions in the other.
    same = same if len(same) == len(piece) else piece
    for endings in (_FIRM_STRONG, _FIRM_WEAK):
        end = _end_of_firm(same, endings)
        if end:
            firm, title = piece[:end].strip(" -:："), piece[end:].strip(" -:：")
            return (joined_han(firm), title) if firm else ("", title)
    chain = [match for match in _CHAIN.finditer(same) if match.end() == len(same)]
    if chain and chain[0].start() >= 2:
        return piece[: chain[0].start()].strip(), piece[chain[0].start() :].strip()
    return joined_han(piece), ""


def _end_of_firm(text: str, endings: tuple[str, ...]) -> int:
    """Where the firm's name ends: after its last ending that leaves a title or nothing behind."""
    found = re.finditer(f"(?:{'|'.join(endings)})([(（][^()（）]*[)）])?", text)
    ends = sorted(
        {end for m in found if m.start() >= 1 for end in (m.end(), m.end() - len(m[1] or ""))}, reverse=True
    )
    for end in ends:
        rest = text[end:].strip(" -:：")
        if not rest or _HAN_TITLE.match(rest):
            return end
        if re.match(r"\s*[-:：]|\s{1,}", text[end:]) and len(rest) <= 12:
            return end
        if endings is _FIRM_STRONG and len(rest) <= 12 and re.search(f"{_NOUN}$", rest):
            return end
    return 0
