"""When something begins that is told in words: "từ 7h30 đến 11h30 ngày 02/12/2026"."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

_PART = r"rạng sáng|sáng|trưa|chiều|tối|đêm"
CLOCK = re.compile(
    r"\b(?:(?P<from>\d{1,2})\s*(?:-|–|đến)\s*)?"
    r"(?P<hour>\d{1,2})(?:\s*(?:giờ|h(?![^\W\d]))(?:\s*(?P<minute>\d{2})\b(?![/.\-]\d))?"
    rf"|:(?P<after>\d{{2}})\b)(?:\s*phút)?(?:\s+(?P<part>{_PART})\b)?",
    re.IGNORECASE,
)
PART = re.compile(rf"\b(?:{_PART})\b", re.IGNORECASE)
DAY = re.compile(
    r"\b(\d{1,2})(?:\s*-\s*\d{1,2})?(?:[/.\-]|\s+tháng\s+)(\d{1,2})(?:(?:[/.\-]|\s+năm\s+)(\d{4}))?\b(?!\s*(?:giờ|h\b))"
    r"|\bngày\s+(\d{1,2})\b(?!\s*[/.\-]\s*\d|\s+tháng)",
    re.IGNORECASE,
)
NOON = 12
# Hours that a part of the day may have by the clock of twelve, and what is added to them for 24.
# Midnight is left out: nobody can tell of which day it is.
HOURS: Mapping[str, tuple[tuple[range, int], ...]] = {
    "rạng sáng": ((range(1, 7), 0),),
    "sáng": ((range(1, 12), 0),),
    "trưa": ((range(10, 13), 0), (range(1, 3), NOON)),
    "chiều": ((range(12, 13), 0), (range(1, 8), NOON)),
    "tối": ((range(5, 12), NOON),),
    "đêm": ((range(7, 12), NOON), (range(1, 5), 0)),
}
FIRST_SURE_HOUR = (
    5  # written alone: "lúc 2 giờ" is in the afternoon as often as at night
)
MONTHS, HOURS_OF_A_DAY, MINUTES = 12, 24, 60
# An announcement is about days to come, or a few that have just been.
PAST_DAYS = 60


class _Day(NamedTuple):
    day: int
    month: int | None
    year: int | None


def starts_at(words: str, told_on: date) -> date | datetime | None:
    """The first day of a moment in words, with its first time of day where it has one (Vietnam's).

    A month or year that is not said is the one that is said later ("ngày 01 đến ngày 05/12"), or
    the one before where the moment would end before it begins ("28/12 đến 03/01/2027"), else the
    year in which it lies nearest after the day on which it was told. An hour of which nobody can
    tell whether it is before noon is left out. None for what has no date: every week, a whole
    month.
    """
    begin = _first_day(words, told_on)
    at = _first_time(words)
    if begin is None or at is None:
        return begin
    return datetime.combine(begin, at)


def _first_day(words: str, told_on: date) -> date | None:
    days = [_day(found) for found in DAY.finditer(words)]
    dated = next((each for each in days if each.month), None)
    if dated is None or dated.month is None:
        return None
    first = days[0]
    month = first.month or _month_before(first, dated.month, dated.day)
    last = next((each for each in days if each.year), None)
    year = last and (first.year or _year_before(first, month, last))
    return _date(year, month, first.day, told_on)


def _month_before(first: _Day, month: int, day: int) -> int:
    """Of "ngày 28 đến ngày 05/12" November, of "ngày 01 đến ngày 05/12" December."""
    return month if first.day <= day else month - 1 or MONTHS


def _year_before(first: _Day, month: int, last: _Day) -> int | None:
    """Of "28/12 đến 03/01/2027" the year before."""
    rises = last.month is None or (month, first.day) <= (last.month, last.day)
    return last.year if rises or last.year is None else last.year - 1


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


def _first_time(words: str) -> time | None:
    """The time of the first clock; None for none, and for one that may be two times of day."""
    clocks = list(CLOCK.finditer(words))
    if not clocks:
        return None
    first = clocks[0]
    written = first["from"] or first["hour"]
    minute = 0 if first["from"] else int(first["minute"] or first["after"] or 0)
    hour = _hour(written, _part_of(words, clocks))
    return time(hour, minute) if hour is not None and minute < MINUTES else None


def _part_of(words: str, clocks: list[re.Match[str]]) -> str:
    """The part of the day of the first clock; "" where none is told.

    Its own, or that of the clock up to which it rises ("từ 1 giờ đến 3 giờ chiều"), or the only one
    that stands anywhere ("chiều ngày 03/12, lúc 2 giờ").
    """
    first = clocks[0]
    if first["part"] and not first["from"]:
        return first["part"].lower()
    told = PART.findall(words)
    last = first if first["from"] else clocks[-1]
    begins = int(first["from"] or first["hour"])
    if last["part"]:
        rises = begins < int(last["hour"])
        return last["part"].lower() if rises else ""
    return told[0].lower() if len(told) == 1 else ""


def _hour(written: str, part: str) -> int | None:
    """The hour of 24; None where nobody can tell it."""
    hour = int(written)
    if hour > NOON:
        return hour if hour < HOURS_OF_A_DAY else None
    if not part:
        sure = hour >= FIRST_SURE_HOUR or written.startswith("0")
        return hour if sure else None
    for hours, added in HOURS[part]:
        if hour in hours:
            return hour + added
    return None
