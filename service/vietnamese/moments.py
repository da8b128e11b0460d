"""When something begins that is told in words: "từ 7h30 đến 11h30 ngày 02/12/2026"."""

import re
from datetime import date, datetime, time
from typing import NamedTuple

CLOCK = re.compile(
    r"\b(\d{1,2})(?:\s*(?:giờ|h(?![^\W\d]))(?:\s*(\d{2})\b(?![/.\-]\d))?|:(\d{2})\b)(?:\s*phút)?(?:\s+(chiều|tối|đêm)\b)?",
    re.IGNORECASE,
)
DAY = re.compile(
    r"\b(\d{1,2})(?:\s*-\s*\d{1,2})?(?:[/.\-]|\s+tháng\s+)(\d{1,2})(?:(?:[/.\-]|\s+năm\s+)(\d{4}))?\b"
    r"|\bngày\s+(\d{1,2})\b(?!\s*[/.\-]\s*\d|\s+tháng)",
    re.IGNORECASE,
)
NOON = 12
# An announcement is about days to come, or a few that have just been.
PAST_DAYS = 60


class _Day(NamedTuple):
    day: int
    month: int | None
    year: int | None


def starts_at(words: str, told_on: date) -> date | datetime | None:
    """The first day of a moment in words, with its first time of day where it has one (Vietnam's).

    A month or year that is not said is the one that is said later ("ngày 01 đến ngày 05/12"), else
    the year in which it lies nearest after the day on which it was told. None for what has no
    date: every week, a whole month.
    """
    begin = _first_day(words, told_on)
    clock = CLOCK.search(words)
    at = _time(clock) if clock else None
    if begin is None or at is None:
        return begin
    return datetime.combine(begin, at)


def _first_day(words: str, told_on: date) -> date | None:
    days = [_day(found) for found in DAY.finditer(words)]
    if not days:
        return None
    month = next((each.month for each in days if each.month), None)
    year = next((each.year for each in days if each.year), None)
    if month is None:
        return None
    return _date(year, month, days[0].day, told_on)


def _day(found: re.Match[str]) -> _Day:
    day, month, year, bare = found.groups()
    if bare:
        return _Day(int(bare), None, None)
    return _Day(int(day), int(month), int(year) if year else None)


def _date(year: int | None, month: int, day: int, told_on: date) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        this_year = date(told_on.year, month, day)
        is_over = (told_on - this_year).days > PAST_DAYS
        return date(told_on.year + 1, month, day) if is_over else this_year
    except ValueError:  # no such day: "30/02"
        return None


def _time(found: re.Match[str]) -> time | None:
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    if found[4] and hour < NOON:
        hour += NOON
    return time(hour, minute) if hour < 24 and minute < 60 else None
