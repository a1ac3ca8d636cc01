"""Which country or region a piece of text points to, to read a phone number without its code."""

import re
from functools import lru_cache

from yishang_crm.people.importing.cells.writing import plain, simplified

_WORDS = {
    "HK": "中国香港 香港 港澳 九龙 新界 hongkong hk 中环",
    "MO": "中国澳门 澳门 macau macao",
    "TW": "中国台湾 中国台北 台湾 臺湾 台北 臺北 新北 桃园 台中 臺中 台南 臺南 高雄 新竹 taiwan taipei tw",
    "US": "美国 华盛顿 纽约 旧金山 洛杉矶 硅谷 芝加哥 休斯敦 休斯顿 波士顿 西雅图 达拉斯 亚特兰大 加州 费城 新泽西 usa us unitedstates "
    "newyork washington losangeles sanfrancisco california america",
    "CA": "加拿大 温哥华 多伦多 蒙特利尔 canada toronto vancouver",
    "SG": "新加坡 狮城 singapore sg",
    "MY": "马来西亚 吉隆坡 malaysia kualalumpur",
    "TH": "泰国 曼谷 thailand bangkok",
    "ID": "印度尼西亚 印尼 雅加达 indonesia jakarta",
    "VN": "越南 河内 胡志明 vietnam",
    "PH": "菲律宾 马尼拉 philippines",
    "KH": "柬埔寨 金边 cambodia",
    "MM": "缅甸 仰光 myanmar",
    "LA": "老挝 万象 laos",
    "JP": "日本 东京 大阪 横滨 名古屋 japan tokyo osaka",
    "KR": "韩国 首尔 釜山 korea seoul",
    "IN": "印度 孟买 新德里 india",
    "GB": "英国 伦敦 曼彻斯特 uk unitedkingdom england london britain",
    "DE": "德国 柏林 慕尼黑 法兰克福 汉堡 germany berlin",
    "FR": "法国 巴黎 france paris",
    "IT": "意大利 米兰 罗马 普拉托 italy milan",
    "ES": "西班牙 马德里 巴塞罗那 spain madrid",
    "PT": "葡萄牙 里斯本 portugal",
    "NL": "荷兰 阿姆斯特丹 netherlands",
    "CH": "瑞士 苏黎世 switzerland",
    "SE": "瑞典 sweden",
    "RU": "俄罗斯 莫斯科 russia moscow",
    "AU": "澳大利亚 澳洲 悉尼 墨尔本 布里斯班 australia sydney melbourne",
    "NZ": "新西兰 奥克兰 newzealand auckland",
    "AE": "阿联酋 迪拜 uae dubai",
    "SA": "沙特 saudi",
    "TR": "土耳其 turkey",
    "ZA": "南非 约翰内斯堡 southafrica",
    "NG": "尼日利亚 nigeria",
    "KE": "肯尼亚 kenya",
    "BR": "巴西 圣保罗 brazil",
    "MX": "墨西哥 mexico",
    "AR": "阿根廷 argentina",
    "CN": "中国 大陆 内地 国内 china",
}
_CHINESE = {word: code for code, words in _WORDS.items() for word in words.split() if not word.isascii()}
_LATIN = {word: code for code, words in _WORDS.items() for word in words.split() if word.isascii()}
_ANY_CHINESE = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))
_ANY_LATIN = re.compile("(?<![a-z])(?:{})(?![a-z])".format("|".join(sorted(_LATIN, key=len, reverse=True))))


@lru_cache(maxsize=4096)
def region_of(text: str) -> str | None:
    """ISO code of the first country or region named in `text`; None where none is."""
    if not text:
        return None
    if chinese := _ANY_CHINESE.search(simplified(text)):
        return _CHINESE[chinese[0]]
    latin = plain(text).lower()
    latin = re.sub(r"\b(hong|new|los|san|united|kuala|south) (?=[a-z])", r"\1", latin)
    latin = latin.replace("u.s.a.", "usa").replace("u.s.", "us")
    found = _ANY_LATIN.search(latin)
    return _LATIN[found[0]] if found else None
