"""What a bulletin says itself: its title, the greeting with the day's date,
the words before headlines, the closing.
"""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from lunar_vn import solar_to_lunar
from lunar_vn.can_chi import get_year_can_chi

# Of the lunar calendar: months with names, and the day with one.
MONTHS = {1: "Giêng", 12: "Chạp"}
FULL_MOON = 15
HEADLINES = "Sau đây là những tin chính."
REMINDER = "Xin nhắc lại."
CLOSING = "Bản tin đến đây là hết. Kính chào bà con và các bạn!"


@dataclass(frozen=True, slots=True)
class Words:
    """Written texts; the reading says them. "" is not said."""

    title: str
    greeting: str
    closing: str


def words_for(
    day: date, at: str, greeting: str, closing: str = "", *, lunar: bool = False
) -> Words:
    """The words of the bulletin that is broadcast on `day` at `at` ("05:00"),
    for a station that greets so.
    """
    clock = _clock(at)
    today = _today(day)
    in_lunar = f", tức {lunar_date(day)}" if lunar else ""
    invitation = f"Mời bà con nghe bản tin {clock}, {today}{in_lunar}."
    spoken_greeting = f"{_sentence(greeting)} {invitation}".strip()
    return Words(
        f"Bản tin {clock}, {today}", spoken_greeting, closing.strip() or CLOSING
    )


def bed_words(day: date, at: str, greeting: str) -> Words:
    """The words before music, where there is nothing to read."""
    clock, today = _clock(at), _today(day)
    return Words(
        f"Nhạc và báo giờ {clock}, {today}",
        f"{_sentence(greeting)} Bây giờ là {clock}, {today}.".strip(),
        "",
    )


def _sentence(greeting: str) -> str:
    """The greeting with an end of its own: without one it runs on into the next sentence."""
    text = greeting.strip()
    return f"{text}." if text and text[-1].isalnum() else text


def _clock(at: str) -> str:
    hour, minute = at.split(":")
    return (
        f"{int(hour)} giờ" if minute == "00" else f"{int(hour)} giờ {int(minute)} phút"
    )


def _today(day: date) -> str:
    weekday = format_date(day, "EEEE", locale="vi")
    return f"{weekday[:1].lower()}{weekday[1:]}, ngày {day:%d/%m/%Y}"


def lunar_date(day: date) -> str:
    """ "ngày mùng 6 tháng 10 năm Bính Ngọ âm lịch" (Vietnam's own calendar, counted at UTC+7)."""
    lunar = solar_to_lunar(day)
    month = MONTHS.get(lunar.month, str(lunar.month))
    leap = " nhuận" if lunar.leap else ""
    year = get_year_can_chi(lunar.year)
    return f"{_lunar_day(lunar.day)} tháng {month}{leap} năm {year} âm lịch"


def _lunar_day(number: int) -> str:
    """ "ngày mùng 6", "rằm", "ngày 23"."""
    if number == FULL_MOON:
        return "rằm"
    return f"ngày mùng {number}" if number <= 10 else f"ngày {number}"
