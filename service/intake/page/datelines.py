"""Lines that tell when a page was published: "Thứ ba,
28/12/2021 15:32 - 12400 lượt xem" and thirty forms more.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from service.zone import VIETNAM

LONGEST_CHARS = 160
MOST_WORDS_BESIDE = 2  # that a line may have besides its date and what belongs to it
MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "một",
            "hai",
            "ba",
            "tư",
            "năm",
            "sáu",
            "bảy",
            "tám",
            "chín",
            "mười",
            "mười_một",
            "mười_hai",
        ],
        start=1,
    )
}
ENGLISH = {
    name: number
    for number, name in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ],
        start=1,
    )
}
ENGLISH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
MONTHS_OF_YEAR = 12
MONTH_NAME = "mười một|mười hai|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười"
YEAR = r"(?P<y>20\d\d|\d\d(?!\d))"
DATES = (
    re.compile(
        rf"(?<![\d/.-])(?<!\d:)(?P<d>\d{{1,2}}) ?[/.-] ?(?P<m>\d{{1,2}}) ?[/.-] ?{YEAR}(?![\d])"
    ),
    re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(
        r"(?:ngày )?(?<!\d)(?P<d>\d{1,2}),? tháng "
        rf"(?P<m>\d{{1,2}}|{MONTH_NAME})(?:,? năm|,)? (?P<y>20\d\d)(?!\d)"
    ),
    re.compile(
        rf"tháng (?P<m>{MONTH_NAME}|\d{{1,2}}) (?P<d>\d{{1,2}}), ?(?P<y>20\d\d)(?!\d)"
    ),
    re.compile(
        r"(?:ngày )?(?<!\d)(?P<d>\d{1,2}) thg (?P<m>\d{1,2}),? (?:năm )?(?P<y>20\d\d)(?!\d)"
    ),
    re.compile(
        rf"\b(?P<m>{ENGLISH_NAME})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>20\d\d)(?!\d)"
    ),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<m>{ENGLISH_NAME})\.?,? (?P<y>20\d\d)(?!\d)"
    ),
)
CLOCK = re.compile(
    r"(?<![\d/])(?P<h>[01]?\d|2[0-3]) ?(?:giờ|[:hg]) ?(?:(?P<min>[0-5]\d)(?: ?phút)?)?"
    r"(?::(?P<sec>[0-5]\d))?(?: ?(?P<half>am|pm|sa|ch)\b)?"
)
WEEKDAY = re.compile(r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7])\b")
# Figures of views stand in the same line as the date, and must not count as its words.
COUNTERS = re.compile(
    r"(?:xem|đọc|truy cập|views?) ?[:：]? ?\d[\d.,]{0,12}|"
    r"(?<!\d)\d[\d.,]{0,12} ?(?:lượt|lần)? ?(?:xem|đọc|views?|bình luận|phản hồi|comments?|likes?)"
)
FIELD = re.compile(
    r"(?:được )?(?:đăng|viết|gửi) bởi [^|:\d]{1,60}?(?= vào| lúc| ngày| -|\d)|"
    r"\b(?:by|bởi) [^|:\d]{2,60}$|"
    r"(?:lĩnh vực|chuyên mục|thể loại|danh mục|tác giả|người (?:đăng|viết)(?: bài)?(?: viết)?|"
    r"nguồn(?: tin)?|by|bởi|đăng bởi)"
    r" ?[:：] ?[^|:]{1,60}"
)
# Buttons that stand in the same line.
TOOLS = re.compile(
    r"(?:tải (?:về|xuống|văn bản|tệp)|in (?:trang|bài|tin)|bản in|gửi e?mail|chia sẻ|xem với cỡ chữ|nghe đọc)\b"
)
UPDATED = re.compile(r"cập nhật|sửa (?:lần )?cuối|lần sửa|chỉnh sửa|updated|modified")
PUBLISHED = re.compile(
    r"đăng|xuất bản|phát hành|posted|published|ngày viết|viết ngày|tạo lúc|ngày tạo|đưa tin"
)
BELONGS = re.compile(
    r"\b(?:số|lượt|ngày|giờ|lúc|vào|được|đăng|tin|bài|xuất bản|phát hành|cập nhật|lần|"
    r"cuối|sửa|chỉnh|viết|tạo|thời gian|ban hành|"
    r"gmt|utc|posted|on|by|admin|bởi|người|published|updated|last|views?|xem|đọc|lượt|am|pm|sa|ch)\b"
)
# “1. Thời gian: từ 8 giờ ngày 27/11/2025”, “Sáng 27/11/2025 (thứ năm).”: when something will be.
EVENT = re.compile(
    r"(?:\d{1,2}[.)]|[-–+•*]) ?[^\W\d_].*|(?:thời gian|thời hạn|lúc|vào lúc|hạn nộp|hạn chót|bắt đầu|khai mạc)\b"
    r".*(?:\bgiờ\b|\btừ\b|\bđến\b|\bhết\b|\bsáng\b|\bchiều\b|\btối\b|\btrước\b|\d ?h\b|\d ?g\b).*|"
    r"(?:từ|trước|sau|đến|hết|sáng|chiều|tối|trưa|đêm)\b.*"
)
BESIDE = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Dateline:
    """When, whether the line tells the hour,
    and whether it is said to be that of a change or of publication.
    """

    time: datetime
    hour: bool
    updated: bool
    published: bool


def dateline(line: str) -> Dateline | None:
    """The time of a line that tells little else.

    None when it tells none, or is a sentence that has a date.
    """
    if len(line) > LONGEST_CHARS:
        return None
    text = line.lower()
    # The commonest form first: each search is linear, but lines are many.
    if EVENT.fullmatch(text) or text.endswith(":"):
        return None
    match = next((match for form in DATES if (match := form.search(text))), None)
    if match is None:
        return None
    around = f"{text[: match.start()]} | {text[match.end() :]}"
    clock = CLOCK.search(around)
    rest = COUNTERS.sub(" ", FIELD.sub(" ", CLOCK.sub(" ", around, count=1)))
    rest = TOOLS.sub(" ", rest)
    rest = BELONGS.sub(" ", WEEKDAY.sub(" ", rest))
    # A sentence that names a day has words left; a dateline has next to none.
    beside = _beside(rest)
    if beside > MOST_WORDS_BESIDE:
        return None
    time = _time(match, clock)
    if time is None:
        return None
    return Dateline(
        time,
        (clock is not None and clock["min"] is not None)
        or bool(clock and "giờ" in clock[0]),
        UPDATED.search(text) is not None,
        PUBLISHED.search(text) is not None,
    )


def _beside(rest: str) -> int:
    """Words that belong to no date, but for a topic that stands apart:
    "Tin trong xã | 10/11/2025".
    """
    pieces = [len(BESIDE.findall(piece)) for piece in re.split(r"[|•·—]", rest)]
    if len(pieces) > 2 and max(pieces) <= 5:
        pieces.remove(max(pieces))
    return sum(pieces)


def _time(date: re.Match[str], clock: re.Match[str] | None) -> datetime | None:
    year = int(date["y"])
    month = _month(date["m"])
    day = int(date["d"])
    # 11/13/2025 is what a SharePoint writes whose country nobody set.
    if month > MONTHS_OF_YEAR >= day:
        day, month = month, day
    hour, minute = (int(clock["h"]), int(clock["min"] or 0)) if clock else (0, 0)
    if clock and clock["half"] in ("pm", "ch") and hour < 12:
        hour += 12
    # 12:15 SA is a quarter past midnight (Windows' Vietnamese clock writes so).
    if clock and clock["half"] in ("am", "sa") and hour == 12:
        hour = 0
    try:
        return datetime(
            year + 2000 if year < 100 else year,
            month,
            day,
            hour,
            minute,
            tzinfo=VIETNAM,
        )
    # 31/02 is what portals show when an editor typed it so: no date is better than a wrong one.
    except ValueError:
        return None


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if written[:3] in ENGLISH:
        return ENGLISH[written[:3]]
    return MONTHS.get(written.replace(" ", "_"), 4)  # "bốn" is "tư"
