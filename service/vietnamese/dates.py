"""Months, quarters and the clock; days of the year stand in days.py."""

import re

from service.vietnamese.context import Context, Said
from service.vietnamese.day_reading import days_at
from service.vietnamese.days import Day, needs_its_name, say_day
from service.vietnamese.naming import of_a_mixture
from service.vietnamese.numbers import cardinal, digits, figure, month, ordinal, roman

NOON, EVENING = 12, 6
_ORDINAL_MONTHS = ("quý", "quí", "q", "số", "kỳ", "đợt")
# tỷ lệ, tỷ lệ xích, quy hoạch chi tiết, bản đồ: how small a map is
SCALES = frozenset(("lệ", "xích", "tiết", "đồ", "hoạch"))


def date(c: Context, i: int) -> Said:
    """15/5/2016 and the spans that begin so; what no calendar has, as three figures."""
    if days := days_at(c, i):
        return days
    figures = re.findall(r"\d{1,4}", c.tokens[i].text)
    spoken = " trên ".join(figure(text, c.options.zero_tens) for text in figures)
    return Said(spoken, i + 1, "ratio", doubt=True)


def iso_date(c: Context, i: int) -> Said:
    """2025-10-07, as machines write days."""
    parts = c.tokens[i].parts
    day = Day(
        int(parts["id"]), int(parts["im"]), int(parts["iy"]), "-", c.tokens[i].end
    )
    lead = "ngày " if needs_its_name(c, i) else ""
    return Said(f"{lead}{say_day(c, day)}", i + 1, "date")


def month_of_year(c: Context, i: int) -> Said:
    """4/2024 → tháng tư năm …; after "quý" the quarter; a map's scale of 1/2000."""
    parts, before = c.tokens[i].parts, c.before(i)
    if before in SCALES and parts["mm"] == "1":
        of = cardinal(int(parts["my"]), c.options.zero_tens)
        return Said(f"{cardinal(int(parts['mm']))} trên {of}", i + 1, "ratio")
    number = int(parts["mm"])
    said = cardinal(number) if before in _ORDINAL_MONTHS else month(number)
    lead = "" if before == "tháng" or before in _ORDINAL_MONTHS else "tháng "
    return Said(
        f"{lead}{said} năm {cardinal(int(parts['my']), c.options.zero_tens)}",
        i + 1,
        "date",
    )


def time(c: Context, i: int) -> Said:
    """7h30, 15h05, 07:30, 7h, 8:00 PM; but "tỷ lệ 1:50" is none."""
    return of_a_mixture(c, i) or _one_of_so_many(c, i) or _clock(c, i)


def _one_of_so_many(c: Context, i: int) -> Said | None:
    one, colon, of = c.tokens[i].text.partition(":")
    if not colon or c.before(i) != "lệ" or not of.isdigit():
        return None
    return Said(f"{cardinal(int(one))} trên {cardinal(int(of))}", i + 1, "ratio")


def _clock(c: Context, i: int) -> Said:
    parts = c.tokens[i].parts
    minutes = parts["mi"] or parts["mi2"] or parts["mi3"]
    seconds = parts["sec"] or parts["sec2"]
    hour = int(parts["h"])
    said = f"{cardinal(hour)} giờ"
    if minutes and (int(minutes) or seconds):
        said += f" {_minutes(c, minutes, timed=bool(seconds))}"
    if seconds and int(seconds):
        said += f" {cardinal(int(seconds))} giây"
    half = c.neighbour(i, 1)
    if half is None or half.text not in ("AM", "PM") or hour > NOON:
        return Said(said, i + 1, "time")
    return Said(f"{said} {_half_of_a_day(hour, half.text)}", c.at(half.end, i), "time")


def _minutes(c: Context, minutes: str, *, timed: bool) -> str:
    """ "ba mươi", "không năm".

    With "phút" where the station says so, and where seconds follow (`timed`).
    """
    if timed:
        return f"{cardinal(int(minutes))} phút"
    said = digits(minutes) if minutes[0] == "0" else cardinal(int(minutes))
    return f"{said} phút" if c.options.minutes else said


def _half_of_a_day(hour: int, half: str) -> str:
    """AM and PM, as Vietnamese tells them."""
    if half == "AM":
        return "sáng"
    return "trưa" if hour == NOON else "chiều" if hour < EVENING else "tối"


def minutes_and_seconds(c: Context, i: int) -> Said:
    """4'25" and 12"40, as runners are timed."""
    parts = c.tokens[i].parts
    if parts["ss"]:
        return Said(
            f"{cardinal(int(parts['ss']))} giây {cardinal(int(parts['hs']))}",
            i + 1,
            "time",
        )
    return Said(
        f"{cardinal(int(parts['dm']))} phút {cardinal(int(parts['ds']))} giây",
        i + 1,
        "time",
    )


def days_and_nights(c: Context, i: int) -> Said:
    """2N1Đ, as tours are sold."""
    days, nights = (
        cardinal(int(c.tokens[i].parts[name])) for name in ("days", "nights")
    )
    return Said(f"{days} ngày {nights} đêm", i + 1, "time")


def quarter(c: Context, i: int) -> Said:
    """Q.III/2025, Q1-2026."""
    parts = c.tokens[i].parts
    number = int(parts["qn"]) if parts["qn"] else roman(parts["quarter"]) or 0
    lead = "" if c.before(i) == "quý" else "quý "
    return Said(
        f"{lead}{cardinal(number)} năm {cardinal(int(parts['qy']), c.options.zero_tens)}",
        i + 1,
        "date",
    )


def floors_and_rooms(c: Context, i: int) -> Said:
    """2T6P, as school buildings are told of."""
    floors, rooms = (
        cardinal(int(c.tokens[i].parts[name])) for name in ("floors", "rooms")
    )
    return Said(f"{floors} tầng {rooms} phòng", i + 1, "unit")


def weekdays(c: Context, i: int) -> Said:
    """T2-T6, T7-CN, "nghỉ T7": days of the week as a notice writes them."""
    names = map(_weekday, re.split(r"\s?[-–]\s?", c.tokens[i].text))
    return Said(" đến ".join(names), i + 1, "date")


def short_month(c: Context, i: int) -> Said:
    """T7/2025."""
    parts = c.tokens[i].parts
    said = f"tháng {month(int(parts['tm']))} năm {cardinal(int(parts['ty']), c.options.zero_tens)}"
    return Said(said, i + 1, "date")


def _weekday(text: str) -> str:
    return "chủ nhật" if text == "CN" else f"thứ {ordinal(int(text.lstrip('T')))}"
