"""What of an announcement people must remember: what, who, when, where, and the telephone.

Nothing is invented: each is a stretch of the text, found by what the reading found there (times,
dates, telephone numbers) and by the words that stand around it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

TITLE = "title"
PHONE = "phone"  # the reading's own rule


class FoundPart(Protocol):
    """The stretch of a sentence that the reading changed, by which rule."""

    @property
    def written(self) -> str:
        """The stretch as it is written."""

    @property
    def rule(self) -> str:
        """The name of the rule."""


class TextLine(NamedTuple):
    """A written sentence, the part it plays on the page, and what the reading found in it."""

    written: str
    role: str
    changes: Sequence[FoundPart] = ()


class Remembered(NamedTuple):
    """What must be remembered, each as it is written; "" and () where the text has none."""

    what: str = ""
    who: str = ""
    when: str = ""
    where: str = ""
    phones: tuple[str, ...] = ()


def remember(lines: Sequence[TextLine]) -> Remembered:
    """The memo of an announcement, sentence by sentence as it is written."""
    title = next((line.written for line in lines if line.role == TITLE), "")
    body = [line.written for line in lines if line.role != TITLE]
    return Remembered(
        _what(title), _who(body), _when(body), _where(body), _phones(lines)
    )


# --- what -------------------------------------------------------------------------------------

OPENING = re.compile(
    r"\s{0,4}thông báo(?:\s{1,4}(?:khẩn|số \d+))?(?:\s{0,4}:\s{0,4}|\s{1,4}(?:về việc|v/v|về)\s{1,4}|\s{1,4})",
    re.IGNORECASE,
)


def _what(title: str) -> str:
    """The title, without the word that all announcements begin with."""
    opening = OPENING.match(title)
    rest = title[opening.end() :] if opening else title
    return rest.strip().rstrip(".") or title.strip()


# --- when -------------------------------------------------------------------------------------

PART_OF_DAY = r"(?:rạng sáng|sáng|trưa|chiều|tối|đêm)"
HOUR = r"(?:giờ|h(?![^\W\d]))"  # not the h of "hằng tuần"
MINUTES = r"(?:\s{0,4}\d{2}\b(?![/.\-]\d))?(?:\s{0,4}phút)?"
CLOCK = (
    r"(?:\d{1,2}\s{0,4}(?:-|–|đến)\s{0,4})?"  # "7 đến 9 giờ"
    rf"\d{{1,2}}(?:\s{{0,4}}{HOUR}{MINUTES}|:\d{{2}}\b)(?:\s{{1,4}}{PART_OF_DAY}\b)?"
)
NUMBERED = r"\d{1,2}(?:\s{0,4}-\s{0,4}\d{1,2})?[/.\-]\d{1,2}(?:[/.\-]\d{4})?\b"
WORDED = r"\d{1,2}\s{1,4}tháng\s{1,4}\d{1,2}(?:\s{1,4}năm\s{1,4}\d{4})?"
MONTH = r"tháng\s{1,4}\d{1,2}(?:/\d{4}|\s{1,4}năm\s{1,4}\d{4})"
DATE = rf"(?:{WORDED}|{NUMBERED}|{MONTH})"
WEEKDAY = r"(?:thứ\s{1,4}(?:hai|ba|tư|năm|sáu|bảy)\b|chủ nhật)"
RELATIVE = (
    r"(?:(?:hôm|ngày) (?:nay|mai|kia)|(?:sáng|chiều|tối) (?:nay|mai)|"
    r"(?:hằng|hàng|mỗi) (?:ngày|tuần|tháng|quý)|tuần (?:đầu|cuối))"
)
BARE_DAY = (
    r"\d{1,2}(?=\s{0,4}(?:,|và|đến)\s)"  # "01, 02 và 03/12": the month comes later
)
UNIT = (
    rf"(?:{CLOCK}|{DATE}|{WEEKDAY}|{RELATIVE}|ngày\s{{1,4}}\d{{1,2}}\b|{PART_OF_DAY}\b)"
)
JOINT = (
    r"(?:\s{0,4}(?:,|-|–)\s{0,4}|\s{1,4})"
    r"(?:(?:bắt đầu|cho|các|đến|tới|và|từ|hết|vào|lúc|hồi|ngày|trước)\s{1,4}){0,4}"
)
LEAD = r"(?:(?:từ|trước|hết|lúc|hồi|trong|các|ngày)\s{1,4}){0,3}"
MOMENT = re.compile(
    rf"(?<!\w){LEAD}{UNIT}(?:{JOINT}(?:{UNIT}|{BARE_DAY}))*", re.IGNORECASE
)
OF_TIME = re.compile(
    r"\s{0,4}[-•+*]{0,3}\s{0,4}(?:thời gian|thời hạn|ngày giờ)[^:.]{0,30}:",
    re.IGNORECASE,
)
# The date of a document is not that of an event: "Kế hoạch số 47/KH-UBND ngày 12/11/2026".
LONGEST_NAME = 120  # characters of a document's
OF_A_DOCUMENT = re.compile(
    r"\bsố\s{1,4}\S{0,40}\d\S{0,40}/\S{1,40}[^.;,]{0,30}$", re.IGNORECASE
)
# By what a moment is preferred: a date, or at least a day of the week, or a clock's time.
DATED = tuple(
    re.compile(kind, re.IGNORECASE) for kind in (DATE, rf"{WEEKDAY}|{RELATIVE}", CLOCK)
)


def _when(body: Sequence[str]) -> str:
    """The first moment that has a date; of lines that begin with "Thời gian:" before all others."""
    labelled = [text for text in body if OF_TIME.match(text)]
    for texts in (labelled, body):
        moments = [moment for text in texts for moment in _moments(text)]
        for has in DATED:
            for moment in moments:
                if has.search(moment):
                    return moment
    return ""


def _moments(text: str) -> Iterator[str]:
    for found in MOMENT.finditer(text):
        before = text[max(0, found.start() - LONGEST_NAME) : found.start()]
        if not OF_A_DOCUMENT.search(before):
            yield found[0].strip(" ,-–")


# --- where ------------------------------------------------------------------------------------

OF_PLACE = re.compile(
    r"\s{0,4}[-•+*]{0,3}\s{0,4}(?:địa điểm|nơi|tại|khu vực)[^:.;]{0,40}:\s{0,4}",
    re.IGNORECASE,
)
PLACE_WORD = r"(?:thôn|bản|xóm|ấp|tổ|khu|phố|xã|phường|thị trấn|huyện|tỉnh|số|đường|ngõ|nhà|phòng|trụ sở)\b"
AT = (
    re.compile(r"\btại\s{1,4}"),
    re.compile(
        r"\bở\s{1,4}(?=(?:nhà|khu|sân|trường|trạm|hội|trụ|Nhà|Trường|Trạm|Hội|Trung|UBND))"
    ),
    re.compile(
        r"\btrên\s{1,4}(?!đường (?:từ|về|đi)\b)(?=(?:đường|tuyến|quốc lộ|tỉnh lộ))"
    ),
    re.compile(
        r"\bđến\s{1,4}(?=(?:Trường|Trạm|Nhà|Hội|Trung|Sân|UBND|trụ sở|nhà văn hóa))"
    ),
)
# Where a place ends: the next thing that is told.
PLACE_ENDS = re.compile(
    rf"[.;:](?:\s|$)|\s{{1,4}}(?:vào|lúc|trước|để|từ (?=ngày|thứ|\d|tối|sáng|chiều)"
    rf"|trong (?=giờ|tháng)|cho (?=các|người))"
    rf"|,(?!\s{{1,4}}(?:{PLACE_WORD}|[A-ZĐÂÊÔƠƯĂ]\w*\s{{1,4}}[A-ZĐÂÊÔƠƯĂ]))"
)
NO_PLACE = {"chuồng", "nhà", "chỗ", "đây", "đó", "gia đình"}


def _where(body: Sequence[str]) -> str:
    """What stands after "Địa điểm:", else after the first "tại"."""
    for text in body:
        if label := OF_PLACE.match(text):
            return _up_to(PLACE_ENDS, text[label.end() :])
    for at in AT:
        for text in body:
            for found in at.finditer(text):
                place = _up_to(PLACE_ENDS, text[found.end() :])
                if place and place not in NO_PLACE:
                    return place
    return ""


# --- who --------------------------------------------------------------------------------------

OF_PEOPLE = re.compile(
    r"\s{0,4}[-•+*]{0,3}\s{0,4}(?:đối tượng|thành phần|kính gửi|kính mời)[^:.;]{0,30}:\s{0,4}",
    re.IGNORECASE,
)
PEOPLE = (
    r"(?:toàn thể|đại diện|các hộ|hộ|các gia đình|gia đình|các cơ quan|các chị|các cụ|các bác|các cháu|người|"
    r"trẻ em|trẻ|công dân|nhân dân|bà con|học sinh|phụ huynh|phụ nữ|thanh niên|đoàn viên|hội viên|nông dân|"
    r"cán bộ|cựu chiến binh|lao động|sinh viên)\b"
)
TO = re.compile(
    rf"(?:\bmời|\bdành cho|\bcho|\bđề nghị|\byêu cầu|\bkêu gọi)\s{{1,4}}(?={PEOPLE})",
    re.IGNORECASE,
)
DEEDS = (
    "tới|dự|tham|đi|nộp|kê|treo|sơ|nghỉ|chuẩn|có|đăng|chấp|thực|che|nhốt|để|giữ|tập|về|vào|"
    "tại|lúc|biết|không|hạn|đến(?! \\d)|mang(?! thai)"
)
# What is done, and further: "các hộ chăn nuôi | kê khai", "người dân … | tham gia".
PEOPLE_END = re.compile(
    rf"[.;:](?:\s|$)|,(?=\s{{1,4}}(?:vào|từ|lúc|tại|ngày))|\s{{1,4}}(?:{DEEDS})\b"
)
TOO_MANY = {"bà con", "nhân dân", "người dân"}  # that is everybody


def _who(body: Sequence[str]) -> str:
    """What stands after "Thành phần:", else whom something is for, or who is asked."""
    for text in body:
        if label := OF_PEOPLE.match(text):
            return _up_to(re.compile(r"[.;](?:\s|$)"), text[label.end() :])
    for text in body:
        for found in TO.finditer(text):
            people = _up_to(PEOPLE_END, text[found.end() :])
            if people and people.casefold() not in TOO_MANY:
                return people
    return ""


def _up_to(ends: re.Pattern[str], text: str) -> str:
    end = ends.search(text)
    return text[: end.start() if end else len(text)].strip(" ,.;")


# --- telephone --------------------------------------------------------------------------------

CALLED = re.compile(
    r"(?:gọi|liên hệ|điện thoại|đường dây nóng|trực|số máy|ĐT)\D{0,30}(1[89]00[ .]?\d{4}|11[2-5])\b",
    re.IGNORECASE,
)


def _phones(lines: Sequence[TextLine]) -> tuple[str, ...]:
    """Numbers that the reading says digit by digit, and short ones after a word of calling."""
    numbers: list[str] = []
    for line in lines:
        numbers += [part.written for part in line.changes if part.rule == PHONE]
        numbers += CALLED.findall(line.written)
    return tuple(dict.fromkeys(numbers))
