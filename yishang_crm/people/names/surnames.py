"""Where a surname ends, and how it is read: pypinyin alone reads 查 cha, 单 dan, 翟 di."""

import re
from functools import lru_cache

from yishang_crm.people.names.keys import is_han, simplified_key
from yishang_crm.people.names.syllables import plain, reading_of

# Each with its readings, the likeliest first; those without a `/` are read only one way.
_COMPOUND = """
欧阳 ōu yáng|司马 sī mǎ|诸葛 zhū gě/zhū gé|上官 shàng guān|司徒 sī tú|东方 dōng fāng|独孤 dú gū|南宫 nán gōng
万俟 mò qí/wàn sì/wàn qí|闻人 wén rén|夏侯 xià hóu|尉迟 yù chí/wèi chí|公羊 gōng yáng|赫连 hè lián
澹台 tán tái/dàn tái|皇甫 huáng fǔ|宗政 zōng zhèng|濮阳 pú yáng|公冶 gōng yě|太叔 tài shū|申屠 shēn tú
公孙 gōng sūn|慕容 mù róng|仲孙 zhòng sūn|钟离 zhōng lí|长孙 zhǎng sūn/cháng sūn|宇文 yǔ wén|司空 sī kōng
鲜于 xiān yú|闾丘 lǘ qiū|令狐 líng hú/lìng hú|淳于 chún yú|单于 chán yú/shàn yú/dān yú|呼延 hū yán|端木 duān mù
百里 bǎi lǐ|东郭 dōng guō|南门 nán mén|西门 xī mén|第五 dì wǔ|公西 gōng xī|乐正 yuè zhèng/lè zhèng
羊舌 yáng shé|微生 wēi shēng|梁丘 liáng qiū|左丘 zuǒ qiū|轩辕 xuān yuán|拓跋 tuò bá|完颜 wán yán|纳兰 nà lán
叶赫 yè hè|亓官 qí guān|司寇 sī kòu|子车 zǐ jū|颛孙 zhuān sūn|壤驷 rǎng sì|漆雕 qī diāo|谷梁 gǔ liáng|段干 duàn gān
巫马 wū mǎ|公良 gōng liáng|夹谷 jiá gǔ|宰父 zǎi fǔ|东门 dōng mén|南郭 nán guō|北宫 běi gōng|爱新觉罗 ài xīn jué luó
"""

# Surnames that are read in a way of their own, or are often misread; the likeliest first.
_SINGLE = """
单 shàn dān chán|仇 qiú chóu|曾 zēng céng|查 zhā chá|解 xiè jiě|区 ōu qū|朴 piáo pǔ|盖 gě gài|翟 zhái dí|缪 miào móu mù
乐 yuè lè|任 rén rèn|华 huà huá|种 chóng zhǒng|秘 bì mì|冼 xiǎn|逄 páng féng|召 shào zhào|燕 yān yàn|应 yīng|那 nā nà
过 guō guò|宁 níng nìng|员 yùn yuán|贠 yùn yuán|洗 xiǎn xǐ|折 shé zhé|黑 hè hēi|盛 shèng chéng|卜 bǔ|覃 qín tán
隗 wěi kuí|谌 chén shèn|阚 kàn|郗 xī chī|牟 móu mù|繁 pó fán|眭 suī|尹 yǐn|纪 jǐ jì|葛 gě gé|哈 hǎ hā|俞 yú|沈 shěn
柏 bǎi bó|薄 bó báo|车 chē jū|句 gōu jù|勾 gōu|佴 nài èr|厍 shè|库 shè kù|干 gān gàn|相 xiàng xiāng|能 nài néng
费 fèi bì|郇 xún huán|亓 qí|冯 féng|贾 jiǎ gǔ|祭 zhài jì|会 guì huì|晁 cháo|郄 qiè xì|郤 xì|都 dū dōu|曲 qū|撒 sǎ sà
宿 sù xiǔ|隽 juàn jùn|谷 gǔ|幺 yāo|么 yāo|见 jiàn|强 qiáng jiǎng|占 zhān zhàn|詹 zhān|臧 zāng|藏 zāng cáng|尉 wèi yù
蔚 yù wèi|要 yāo yào|叶 yè|殷 yīn|於 yū yú|于 yú|余 yú|乜 niè miē|粘 nián zhān|宓 mì fú|万 wàn|訾 zī zǐ|鲜 xiān
炅 guì jiǒng|石 shí|涂 tú|逯 lù|褚 chǔ zhǔ|操 cāo|阙 quē què|亢 kàng|湛 zhàn|台 tái|镡 tán xín|乾 qián gān|六 lù liù
陆 lù|阮 ruǎn|冒 mào mò|仉 zhǎng|圈 juàn quān|苑 yuàn yuǎn|弋 yì|睢 suī|长 zhǎng cháng|行 xíng háng|角 jué jiǎo
观 guàn guān|洪 hóng|莘 shēn xīn|肖 xiāo xiào|五 wǔ|便 piān biàn|适 kuò shì|大 dài dà|朱 zhū|祝 zhù|蒙 méng|奇 qí jī
将 jiàng jiāng|教 jiào jiāo|重 chóng zhòng|中 zhōng|兴 xìng xīng|呙 guō wāi|郏 jiá|妫 guī|不 fōu bù|难 nàn nán|邓 dèng
钭 tǒu dǒu|麦 mài|汤 tāng|吕 lǚ|闾 lǘ|郝 hǎo|隋 suí|信 xìn|红 hóng|瞿 qú|戚 qī|焦 jiāo|居 jū|龙 lóng|麻 má|令 lìng líng
"""

