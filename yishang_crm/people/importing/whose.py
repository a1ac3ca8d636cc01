"""Whose number it is, by what stands beside it or over its column: 秘书, 司机, 夫人, 办公室. Labels as `ContactLabel` has them."""

import re

from yishang_crm.people.importing.cells.regions import region_of
from yishang_crm.people.importing.cells.writing import simplified

OWN, OFFICE = "self", "office"
_SOMEBODY = (
    ("secretary", re.compile("秘书|文秘|助理|(?<!紧急)联系人|联络人|联络员|secretary|assistant", re.IGNORECASE)),
    ("driver", re.compile("司机|驾驶员|driver", re.IGNORECASE)),
    ("spouse", re.compile("配偶|夫人|爱人|太太|妻子|老婆|丈夫|老公|spouse|wife|husband", re.IGNORECASE)),
)  # fmt: skip
_AT_WORK = re.compile("办|公司|单位|企业|总机|前台|厂|office", re.IGNORECASE)
# Words that say what kind of number it is, not whose.
_KIND = re.compile(
    "本人|自己|手机|移动|手提|行动|电话|电話|号码|联系|联络|方式|国内|国外|海外|境外|内地|大陆|常用|备用|微信|同号|座机|固定|固话|长号|短号|"
    "住宅|私人|工作|区号|分机|直线|热线|另有|姓名|总机|办公室?|公司|单位|企业|前台|"
    "mobile|phone|cell|office|direct|wechat|tel|[家宅新旧老主副机号办厂港澳台或另线]|(?<![a-z])[a-z](?![a-z])",
    re.IGNORECASE,
)
# A contact or an assistant is kept among the secretaries, so that the word itself is worth keeping.
_MORE_THAN_THE_LABEL = ("助理", "联系人", "联络人", "联络员")
_MOBILE = re.compile(r"\+861[3-9]\d{9}")


def whose(label: str, phone: str = "") -> str:
    """`secretary`, `driver`, `spouse`, `office`, or `self`. A mobile is nobody's office."""
    said = simplified(label)
    for known, words in _SOMEBODY:
        if words.search(said):
            return known
    return OFFICE if _AT_WORK.search(said) and phone and not _MOBILE.fullmatch(phone) else OWN


def word_in(header: str) -> str:
    """The word of a header that says whose the numbers below are: 秘书 of 秘书联系电话; nothing where they are one's own."""
    said = simplified(header)
    return next((found[0] for _known, words in _SOMEBODY if (found := words.search(said))), "")


def holder(label: str) -> str:
    """Who answers it: 王芳 of 秘书王芳, 王秘书, 联系人; nothing where the label alone says it."""
    said = simplified(label)
    word = word_in(said)
    name = _KIND.sub("", said.removeprefix(word)) if word else ""
    return (name or (word if word in _MORE_THAN_THE_LABEL else ""))[:40]


def is_clear(label: str) -> bool:
    """Whether one's own number may be labelled so without a doubt whose it is."""
    return not label or region_of(label) is not None or not _KIND.sub("", simplified(label))
