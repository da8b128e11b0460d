"""When a slot is on the air: its hour, day by day, as clocks in Vietnam show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from service.zone import VIETNAM

# How long after its end a bulletin still stands at its slot's address.
LINGERS = timedelta(minutes=30)
# Within these a slot is on the air at least once, whatever its days are.
A_WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Hour:
    """A slot on one day: `day` is Vietnam's, `air_at` the moment."""

    day: date
    air_at: datetime


def hours(at: str, weekdays: str, since: datetime, until: datetime) -> Iterator[Hour]:
    """Every time that a slot ("05:00", on ISO weekdays "1234567") is on the air in `[since,
    until)`, in order.
    """
    clock = time.fromisoformat(at)
    day = since.astimezone(VIETNAM).date()
    while True:
        air_at = datetime.combine(day, clock, VIETNAM)
        if air_at >= until:
            return
        is_its_day = str(day.isoweekday()) in weekdays
        # On the first day its hour may have passed.
        if is_its_day and air_at >= since:
            yield Hour(day, air_at)
        day += timedelta(days=1)


def span(at: str, weekdays: str, max_seconds: int, now: datetime) -> Hour:
    """The hour that a slot's address is about: the one on the air,
    or just over, else the next one.
    """
    longest = timedelta(seconds=max_seconds) + LINGERS
    earliest = now - longest
    latest = earliest + A_WEEK + timedelta(days=1)
    return next(hours(at, weekdays, earliest, latest))


def turned(at: str, weekdays: str, max_seconds: int, hour: Hour) -> datetime:
    """When a slot's address began to be about this hour:
    when the one before it was over, for long enough.
    """
    earlier = list(hours(at, weekdays, hour.air_at - A_WEEK, hour.air_at))
    over = earlier[-1].air_at + timedelta(seconds=max_seconds)
    return over + LINGERS
