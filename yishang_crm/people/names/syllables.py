"""One character, its syllables: pypinyin's table of characters, read without its phrases (14 MB and 40 MB less)."""

import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern

# Characters of given names that are read in more than one way; the likeliest in a name first.
_GIVEN = """
长 cháng zhǎng|乐 lè yuè|朝 cháo zhāo|重 chóng zhòng|行 xíng háng|晟 shèng chéng|茜 qiàn xī|莘 xīn shēn|柏 bǎi bó|曾 zēng céng
单 dān shàn|藏 cáng zàng|娜 nà nuó|颉 jié xié|传 chuán zhuàn|仔 zǎi zǐ|参 cān shēn|奇 qí jī|石 shí dàn|泊 bó pō|率 shuài lǜ
绿 lǜ lù|露 lù lòu|蕃 fān bō|车 chē jū|贾 jiǎ gǔ|降 jiàng xiáng|禅 chán shàn|蔚 wèi yù|拓 tuò tà|莞 guǎn wǎn|炅 jiǒng guì
珩 héng háng|栖 qī xī|嬛 huán xuān|泷 lóng shuāng|弥 mí|谷 gǔ yù|薄 bó báo|会 huì kuài|还 huán hái|那 nà nuó|朴 pǔ piáo
解 jiě xiè|查 chá zhā|覃 tán qín|盛 shèng chéng|翟 dí zhái|卜 bǔ bo|和 hé huò|华 huá huà|任 rèn rén|应 yìng yīng|宿 sù xiǔ
区 qū ōu|缪 miù móu miào|大 dà dài|见 jiàn xiàn|宓 mì fú|晁 cháo|隗 wěi kuí|为 wéi wèi|说 yuè shuō|得 dé|地 dì|的 dí de|着 zhe zhuó
了 liǎo le|么 me|尉 wèi yù|调 tiáo diào|度 dù duó|恶 è wù|冠 guān guàn|浩 hào|鹄 hú gǔ|虹 hóng jiàng|桦 huà huá|纪 jì jǐ
偲 sī cāi|峤 qiáo jiào|洁 jié|瑾 jǐn|劲 jìn jìng|龟 guī jūn|菁 jīng|倞 jìng liàng|俊 jùn|隽 juàn jùn|珏 jué yù|凯 kǎi|铿 kēng
乾 qián gān|茄 jiā qié|伽 jiā qié gā|强 qiáng jiàng|翘 qiáo qiào|趣 qù|若 ruò|散 sàn|色 sè|杉 shān shā|少 shào shǎo|折 zhé shé
什 shí shén|适 shì kuò|遂 suì|漯 luò tà|沓 tà dá|迢 tiáo|瑱 tiàn zhèn|佗 tuó|吾 wú|洗 xiǎn xǐ|系 xì jì|巷 xiàng hàng|校 xiào jiào
省 xǐng shěng|旋 xuán xuàn|峪 yù|俞 yú|彧 yù|员 yuán yùn|媛 yuàn yuán|筠 yún jūn|载 zài zǎi|扎 zhā zā|炸 zhà|占 zhàn zhān|殖 zhí
祉 zhǐ|中 zhōng zhòng|仲 zhòng|粥 zhōu yù|著 zhù zhuó|琢 zhuó zuó|子 zǐ|作 zuò|正 zhèng zhēng|胜 shèng|兴 xīng xìng|好 hǎo hào
玙 yú|韫 yùn|佚 yì dié|轶 yì|亘 gèn xuān|镐 hào gǎo|禺 yú|洋 yáng|喆 zhé|骁 xiāo|铭 míng|祎 yī huī|祯 zhēn|忱 chén|芃 péng
荷 hé hè|畅 chàng|倩 qiàn|燕 yàn yān|相 xiāng xiàng|思 sī|闰 rùn|屏 píng bǐng|宁 níng nìng|卒 zú|数 shù|识 shí zhì|曲 qǔ qū
观 guān guàn|郇 xún huán|歙 shè xī|枞 zōng cōng|亳 bó|六 liù lù|瑒 chàng yáng|炀 yáng|玚 chàng yáng|鋆 yún jūn|妤 yú|尧 yáo
咸 xián|术 shù zhú|几 jǐ jī|万 wàn mò|车 chē jū|圩 wéi xū|堡 bǎo pù|涡 wō guō|浚 jùn xùn|澄 chéng dèng|济 jǐ jì|勒 lè|累 lěi
"""


def reading_of(character: str) -> str:
    """The usual reading with its tone mark; "" for what is no Chinese character or is not known."""
    given = _given().get(character)
    return given[0] if given else _characters().get(character, "")


def readings_of_given(character: str) -> tuple[str, ...]:
    """How a character is read in a given name, the likeliest first; empty when not known."""
    given = _given().get(character)
    if given:
        return given
    usual = _characters().get(character)
    return (usual,) if usual else ()


@lru_cache(maxsize=4096)
def plain(syllable: str) -> str:
    """Without tone and hat, as typed: lǚ is lv, lüè is lve."""
    letters = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "v").replace("ê", "e")
    return "".join(letter for letter in letters if "a" <= letter <= "z")


@lru_cache(maxsize=1)
def _given() -> dict[str, tuple[str, ...]]:
    entries = (entry.split() for entry in _GIVEN.strip().replace("\n", "|").split("|"))
    return {entry[0]: tuple(entry[1:]) for entry in entries}


@lru_cache(maxsize=1)
def _characters() -> dict[str, str]:
    """Character to usual reading. The package itself is not imported: it would load its phrases."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    table = json.loads(Path(spec.origin).with_name("pinyin_dict.json").read_text(encoding="utf-8"))
    return {chr(int(code)): intern(ways.partition(",")[0]) for code, ways in table.items()}
