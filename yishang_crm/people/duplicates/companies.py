"""What of a company's name tells it from others: 深圳市望岳精密科技（集团）股份有限公司 is 望岳精密科技, its mark 望岳."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from yishang_crm.people.names.keys import simplified_key
from yishang_crm.people.names.syllables import plain, reading_of

_LEGAL = re.compile(
    r"(?:集团|控股|股份|有限|责任|合伙|企业|无限)*(?:总公司|分公司|子公司|公司|集团|企业)$|(?<=...)(?:厂|中心|事务所)$"
)
# Bodies that the place tells apart: 上海安庆商会 and 深圳安庆商会.
_OF_A_PLACE = re.compile(
    r"(?:商会|协会|联谊会|联合会|同乡会|大学|学院|中学|银行|局|委员会|政府|医院|研究院|研究所)$"
)
_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_LATIN_LEGAL = re.compile(
    r"[\s,.]*\b(?:co|company|ltd|limited|inc|corp|corporation|group|holdings?|llc|gmbh|plc)\b[\s,.]*"
)
_WITH_LEVEL = re.compile(
    r"^(?:中国)?(?:.{2,3}(?:省|自治区))?(?:.{2,4}(?:市|州|盟|地区|特别行政区))?(?:.{1,3}(?:区|县|旗))?(?=..)"
)
# Places as company names begin with them, without 省 and 市. Those with a level are cut by their level.
_PLACES = (
    "中国 安徽 北京 上海 天津 重庆 江苏 浙江 广东 福建 山东 河南 河北 湖北 湖南 江西 四川 云南 贵州 陕西 山西 甘肃 青海 辽宁 吉林 黑龙江 海南 台湾 香港 "
    "澳门 广西 新疆 宁夏 内蒙古 西藏 深圳 广州 东莞 佛山 珠海 惠州 中山 汕头 江门 湛江 肇庆 苏州 南京 无锡 常州 南通 扬州 镇江 徐州 盐城 泰州 淮安 连云港 "
    "宿迁 昆山 张家港 常熟 江阴 太仓 杭州 宁波 温州 绍兴 嘉兴 台州 金华 湖州 衢州 丽水 舟山 义乌 合肥 安庆 芜湖 马鞍山 蚌埠 铜陵 黄山 池州 六安 滁州 阜阳 "
    "宣城 宿州 淮南 淮北 亳州 桐城 怀宁 潜山 太湖 宿松 望江 岳西 枞阳 宜秀 迎江 大观 厦门 福州 泉州 漳州 莆田 济南 青岛 烟台 潍坊 临沂 郑州 洛阳 武汉 "
    "宜昌 襄阳 长沙 株洲 湘潭 南昌 九江 赣州 成都 绵阳 昆明 贵阳 西安 咸阳 太原 兰州 沈阳 大连 长春 哈尔滨 石家庄 唐山 保定 海口 三亚 南宁 桂林 柳州 乌鲁木齐 "
    "呼和浩特 银川 西宁 拉萨 雄安 浦东 华东 华南"
).split()
_PLACE = re.compile("^(?:{})(?=..)".format("|".join(sorted(_PLACES, key=len, reverse=True))))
_IS_ORGANIZATION = re.compile(
    r"公司|集团|商会|协会|联谊会|厂$|银行|基金|研究院|研究所|学院|大学|事务所|\bltd\b|\binc\b"
)


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """The name without place, brackets and legal form, in simplified characters; never empty for a name that is not."""
    key = simplified_key(name)
    if _OF_A_PLACE.search(key):
        return re.sub(r"(?<=..)[省市](?=..)", "", key)
    bare = _LATIN_LEGAL.sub(" ", f" {_BRACKETS.sub('', key)} ").strip() or key
    return _without_place(_without_legal_form(bare)).replace(" ", "")


def _without_legal_form(name: str) -> str:
    short = _LEGAL.sub("", name)
    return short if len(short) >= 2 else name


def _without_place(name: str) -> str:
    for pattern in (_WITH_LEVEL, _PLACE, _PLACE):
        name = pattern.sub("", name, count=1)
    return name


@lru_cache(maxsize=20_000)
def mark(name: str) -> str:
    """How the first two characters of the core sound: what a clerk who writes 旺岳 for 望岳 still has right. "" for none."""
    text = core(name)
    if text.isascii():
        return re.sub(r"[^a-z0-9]", "", text)[:8]
    telling = text if _OF_A_PLACE.search(text) else text[:2]
    return "".join(plain(reading_of(character)) or character for character in telling)


@lru_cache(maxsize=20_000)
def is_organization(text: str) -> bool:
    """Whether a cell that should hold a title holds a company (two columns of a file were swapped)."""
    return _IS_ORGANIZATION.search(simplified_key(text)) is not None


@lru_cache(maxsize=50_000)
def likeness(one: str, other: str) -> float:
    """How alike two cores are, from 0 to 1: 1 the same, 0.8 one shortened or miswritten, 0.5 the same mark in another trade."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 2:
        return 0.0
    alike = fuzz.ratio(one, other)
    same_mark = mark(one) == mark(other)
    if longer.startswith(shorter) or alike >= 84 or (same_mark and _is_shortened(shorter, longer)):
        return 0.8
    if same_mark:
        return 0.8 if alike >= 66 else 0.5
    return 0.0


def _is_shortened(shorter: str, longer: str) -> bool:
    """望岳科技 of 望岳精密科技: every character in its order."""
    rest = iter(longer)
    return all(character in rest for character in shorter)