# Surnames of one character, to see two of them in a row and to tell a surname from a given name.
_KNOWN = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元顾孟平黄和穆萧尹姚邵湛汪祁毛狄贝明臧成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席麻强贾路娄江童颜郭梅盛林钟徐邱骆高"
    "夏蔡田樊胡凌霍虞万柯管卢莫房缪解应宗丁宣邓郁单洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦侯全仇甘武符刘景詹龙叶黎白蒲赖卓池乔谭温庄柴瞿阎连习"
    "向古易廖耿匡文欧聂晁简饶曾关查游权盖岳区肖闫付代覃邝麦伦岑疏操檀琚产"
)

_LATIN_SURNAMES = frozenset(  # Hong Kong, Taiwan and the south-east spell theirs in ways of their own
    "wong chan cheung lee lam ng ho kwok leung chow yeung tsang tang lau tsui yip hui fung tse lai yu chiu kwan so siu "
    "chu poon mok choi law tam kwong yuen fong szeto auyeung chung hung hsu hsieh tsai chiang kuo teng huang chang "
    "cheng chien liao tseng ou shih yeh tung lo pan tan lim goh koh ong teo chua".split()
)


def _table(text: str) -> dict[str, str]:
    entries = (entry.partition(" ") for entry in text.strip().replace("\n", "|").split("|"))
    return {surname: readings for surname, _, readings in entries}


COMPOUND: dict[str, list[tuple[str, ...]]] = {
    surname: [tuple(reading.split()) for reading in readings.split("/")]
    for surname, readings in _table(_COMPOUND).items()
}
SINGLE: dict[str, tuple[str, ...]] = {
    surname: tuple(readings.split()) for surname, readings in _table(_SINGLE).items()
}
_KNOWN_ONES = frozenset(_KNOWN)


def surname_of(name: str) -> str:
    """The surname as it is written in the (clean) name.

    欧阳 of 欧阳明; 陈方 of 陈方安生 (married, Hong Kong); 阿依夏 of 阿依夏·买买提, where the first part is what one is
    called by; Chen of David Chen and Wang of Wang Yanzhou.
    """
    name = name.strip()
    if not name:
        return ""
    if not is_han(name[0]):
        return _latin_surname(name)
    if "·" in name:
        return name.split("·", 1)[0]
    key = simplified_key(name)
    if len(key) != len(name):  # a mixed name such as 王David: only the first character is sure
        return name[0]
    for length in (4, 2):
        if len(key) > length and key[:length] in COMPOUND:
            return name[:length]
    if key in COMPOUND:  # known by the surname alone
        return name
    return name[:2] if _married(key) else name[0]


def family_of(name: str) -> str:
    """What one says before a title: 陈 of 陈方安生 (陈总), else the surname."""
    surname = surname_of(name)
    if "·" in name or not is_han(surname) or simplified_key(surname) in COMPOUND:
        return surname
    return surname[0]


def _married(key: str) -> bool:
    return len(key) == 4 and key[0] in _KNOWN_ONES and key[1] in _KNOWN_ONES


def _latin_surname(name: str) -> str:
    if "," in name:
        return name.split(",", 1)[0].strip()
    words = name.split()
    shouted = [word for word in words if len(word) > 1 and word.isalpha() and word.isupper()]
    if len(shouted) == 1:  # CHAN Tai Man
        return shouted[0]
    return words[0] if _reads_as_surname(words[0]) else words[-1]


def _reads_as_surname(word: str) -> bool:
    word = re.sub(r"[^a-z]", "", word.lower())
    return word in _LATIN_SURNAMES or word in _pinyin_surnames()


@lru_cache(maxsize=1)
def _pinyin_surnames() -> frozenset[str]:
    single = {plain((SINGLE.get(character) or (reading_of(character),))[0]) for character in _KNOWN_ONES}
    compound = {"".join(map(plain, ways[0])) for ways in COMPOUND.values()}
    return frozenset(single | compound | {"lu", "lyu"})  # 吕 as typed, and as in a passport
