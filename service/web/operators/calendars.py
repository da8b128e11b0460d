"""A station's hours as a calendar. Loaded by who asks for one: with its library it is 3 MB."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, vDuration, vRecur

from service.bulletin import hours
from service.newsroom.values import Slot, Station
from service.zone import VIETNAM, begin_of

ZONE_SINCE = date(2020, 1, 1)  # what the zone once was nobody asks
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar(station: Station, public_url: str, now: datetime) -> bytes:
    """A station's hours as iCalendar: one event a slot, repeated on its weekdays.

    The same bytes all year.
    """
    schedule = Calendar()
    schedule.add("prodid", "-//Loa//Schedule//VI")
    schedule.add("version", "2.0")
    schedule.add("method", "PUBLISH")
    schedule.add("x-wr-calname", f"Lịch phát: {station.name}")
    schedule.add_component(Timezone.from_tzid(VIETNAM.key, first_date=ZONE_SINCE))
    new_year = begin_of(now.astimezone(VIETNAM).date().replace(month=1, day=1))
    for slot in station.slots:
        schedule.add_component(_event(station, slot, public_url, new_year))
    return bytes(schedule.to_ical())


def _event(station: Station, slot: Slot, public_url: str, since: datetime) -> Event:
    first = next(hours(slot.at, slot.weekdays, since, since + timedelta(days=8)))
    address = f"{public_url}/stations/{station.slug}"
    event = Event()
    event.add(
        "uid",
        f"{station.slug}-{slot.at.replace(':', '')}@{urlsplit(public_url).hostname}",
    )
    event.add("dtstamp", since)
    event.add("dtstart", first.air_at)
    event.add("duration", vDuration(timedelta(seconds=slot.max_seconds)))
    event.add(
        "rrule",
        vRecur(
            {
                "FREQ": "WEEKLY",
                "BYDAY": [WEEKDAYS[int(day) - 1] for day in slot.weekdays],
            }
        ),
    )
    event.add("summary", f"{station.name}: bản tin {slot.at}")
    event.add("location", station.place or station.name)
    event.add(
        "description",
        f"Tệp cho loa: {address}/slots/{slot.at.replace(':', '')}/latest.mp3",
    )
    event.add("url", f"{address}/speaker")
    return event
