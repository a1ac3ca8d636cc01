"""The calendar file a guest saves after answering: one event for phones and Outlook."""

import datetime as dt

from icalendar import Alarm, Calendar, Event

from yishang_crm.core.clock import ANQING

MAKER = "-//Yishang CRM//Conference//ZH"


def calendar_file(
    *,
    uid: str,
    title: str,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    location: str,
    written_at: dt.datetime,
    description: str = "",
    url: str | None = None,
    remind: dt.timedelta = dt.timedelta(days=1),
    sequence: int = 0,
) -> bytes:
    """An `.ics` of one event, METHOD PUBLISH. Moments are aware; written in Asia/Shanghai with its rules.

    The same `uid` with a higher `sequence` replaces the earlier entry in the guest's calendar.
    `written_at` is when the event was last changed, not now: the same event gives the same bytes.
    """
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at.astimezone(dt.UTC))
    event.add("last-modified", written_at.astimezone(dt.UTC))
    event.add("sequence", sequence)
    event.add("summary", title)
    event.add("dtstart", begins_at.astimezone(ANQING))
    event.add("dtend", ends_at.astimezone(ANQING))
    event.add("location", location)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    if description:
        event.add("description", description)
    if url:
        event.add("url", url)
    event.add_component(_reminder(title, remind))

    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    # The rules of the time zone come along, so that a phone in Washington shows its own hour rightly.
    # Limited to the year, or every change since 1901 would be told.
    calendar.add_missing_timezones(
        first_date=dt.date(begins_at.year, 1, 1), last_date=dt.date(ends_at.year + 1, 1, 1)
    )
    return calendar.to_ical()


def _reminder(title: str, before: dt.timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm
