"""When a slot is on the air: its hour, day by day, as clocks in Vietnam show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from service.zone import VIETNAM

LINGERS = timedelta(
    minutes=30
)  # how long after its end a bulletin still stands at its slot's address


@dataclass(frozen=True, slots=True)
class Hour:
    """A slot on one day: `day` is Vietnam's, `air_at` the moment."""

    day: date
    air_at: datetime


def hours(at: str, weekdays: str, since: datetime, until: datetime) -> Iterator[Hour]:
    """Every time that a slot ("05:00", on ISO weekdays "1234567") is on the air in `[since, until)`, in order."""
    clock = time.fromisoformat(at)
    day = since.astimezone(VIETNAM).date()
    while (air_at := datetime.combine(day, clock, VIETNAM)) < until:
        if air_at >= since and str(day.isoweekday()) in weekdays:
            yield Hour(day, air_at)
        day += timedelta(days=1)


def span(at: str, weekdays: str, max_seconds: int, now: datetime) -> Hour:
    """The hour that a slot's address is about: the one on the air, or just over, else the next one."""
    earliest = now - timedelta(seconds=max_seconds) - LINGERS
    return next(hours(at, weekdays, earliest, earliest + timedelta(days=9)))


def turned(at: str, weekdays: str, max_seconds: int, hour: Hour) -> datetime:
    """When a slot's address began to be about this hour: when the one before it was over, for long enough."""
    *_, before = hours(at, weekdays, hour.air_at - timedelta(days=8), hour.air_at)
    return before.air_at + timedelta(seconds=max_seconds) + LINGERS
