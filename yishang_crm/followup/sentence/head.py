"""The beginning of the line: who it was with and by which channel, until the first word that is neither."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yishang_crm.followup.dates import find_dates, past_date, plain
from yishang_crm.followup.sentence.chips import BOUNDARY, Chip, ChipKind
from yishang_crm.followup.sentence.names import (
    Candidate,
    Named,
    Roll,
    Unclear,
    may_be_asked,
    reads_like_a_name,
    without_title,
)
from yishang_crm.followup.sentence.words import CONNECTIVES, OPENERS, TITLES
from yishang_crm.followup.workdays import WorkCalendar

_TOKEN = re.compile(rf"[^{BOUNDARY}]+")
_ENDS = re.compile(r"[。！!？?…]")
_TAIL = re.compile(r"(?P<name>.*?)[(（]?(?P<said>手机)?(?P<word>尾号|尾數|尾数)?(?P<digits>\d{4})[)）]?")


@dataclass
class Head:
    """What the beginning of a line told; `end` is where the rest begins."""

    chips: list[Chip] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    channel: str | None = None
    happened_on: dt.date | None = None
    end: int = 0


@dataclass
class HeadReader:
    words: str  # the sentence with tags and colleagues blanked out
    roll: Roll
    channels: Mapping[str, str]
    today: dt.date
    calendar: WorkCalendar
    preset: bool  # on a person's page only full names add somebody
    head: Head = field(default_factory=Head)
    joined_at: int | None = None  # where a 和 between two names stands

    def read(self) -> Head:
        while (m := _TOKEN.search(self.words, self.head.end)) and not _ENDS.search(
            self.words, self.head.end, m.start()
        ):
            if not self._takes(m[0], m.start()):
                break
        return self.head

    def _takes(self, token: str, start: int) -> bool:
        """Understand one token; False where the head ends."""
        end = start + len(token)
        if token in CONNECTIVES:
            self.joined_at, self.head.end = start, end
            return True
        if self._is_channel(token, start):
            return True
        if day := self._day(token):
            if day < self.today and self.head.happened_on is None:
                self.head.happened_on = day
                self._add(ChipKind.WHEN, f"{day.month}月{day.day}日", start, end)
            self.head.end = end
            return True
        if dates := find_dates(token, today=self.today, calendar=self.calendar):
            # 今天和江望之吃饭 has a name in it, 下周三再联系 has none worth asking for.
            opened = dates[0].start > 0 or OPENERS.match(token)
            return bool(opened) and self._has_person_within(token, start)
        if self._is_tail(token, start) or self._is_person(token, start):
            return True
        if self._is_unknown(token, end):
            self._add(ChipKind.UNKNOWN, token, start, end, kept=True)
            self.head.unknown.append(token)
            return True
        return self._has_person_within(token, start)

    def _is_channel(self, token: str, start: int) -> bool:
        channel = self.channels.get(token.lower().rstrip("了过"))
        if channel is None or self.head.channel is not None:
            return False
        self.head.channel = channel
        self._add(ChipKind.CHANNEL, token, start, start + len(token))
        return True

    def _day(self, token: str) -> dt.date | None:
        """Yesterday or today, if the token says nothing else."""
        past = past_date(token, today=self.today, calendar=self.calendar)
        if past and past.span == (0, len(token)):
            return past.day
        return (
            self.today
            if plain(token) in ("今天", "今日", "今早", "今晚", "上午", "下午", "刚才", "刚刚")
            else None
        )

    def _is_tail(self, token: str, start: int) -> bool:
        """尾号0417, 余秉衡0417, 余秉衡 尾号0417, and 0417 before any name."""
        m = _TAIL.fullmatch(plain(token))
        if not m:
            return False
        name, digits = token[: m.end("name")], m["digits"]
        if name:
            named = self.roll.find(name, tail=digits, exact=self.preset) if may_be_asked(name) else None
            return self._add_named(named, start, start + len(token))
        if self._narrows_the_last(digits, start + len(token)):
            return True
        if not m["word"] and (self.preset or self.head.named):
            return False
        return self._add_named(self.roll.find(digits), start, start + len(token))

    def _narrows_the_last(self, digits: str, end: int) -> bool:
        last = self.head.named[-1] if self.head.named else None
        if isinstance(last, Candidate) and last.phone_tail == digits:
            narrowed: Named | None = last
        elif isinstance(last, Unclear):
            narrowed = self.roll.find(last.token, tail=digits)
        else:
            narrowed = None
        if narrowed is None:
            return False
        at = max(at for at, chip in enumerate(self.head.chips) if chip.kind in _PEOPLE)
        if at != len(self.head.chips) - 1:
            return False
        start = self.head.chips.pop().span[0]
        self.head.named.pop()
        return self._add_named(narrowed, start, end)

    def _is_person(self, token: str, start: int) -> bool:
        return self._add_named(self._person(token), start, start + len(token))

    def _person(self, token: str) -> Named | None:
        if not may_be_asked(token) or (token.isdigit() and (self.preset or self.head.named)):
            return None
        # PPT and OK are words; jwz is somebody.
        if token.isascii() and token.isupper() and self.head.named:
            return None
        named = self.roll.find(token, exact=self.preset)
        bare = without_title(token)
        if named is None and bare != token:
            named = self.roll.find(bare, exact=self.preset)
        return named

    def _is_unknown(self, token: str, end: int) -> bool:
        """王大锤 电话: a name nobody has, with a name or a channel behind it."""
        if self.preset or not reads_like_a_name(without_title(token)):
            return False
        following = _TOKEN.search(self.words, end)
        if not following or _ENDS.search(self.words, end, following.start()):
            return False
        if following[0].lower().rstrip("了过") in self.channels:
            return self.head.channel is None
        return (
            isinstance(self.roll.find(following[0], exact=True), Candidate)
            if may_be_asked(following[0])
            else False
        )

    def _has_person_within(self, token: str, start: int) -> bool:
        """江望之和余秉衡, 拜访江望之, 江望之电话谈二期: full names without spaces around them, as spoken."""
        opener = OPENERS.match(token)
        begins = (opener.end(), 0) if opener and opener.end() < len(token) else (0,)
        taken = len(self.head.chips)
        for begin in begins:
            end = self._full_name_at(token, start, begin)
            if end is not None:
                break
        else:
            return False
        while link := re.match(rf"(?:{'|'.join(CONNECTIVES)})", token[end:]):
            further = self._full_name_at(token, start, end + link.end())
            if further is None:
                break
            end = further
        if begin == 0 and end == len(token):
            self._take_out(taken)
        return end == len(token)

    def _take_out(self, taken: int) -> None:
        """Names and 和 alone fill the token: none of it need stay in the text."""
        at = self.head.chips[taken].span[0]
        for place, chip in enumerate(self.head.chips[taken:], taken):
            self.head.chips[place] = replace(chip, span=(at, chip.span[1]), kept=False)
            at = chip.span[1]

    def _full_name_at(self, token: str, start: int, begin: int) -> int | None:
        """Take the longest full name that begins there; answers where it ends."""
        rest = token[begin:]
        if not rest or (not reads_like_a_name(rest[:3]) and not reads_like_a_name(rest[:2])):
            return None
        for length in (4, 3, 2):
            name = rest[:length]
            named = self.roll.find(name, exact=True) if len(name) == length and may_be_asked(name) else None
            if named:
                end = begin + length
                title = re.match(TITLES.pattern.removesuffix("$"), token[end:])
                end += title.end() if title else 0
                self._add_named(named, start + begin, start + end, kept=(begin, end) != (0, len(token)))
                return end
        return None

    def _add_named(self, named: Named | None, start: int, end: int, *, kept: bool = False) -> bool:
        if named is None:
            return False
        if self.joined_at is not None and self.head.named and not kept:
            start = self.joined_at
        self.joined_at = None
        if isinstance(named, Unclear):
            self._add(ChipKind.UNCLEAR, named.token, start, end, kept=kept)
        else:
            label = f"{named.name} · {named.organization}" if named.organization else named.name
            self._add(ChipKind.PERSON, label, start, end, kept=kept)
        self.head.named.append(named)
        return True

    def _add(self, kind: ChipKind, label: str, start: int, end: int, *, kept: bool = False) -> None:
        self.head.chips.append(Chip(kind, label, (start, end), kept))
        self.head.end = end


_PEOPLE = (ChipKind.PERSON, ChipKind.UNCLEAR)
