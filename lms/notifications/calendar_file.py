"""A due date for people's calendars. Pure; the only importer of icalendar."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
REMIND_BEFORE = timedelta(days=1)
SHOWN_FOR = timedelta(minutes=30)
"""Calendars draw what has no length as a line nobody sees: the last half hour before the due date is drawn."""


def calendar_file(*, uid: str, title: str, description: str, url: str, due_at: datetime, written_at: datetime) -> str:
    """An iCalendar file (RFC 5545) with one event that ends when something is due, and an alarm a day before.

    A later file with the same `uid` moves the event.
    """
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at)
    event.add("sequence", int(written_at.timestamp()) // 60)
    event.add("dtstart", due_at - SHOWN_FOR)
    event.add("dtend", due_at)
    event.add("summary", title)
    event.add("description", f"{description}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMIND_BEFORE)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//CallX//CallX//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


# The library reads its time zone when it is first used, which must not be on an event loop.
calendar_file(uid="", title="", description="", url="", due_at=_LONG_AGO, written_at=_LONG_AGO)
