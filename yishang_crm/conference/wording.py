"""What letters of invitation say, in the language of their reader; never in that of whoever makes them.

An edition may bring paragraphs of its own. Placeholders are a closed list, replaced once as plain text, so that a guest
called {venue} stays {venue}. Our own words are converted to traditional script where no others were given; names never are.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yishang_crm.conference.models import Edition
from yishang_crm.core.clock import local

LANGUAGES = ("zh_Hans", "zh_Hant", "en")

# The frame of such letters (domain.md §2.4); the last paragraph is the closing.
PARAGRAPHS: dict[str, tuple[str, ...]] = {
    "zh_Hans": (
        "金风送爽，丹桂飘香。为叙乡谊、聚乡贤、话发展，兹定于{when}，在{venue}举办{edition}。",
        "素仰您情系桑梓、热心家乡建设，诚邀您拨冗莅临，共商发展大计。{register}",
        "敬请于{reply_until}前扫码或致电反馈回执。",
        "专此函达，敬候佳音。",
    ),
    "en": (
        "We have the honour to invite you to the {edition}, which will open on {when} at {venue}.",
        (
            "Knowing your attachment to your home city, we should be delighted to welcome you among fellow natives "
            "of Anqing and to talk with you about its future."
        ),
        "Kindly let us have your reply by {reply_until}.",
        "Yours sincerely,",
    ),
}
PLACEHOLDERS = ("edition", "when", "venue", "register", "reply_until")


@dataclass(frozen=True)
class Wording:
    """The fixed words of a letter and of the mail that carries it."""

    title: str
    file_name: str
    subject: str
    asks: str
    by_code: str
    button: str
    attached: str
    liaison: str
    office: str


_WORDING = {
    "zh_Hans": Wording(
        title="邀请函",
        file_name="邀请函{number}号",
        subject="{edition}邀请函",
        asks="请点开下面的链接答复，不用注册，也不用装软件：",
        by_code="链接打不开，可在浏览器里打开 {host}，输入回执码 {code}；也可以直接打电话，我们替您登记。",
        button="答复这份邀请",
        attached="附件：邀请函（PDF），可直接打印。",
        liaison="联络员",
        office="会务组",
    ),
    "en": Wording(
        title="INVITATION",
        file_name="Invitation {number}",
        subject="Invitation to the {edition}",
        asks="Please reply by the link below; no account and no software is needed:",
        by_code="If the link does not open, go to {host} and enter the code {code}, or simply give us a call.",
        button="Reply to this invitation",
        attached="Attached: the letter of invitation (PDF).",
        liaison="Contact",
        office="Conference office",
    ),
}


def wording(language: str) -> Wording:
    if language != "zh_Hant":
        return _WORDING[language]
    said = {name: in_script(text, language) for name, text in vars(_WORDING["zh_Hans"]).items()}
    return Wording(**said)


def paragraphs(edition: Edition, language: str) -> list[str]:
    """The paragraphs of the letter with their placeholders filled; the last one is the closing."""
    facts = facts_of(edition, language)
    own = (edition.texts or {}).get(language)
    if own:
        return [filled(text, facts) for text in own]
    if language == "zh_Hant":
        return [in_script(text, language) for text in paragraphs(edition, "zh_Hans")]
    return [filled(text, facts) for text in PARAGRAPHS[language]]


def facts_of(edition: Edition, language: str) -> dict[str, str]:
    """What the placeholders stand for."""
    return {
        "edition": edition_name(edition, language),
        "when": when(edition.starts_at, language),
        "venue": edition.venue_en or edition.venue
        if language == "en"
        else in_script(edition.venue, language),
        "register": "" if language == "en" else in_script(edition.register_note, language),
        "reply_until": long_day(edition.reply_until, language),
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each known placeholder replaced, once, from left to right; what is unknown stays as it stands."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: values.get(found[1], found[0]), text)


def edition_name(edition: Edition, language: str) -> str:
    return edition.name_en or edition.name if language == "en" else in_script(edition.name, language)


def organizer(edition: Edition, language: str) -> str:
    return edition.organizer_en if language == "en" else in_script(edition.organizer, language)


def letter_number(edition: Edition, number: int, language: str = "zh_Hans") -> str:
    """`宜商邀〔2026〕417号`: six-angle brackets, no leading zeros (domain.md §2.4); in English `No. 417 (2026)`."""
    if language == "en":
        return f"No. {number} ({edition.letter_year})"
    return in_script(f"{edition.series}〔{edition.letter_year}〕{number}号", language)


def when(moment: dt.datetime, language: str) -> str:
    """`2026年9月24日（星期四）上午9时`, `9:00 a.m. on Thursday, 24 September 2026`."""
    at = local(moment)
    if language == "en":
        half = "a.m." if at.hour < 12 else "p.m."
        return f"{_ENGLISH_DAYS[at.weekday()]}, {long_day(at.date(), language)}, at {(at.hour - 1) % 12 + 1}:{at:%M} {half}"
    half = "上午" if at.hour < 12 else "下午"
    hour = at.hour if at.hour <= 12 else at.hour - 12
    minutes = f"{at.minute}分" if at.minute else ""
    said = f"{long_day(at.date())}（星期{'一二三四五六日'[at.weekday()]}）{half}{hour}时{minutes}"
    return in_script(said, language)


def long_day(day: dt.date, language: str = "zh_Hans") -> str:
    """`2026年9月14日`, without leading zeros (GB/T 9704); `14 September 2026`."""
    if language == "en":
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def in_script(text: str, language: str) -> str:
    """Our own words in the script of the letter."""
    return str(_traditional().convert(text)) if language == "zh_Hant" and text else text


@lru_cache(maxsize=1)
def _traditional() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


# Not the system's locale: a letter must not change with the machine it is made on.
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
