"""What comes next and when: 下周三再联系, 月底前回话, 约5月8日见."""

import datetime as dt
import re
from dataclasses import dataclass

from yishang_crm.followup.dates import FoundDate, find_dates, plain
from yishang_crm.followup.sentence.chips import BOUNDARY
from yishang_crm.followup.sentence.words import ACTION, DONE, LEAD_IN
from yishang_crm.followup.workdays import WorkCalendar

# A longer clause is a story; only its verb belongs to the promise.
LONGEST = 24

_CLAUSE_ENDS = re.compile(rf"[{BOUNDARY}#＃@＠]|$")
_NOTHING_MORE = re.compile(rf"[{BOUNDARY}#＃@＠]*")


@dataclass(frozen=True)
class Promise:
    start: int
    end: int
    date: FoundDate
    what: str


def find_promise(words: str, *, today: dt.date, calendar: WorkCalendar) -> Promise | None:
    """The last date with something to do; without one, a date that stands alone at the end of the line."""
    easy = plain(words)
    found = find_dates(words, today=today, calendar=calendar)
    promises = [promise for date in found if (promise := _promise(words, easy, date, today=today))]
    if promises:
        return promises[-1]
    last = found[-1] if found else None
    if last and last.day > today and _alone_at_the_end(words, last):
        return Promise(last.start, last.end, last, "")
    return None


def _promise(words: str, easy: str, date: FoundDate, *, today: dt.date) -> Promise | None:
    lead = LEAD_IN.search(easy[max(0, date.start - 8) : date.start])
    strong = (lead and lead["strong"]) or ""
    act = _act(easy, date.end)
    begin = act.start() if act else date.end
    clause_end = _clause_end(words, begin)
    if not act and not strong:
        return None
    if date.day == today and DONE.search(words, begin, clause_end):
        return None
    start = date.start - (len(lead[0]) if lead else 0)
    end = clause_end if clause_end - begin <= LONGEST else act.end() if act else date.end
    what = words[begin:end].strip()
    return Promise(start, end, date, what or ("约" if strong.startswith("约") else ""))


def _clause_end(words: str, at: int) -> int:
    ends = _CLAUSE_ENDS.search(words, at)
    return ends.start() if ends else len(words)


def _act(easy: str, at: int) -> re.Match[str] | None:
    """Something to do right behind the date, or after one space or comma."""
    return ACTION.match(easy, at) or (
        ACTION.match(easy, at + 1) if easy[at : at + 1] in (" ", "，", ",") else None
    )


def _alone_at_the_end(words: str, date: FoundDate) -> bool:
    rest = _NOTHING_MORE.match(words, date.end)
    before = date.start == 0 or _NOTHING_MORE.fullmatch(words[date.start - 1])
    return rest is not None and rest.end() == len(words) and bool(before)
