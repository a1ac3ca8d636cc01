"""The calendar file of the thank-you page."""

import datetime as dt

from icalendar import Calendar

from yishang_crm.conference.papers.calendar import calendar_file


def opening(**changes: object) -> bytes:
    values: dict[str, object] = {
        "uid": "guest-417@yishang.example",
        "title": "第五届中国宜商大会，开幕式; \\ 与会,者",
        "begins_at": dt.datetime(2026, 9, 24, 1, tzinfo=dt.UTC),
        "ends_at": dt.datetime(2026, 9, 24, 4, tzinfo=dt.UTC),
        "location": "安庆市会议中心\r\nATTENDEE:mailto:x@example.org",
        "written_at": dt.datetime(2026, 9, 8, tzinfo=dt.UTC),
    }
    return calendar_file(**(values | changes))  # type: ignore[arg-type]


def test_the_event_is_published_in_the_hours_of_anqing_with_the_rules_of_its_zone() -> None:
    file = opening()
    calendar = Calendar.from_ical(file)
    event = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "PUBLISH"
    assert b"DTSTART;TZID=Asia/Shanghai:20260924T090000\r\n" in file
    assert b"DTEND;TZID=Asia/Shanghai:20260924T120000\r\n" in file
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert event["DTSTART"].dt == dt.datetime(2026, 9, 24, 1, tzinfo=dt.UTC)


def test_it_reminds_a_day_before() -> None:
    assert Calendar.from_ical(opening()).walk("VALARM")[0]["TRIGGER"].dt == dt.timedelta(days=-1)


def test_what_people_typed_stays_text() -> None:
    event = Calendar.from_ical(opening()).walk("VEVENT")[0]
    assert event["SUMMARY"] == "第五届中国宜商大会，开幕式; \\ 与会,者"
    assert "ATTENDEE" not in event


def test_a_change_keeps_the_identity_and_counts_up() -> None:
    before = Calendar.from_ical(opening()).walk("VEVENT")[0]
    after = Calendar.from_ical(opening(sequence=1)).walk("VEVENT")[0]
    assert (before["UID"], before["SEQUENCE"]) == ("guest-417@yishang.example", 0)
    assert (after["UID"], after["SEQUENCE"]) == ("guest-417@yishang.example", 1)


def test_the_same_event_gives_the_same_bytes() -> None:
    assert opening() == opening()
