"""One line about a contact, taken apart: with whom, how, what was said, what comes next and when."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yishang_crm.followup.dates import plain, spoken, weekday_name
from yishang_crm.followup.sentence.chips import BOUNDARY, Chip, ChipKind, masked, stands_alone, text_without
from yishang_crm.followup.sentence.head import Head, HeadReader
from yishang_crm.followup.sentence.names import Candidate, PeopleLookup, Roll, Unclear
from yishang_crm.followup.sentence.promise import Promise, find_promise
from yishang_crm.followup.sentence.words import CHANNEL_WORDS, HAN_WORD, TELLING
from yishang_crm.followup.workdays import WorkCalendar

__all__ = ["CHANNEL_WORDS", "Candidate", "Chip", "ChipKind", "PeopleLookup", "Said", "Unclear", "parse"]

MOST_PEOPLE_ASKED = 40
MOST_COLLEAGUES_ASKED = 10


@dataclass(frozen=True)
class Said:
    """What a line says. `sentence` is the line as typed; `text` is what is left without the chips.

    `unclear` waits for a choice (`chosen={token: id}`); `unknown` reads like a name that nobody has.
    `channel` and `happened_on` are None if the line does not tell.
    """

    sentence: str
    text: str
    people: tuple[Candidate, ...]
    unclear: tuple[Unclear, ...]
    unknown: tuple[str, ...]
    channel: str | None
    tags: tuple[str, ...]
    colleagues: tuple[Candidate, ...]
    happened_on: dt.date | None
    next_on: dt.date | None
    next_at: dt.time | None
    next_what: str
    next_by: bool
    next_vague: bool
    chips: tuple[Chip, ...]


def parse(
    sentence: str,
    *,
    today: dt.date,
    calendar: WorkCalendar,
    people: PeopleLookup,
    colleagues: PeopleLookup | None = None,
    channels: Mapping[str, str] = CHANNEL_WORDS,
    on_page: Candidate | None = None,
    chosen: Mapping[str, int] | None = None,
) -> Said:
    """Take one line apart. Never raises on any text.

    `on_page` is the person whose page it is typed on; the line then needs no name.
    `chosen` answers what was unclear before, by token (`余秉衡`, `@查`); an id not among the candidates
    is not taken.
    """
    chosen = chosen or {}
    chips, tags = _tags(sentence)
    with_whom = _colleagues(
        masked(sentence, chips), chips, Roll(colleagues, chosen, most=MOST_COLLEAGUES_ASKED)
    )
    head = HeadReader(
        words=masked(sentence, chips),
        roll=Roll(people, chosen, most=MOST_PEOPLE_ASKED),
        channels=channels,
        today=today,
        calendar=calendar,
        preset=on_page is not None,
    ).read()
    chips += head.chips
    promise = find_promise(masked(sentence, chips), today=today, calendar=calendar)
    if promise:
        chips.append(_next_chip(promise, masked(sentence, chips, but_kept=True), today))
    channel = head.channel or _channel_in_the_rest(sentence, chips, head, channels)
    chips.sort(key=lambda chip: chip.span)
    named = [on_page] if on_page else []
    named += [one for one in head.named if isinstance(one, Candidate)]
    unclear = [one for one in head.named if isinstance(one, Unclear)]
    return Said(
        sentence=sentence,
        text=text_without(sentence, chips),
        people=tuple(dict.fromkeys(named)),
        unclear=tuple(dict.fromkeys(unclear + [one for one in with_whom if isinstance(one, Unclear)])),
        unknown=tuple(head.unknown),
        channel=channel,
        tags=tuple(dict.fromkeys(tags)),
        colleagues=tuple(dict.fromkeys(one for one in with_whom if isinstance(one, Candidate))),
        happened_on=head.happened_on,
        next_on=promise.date.day if promise else None,
        next_at=promise.date.time if promise else None,
        next_what=promise.what if promise else "",
        next_by=promise.date.by if promise else False,
        next_vague=promise.date.vague if promise else False,
        chips=tuple(chips),
    )


# 3#楼 and C# are no tags, a@b.cn is no colleague.
_TAG = re.compile(rf"(?<![A-Za-z0-9#＃])[#＃]([^{BOUNDARY}#＃@＠]{{1,30}})(?:[#＃](?=[{BOUNDARY}]|$))?")
_AT = re.compile(r"(?<![A-Za-z0-9._])[@＠]([^\s、，,;；:：。！!？?…\x00#＃@＠]{1,30})")


def _tags(sentence: str) -> tuple[list[Chip], list[str]]:
    hits = list(_TAG.finditer(sentence))
    return [Chip(ChipKind.TAG, m[1], m.span()) for m in hits], [m[1] for m in hits]


def _colleagues(words: str, chips: list[Chip], roll: Roll) -> list[Candidate | Unclear]:
    """Everyone behind an @, with their chips; a name run together with text is found by its beginning."""
    found: list[Candidate | Unclear] = []
    for m in _AT.finditer(words):
        named, length = _colleague(m[1], roll)
        span = (m.start(), m.start(1) + length)
        if isinstance(named, Candidate):
            chips.append(Chip(ChipKind.COLLEAGUE, named.name, span))
            found.append(named)
        else:
            candidates = named.candidates if named else ()
            chips.append(Chip(ChipKind.UNCLEAR, f"@{m[1][:length]}", span, kept=not candidates))
            found.append(Unclear(f"@{m[1][:length]}", candidates))
    return found


def _colleague(token: str, roll: Roll) -> tuple[Candidate | Unclear | None, int]:
    named = roll.find(token, marked="@")
    if named or not HAN_WORD.fullmatch(token):
        return named, len(token)
    for length in (4, 3, 2):
        if length < len(token) and (named := roll.find(token[:length], marked="@", exact=True)):
            return named, length
    return None, len(token)


def _next_chip(promise: Promise, words: str, today: dt.date) -> Chip:
    date = promise.date
    label = f"{spoken(date.day, today=today)} {weekday_name(date.day)}"
    if date.time:
        label += f" {date.time:%H:%M}"
    if promise.what:
        label += f" {promise.what}"
    kept = not stands_alone(words, promise.start, promise.end)
    return Chip(ChipKind.NEXT, label, (promise.start, promise.end), kept)


def _channel_in_the_rest(
    sentence: str, chips: list[Chip], head: Head, channels: Mapping[str, str]
) -> str | None:
    """拜访江望之, 江望之电话谈二期, 江望之 谈二期 微信: a channel that did not stand with the names."""
    words = masked(sentence, chips)
    easy = plain(words).lower()
    by_length = sorted(channels, key=len, reverse=True)
    hit = (
        _at(easy, by_length, from_=0, until=min((c.span[0] for c in head.chips), default=0))
        or _standing(easy, channels)
        or _at_the_start(easy, by_length, channels, start=head.end)
        or _at(easy, [word for word in by_length if word in TELLING], from_=head.end)
    )
    if hit is None:
        return None
    word, start = hit
    end = start + len(word)
    alone = stands_alone(masked(sentence, chips, but_kept=True), start, end)
    chips.append(Chip(ChipKind.CHANNEL, sentence[start:end], (start, end), kept=not alone))
    return channels[word]


_FIRST_CLAUSE = re.compile(r"[^，,。;；！!？?\n]*")
_WORD = re.compile(rf"[^{BOUNDARY}]+")
# Words that begin an account when nothing separates them from it; 会议室 and 活动方案 do not.
_BEGINS_AN_ACCOUNT = {"call", "wechat", "visit", "meal", "sms", "email", "video"}


def _standing(easy: str, channels: Mapping[str, str]) -> tuple[str, int] | None:
    return next(((m[0], m.start()) for m in _WORD.finditer(easy) if m[0] in channels), None)


def _at_the_start(
    easy: str, words: list[str], channels: Mapping[str, str], *, start: int
) -> tuple[str, int] | None:
    m = _WORD.search(easy, start)
    if not m:
        return None
    for word in words:
        if m[0].startswith(word) and channels[word] in _BEGINS_AN_ACCOUNT and not word.isascii():
            return word, m.start()
    return None


def _at(easy: str, words: list[str], *, from_: int, until: int | None = None) -> tuple[str, int] | None:
    m = _FIRST_CLAUSE.match(easy, from_)
    end = m.end() if m and until is None else until or 0
    hits = [(at, word) for word in words if (at := easy.find(word, from_, end)) >= 0]
    if not hits:
        return None
    at, word = min(hits, key=lambda hit: (hit[0], -len(hit[1])))
    return word, at
