"""What a column holds, judged by its values alone."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Sequence

from yishang_crm.people.importing.cells.births import birth_in
from yishang_crm.people.importing.cells.names import gender_in, name_in
from yishang_crm.people.importing.cells.phones import EMAIL
from yishang_crm.people.importing.cells.posts import (
    is_chamber_office,
    is_organization,
    is_strong_organization,
    is_title,
    post_in,
)
from yishang_crm.people.importing.cells.surnames import opens_with_surname
from yishang_crm.people.importing.cells.writing import (
    DITTO,
    HAN,
    Cell,
    plain,
    says_nothing,
    simplified,
    tight,
    written,
)
from yishang_crm.people.places import Gazetteer

SAMPLE = 80
_PHONE = re.compile(r"(?:\+|00)?[\d(][\d\s()\-.+/、,;]{5,60}")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?|0086)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)|\+\d{1,3}[- ()\d]{7,}")
_ID = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]")
_DATE = re.compile(
    r"(?:19|20)?\d{2}\s*[年.\-/]\s*\d{1,2}(?:\s*[月.\-/]\s*(?:\d{1,2}日?)?)?|(?:19[3-9]|200)\d{3}(?:\d{2})?"
)
_PERSON = re.compile(f"[{HAN}·]{{2,5}}")
_ENGLISH_PERSON = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr)\.? )?[A-Z][A-Za-z'’\-]+,? (?:[A-Z][A-Za-z'’.\-]*,? ?){1,3}"
)
_PROVINCES = (
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 "
    "广州 深圳 东莞 佛山 珠海 中山 惠州 杭州 宁波 温州 嘉兴 绍兴 金华 义乌 台州 苏州 无锡 常州 南京 南通 昆山 扬州 徐州 盐城 厦门 福州 泉州 武汉 长沙 成都 西安 郑州 济南 青岛 烟台 合肥 芜湖 "
    "昆明 贵阳 南昌 沈阳 大连 哈尔滨 长春 石家庄 太原 南宁 海口 三亚 兰州 乌鲁木齐 呼和浩特 拉萨 银川 西宁 台北 高雄 纽约 洛杉矶 旧金山 新加坡 东京 伦敦 巴黎 美国 加拿大 日本 英国 澳大利亚 德国 法国 "
    "马来西亚 泰国 意大利 西班牙 华盛顿 硅谷 墨尔本 悉尼 温哥华 多伦多 新西兰 韩国"
).split()  # fmt: skip
_COUNTRIES = re.compile(
    "中国香港|中国澳门|中国台湾|香港|澳门|台湾|美国|加拿大|英国|法国|德国|日本|韩国|新加坡|马来西亚|泰国|越南|印度尼西亚|印尼|菲律宾|柬埔寨|缅甸|老挝|印度|澳大利亚|澳洲|新西兰|意大利|西班牙|葡萄牙|荷兰|瑞士|俄罗斯|"
    "阿联酋|迪拜|沙特|土耳其|南非|尼日利亚|肯尼亚|巴西|墨西哥|阿根廷|hong kong|macau|taiwan|usa|us|singapore|canada|uk|australia|japan"
)
_INDUSTRY = re.compile(
    "电子|环保|纺织|食品|装备|包装|光电|材料|供应链|生物|机械|医药|医疗|汽车|物流|房地产|地产|金融|教育|服装|建筑|贸易|农业|餐饮|互联网|软件|能源|化工|科技|制造|信息|文化|旅游|健康|半导体|芯片|新能源|"
    "投资|零售|传媒|广告|家居|家具|五金|塑料|印刷|模具|通信|人工智能|大数据|航天|制刷|茶叶|养殖|种植|矿|钢铁|石材|装饰|装修|酒店|法律|咨询|设计|电商|跨境"
)


def shares(values: Sequence[Cell], gazetteer: Gazetteer) -> dict[str, float]:
    """For each field the share of `values` (0 to 1) that look like it; empty and 同上 do not count."""
    said = [value for value in values if not says_nothing(written(value)) and written(value) not in DITTO][
        :SAMPLE
    ]
    if not said:
        return {}
    texts = [plain(written(value)) for value in said]
    found = {field: sum(map(test, texts)) / len(texts) for field, test in _TESTS.items()}
    found["native_place"] = sum(gazetteer.find(text) is not None for text in texts) / len(texts)
    found["birth"] = sum(map(_is_birth, said, texts)) / len(texts)
    found["serial"] = _serial(texts)
    found["distinct"] = len(set(texts)) / len(texts)
    found["count"] = float(len(texts))
    return found


def _is_phone(text: str) -> bool:
    return bool(_MOBILE.search(text) or _LANDLINE.search(text)) and not _ID.search(text) and len(text) < 120


def _is_number_for_calling(text: str) -> bool:
    """Numbers without a known shape, as in overseas lists; serials and dates are shorter."""
    return (
        bool(_PHONE.fullmatch(text))
        and len(re.sub(r"\D", "", text)) >= 8
        and not _ID.fullmatch(text)
        and not _DATE.fullmatch(text)
    )


def _is_name(text: str) -> bool:
    if len(text) > 24 or is_chamber_office(text) or is_organization(text) or EMAIL.search(text):
        return False
    name = name_in(text).name
    if not _PERSON.fullmatch(name) or not opens_with_surname(name) or len(name) > 4:
        return False
    return not is_city(name) and not (
        _INDUSTRY.search(name) and len(name) <= 4 and not opens_with_surname(name[0])
    )


def is_city(text: str) -> bool:
    """Whether `text` begins with a province, a large city or a country abroad."""
    same = simplified(tight(text))
    return len(same) <= 12 and any(same.startswith(place) for place in _PROVINCES)


def _is_birth(value: Cell, text: str) -> bool:
    if isinstance(value, dt.date):
        return 1925 <= value.year <= 2012
    if isinstance(value, float) and not 1925 < value < 2013 and not 190000 < value < 20130000:
        return False
    return bool(_DATE.fullmatch(tight(text))) and (birth_in(value).year or 0) in range(1925, 2013)


def _serial(texts: Sequence[str]) -> float:
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,5}", text)]
    if len(numbers) < len(texts) * 0.8:
        return 0.0
    rising = sum(later - earlier in (0, 1) for earlier, later in itertools.pairwise(numbers))
    return (rising + 1) / len(texts)


def _is_post(text: str) -> bool:
    if not is_strong_organization(text) and not is_title(text[-4:]):
        return False
    post = post_in(text)
    return bool(post.organization and post.title)


_TESTS: dict[str, Callable[[str], bool]] = {
    "phones": _is_phone,
    "numbers": _is_number_for_calling,
    "email": lambda text: bool(EMAIL.search(text)),
    "gender": lambda text: gender_in(text) is not None and not text.isdigit(),
    "id_number": lambda text: bool(_ID.fullmatch(text)),
    "name": _is_name,
    "name_en": lambda text: (
        bool(_ENGLISH_PERSON.fullmatch(text)) and not is_organization(text) and not is_title(text)
    ),
    "organization": is_organization,
    "strong_organization": is_strong_organization,
    "title": lambda text: is_title(text) and not is_organization(text),
    "chamber_title": is_chamber_office,
    "post": _is_post,
    "city": is_city,
    "region": lambda text: bool(_COUNTRIES.fullmatch(simplified(text).lower())),
    "industry": lambda text: (
        len(text) <= 12 and bool(_INDUSTRY.search(simplified(text))) and not is_organization(text)
    ),
    "town": lambda text: bool(re.fullmatch(f"[{HAN}]{{1,6}}(?:镇|乡|街道|鎮|鄉)", text)),
}
