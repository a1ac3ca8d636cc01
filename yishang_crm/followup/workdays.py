"""Working days: weekends, public holidays and 调休, from rows that the office can edit."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

DAY = dt.timedelta(days=1)


class Row(Protocol):
    """One row of the editable table: a day off (`rest`) or a weekend day that is worked (not `rest`)."""

    @property
    def day(self) -> dt.date: ...
    @property
    def rest(self) -> bool: ...


@dataclass(frozen=True)
class OfficialDay:
    day: dt.date
    rest: bool
    name: str  # 国庆节, for both the days off and the weekend days worked for it


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. A year without rows has its weekends only (the notice comes each autumn)."""

    holidays: Collection[dt.date] = ()
    workdays: Collection[dt.date] = ()
    _sorted: tuple[dt.date, ...] = field(init=False, repr=False, compare=False)
    _years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        worked = frozenset(self.workdays)
        rest = frozenset(self.holidays) - worked
        object.__setattr__(self, "holidays", rest)
        object.__setattr__(self, "workdays", worked)
        object.__setattr__(self, "_sorted", tuple(sorted(rest)))
        object.__setattr__(self, "_years", frozenset(day.year for day in rest))

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "WorkCalendar":
        rows = list(rows)
        return cls({row.day for row in rows if row.rest}, {row.day for row in rows if not row.rest})

    def knows(self, year: int) -> bool:
        """Whether the holidays of this year are entered."""
        return year in self._years

    def is_workday(self, day: dt.date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def next_workday(self, day: dt.date) -> dt.date:
        """The first working day after `day`."""
        return self.workday_from(day + DAY)

    def workday_from(self, day: dt.date) -> dt.date:
        """`day` itself if it is worked, otherwise the next that is."""
        while not self.is_workday(day):
            day += DAY
        return day

    def workday_until(self, day: dt.date) -> dt.date:
        """`day` itself if it is worked, otherwise the last before it that is."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def add_workdays(self, day: dt.date, days: int) -> dt.date:
        """The day `days` working days after `day` (before it, if negative), which itself does not count."""
        step = DAY if days > 0 else -DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_between(self, first: dt.date, last: dt.date) -> int:
        """How many working days lie after `first`, up to and with `last`; negative if `last` is earlier."""
        if last < first:
            return -self.workdays_between(last, first)
        return sum(self.is_workday(first + DAY * n) for n in range(1, (last - first).days + 1))

    def rest_around(self, first: dt.date, last: dt.date | None = None) -> tuple[dt.date, dt.date]:
        """The unbroken days off that touch `first` to `last`, which count as off whatever the table says."""
        last = last or first
        while not self.is_workday(first - DAY):
            first -= DAY
        while not self.is_workday(last + DAY):
            last += DAY
        return first, last

    def holiday_from(self, day: dt.date) -> tuple[dt.date, dt.date] | None:
        """First and last day off of the public holiday that `day` is in, or of the next one entered."""
        at = bisect_left(self._sorted, day)
        if at == len(self._sorted):
            return None
        first, last = self.rest_around(self._sorted[at])
        return first, last

    def first_workday_after(self, festival: dt.date) -> dt.date:
        """The first working day after the days off around a festival."""
        return self.rest_around(festival)[1] + DAY


@cache
def official() -> WorkCalendar:
    """The calendar of the official years alone, as it is before anybody edits the table."""
    return WorkCalendar.of(seed_rows())


def seed_rows() -> list[OfficialDay]:
    """Days off and weekend days worked as the State Council announced them, 2004 to the last year known."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {holiday.value: _plain(holiday.chinese) for holiday in Holiday}
    rows = [OfficialDay(day, rest=True, name=names[name]) for day, name in holidays.items()]
    rows += [OfficialDay(day, rest=False, name=names[name]) for day, name in workdays.items()]
    return sorted(rows, key=lambda row: row.day)


def _plain(name: str) -> str:
    if len(name) > 6:
        return "抗战胜利纪念日"
    return name if name.endswith("节") or name == "元旦" else f"{name}节"
