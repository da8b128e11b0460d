"""Days, ranges of days, months and the clock."""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, Said, words
from service.vietnamese.measures import measured, unit_pattern
from service.vietnamese.numbers import cardinal, digits, figure, month, ordinal, part, roman

BEFORE_DAY = words(
    "ngày mùng mồng sáng trưa chiều tối đêm hôm"
)  # "ngày" need not be added after these
DAY_WORDS = BEFORE_DAY | words(
    "qua nay mai từ đến tới trước sau dịp lễ lịch khánh vào và là kể tức nhằm"
)
WHEN = words(  # a day follows these, not a count
    "hạn_chót hạn_cuối khai_mạc bế_mạc diễn_ra bắt_đầu kết_thúc chậm_nhất hiệu_lực ban_hành phát_động khai_giảng "
    "khởi_công ra_mắt thông_xe đến_hết kể_từ tính_đến thời_gian"
)
MUST = words("phải cần đạt cả")
FEASTS = words("dịp lễ mừng niệm")
PLACES = words("trường đường viên phố rạp cầu")  # named for a day: Quảng trường 26/3
ALWAYS = (24, 7)  # hours a day, days a week
AFTER_A_DAY = words(
    "và đến tới tại ở năm là được của cho với hoặc hay nhằm hằng hàng lần vừa do thì sẽ đã này sắp trên trong bằng "
    "cũng để từ các có như khi sau trước âm dương diễn ra hàng vào nhân mừng còn gồm theo về toàn"
)
AMOUNTS = words(
    "có đạt được chiếm gần hơn khoảng trên dưới còn bằng"
)  # before these figures count something
COUNTED = words(
    "xã phường thôn bản tổ hộ người trường lớp đại chỉ tiêu xóm khu huyện tỉnh đảng chi đơn nhà công số diện dân "
    "điểm cơ toàn tiểu thị sản em học hội mô dự hồ đồng vị tổng lượng "
    "nạn bệnh mẫu cháu giáo cán văn tiêu đoàn hạng gói trạm chợ tuyến lô doanh htx phòng ban đ/c phiếu mặt"
)
SHARED = words(
    "số diện dân tổng lượng sản chiều quãng thời thìa muỗng cốc chén bát thân lá"
)  # these have parts
FALLING = ("xuống", "xuống còn", "còn")
LARGEST_PART = 10  # fractions go up to tenths
_PART = r"(\d{1,2})/(\d{1,2})(?![\d/])"
_PARTS = re.compile(
    rf"(?<![\d/.,]){_PART}\s?(-|–|đến|tới|lên|xuống còn|xuống|còn)\s?{_PART}(?:\s([^\W\d_]{{1,7}}))?"
)
_SPAN = re.compile(
    r"(?:từ|ngày|đêm|sáng|chiều|tối|nay|mai|qua)\s(\d{1,2})(?:([-.])(\d{1,2}))?\s(?:đến|tới)\s(?:hết\s)?(?:ngày\s)?"
    r"(\d{1,2})([-.])(\d{1,2})(?![\w/-]|[.,]\d)"
)
_OPEN_SPAN = re.compile(
    r"[0-3]?\d-(?:0?[1-9]|1[0-2])\s(?:đến|tới)\s(?:hết\s)?(?:tháng|ngày|nay|cuối)"
)  # từ 22-3 đến tháng 8
_BY_THE_MOON = re.compile(r"[0-3]?\d[-.](?:0?[1-9]|1[0-2])\s\(?(?:ÂL|AL|âl|âm lịch)(?!\w)")
_SPAN_BY_DOT = re.compile(
    r"[0-3]?\d\s?[-–]\s?[0-3]?\d\.(?:0?[1-9]|1[0-2])(?=[,;)]|\.?$)"
)  # từ 6 – 8.4
LARGEST_DAY, LARGEST_MONTH = 31, 12
NOON, EVENING = 12, 6
YOUNGEST = 50  # a year of two figures below this is of our century
HOUSES = words("bậc lớp phòng hạng tổ ngõ ngách hẻm kiệt số nhà binh")  # a/b after these is no day
_ORDINAL_MONTHS = ("quý", "quí", "q", "số", "kỳ", "đợt")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})(\.|\s?-\s?)(\d{1,2})(?![/-]|[.,]?\d|\s*tháng)")
_DAYS_AND_MONTH = re.compile(r"(\d{1,2})\s?[-–]\s?(\d{1,2})\.(\d{1,2})(?![/-]|[.,]?\d)")
_EVENT = re.compile(r"\b(?:ngày|dịp|lễ|quốc khánh|kỷ niệm|chào mừng|mừng)\b", re.IGNORECASE)
_NAMED_DAY = re.compile(r"\b[Nn]gày (?=[A-ZĐ])")
FAR = 50  # characters
_WEEKDAY = re.compile(
    r"(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)[,:]?\s?[(“\"]?$", re.IGNORECASE
)
LONGEST_WEEKDAY = 14  # characters, with a mark and spaces
_SEVERAL = ("từ", "các", "hai", "ba", "những")


def day(c: Context, i: int, number: int, of_month: int, year: int | None = None) -> str:
    """ "mười lăm tháng năm năm hai nghìn …", with "ngày" before it where the text has none."""
    said = [_day_of_month(c, number), "tháng", month(of_month)]
    if year is not None:
        said += ["năm", cardinal(year, c.options.zero_tens)]
    if c.before(i) not in BEFORE_DAY | PLACES and c.before(c.first_of_list(i)) not in BEFORE_DAY:
        said.insert(0, "ngày")
    return " ".join(said)


def in_a_calendar(number: int, of_month: int) -> bool:
    """Whether these can be a day and its month."""
    return 1 <= number <= LARGEST_DAY and 1 <= of_month <= LARGEST_MONTH


def is_of_an_event(c: Context, i: int) -> bool:
    """Whether a-b at token `i` is the day of a feast, as in "Ngày Phụ nữ Việt Nam 20-10" and "Quốc khánh 2-9"."""
    between = c.since(_EVENT, i)
    found = _DAY_AND_MONTH.match(c.text, c.tokens[i].start)
    if not found or between is None or len(between) > FAR or re.search(r"[\d.,;:]", between):
        return False
    number, of_month = int(found[1]), int(found[3])
    return number > of_month or (number, of_month) in tables.days()


def is_day(c: Context, i: int, number: int, of_month: int) -> bool:
    """Whether the figures a/b (or a-b, a.b) at token `i` are a day and its month, by what stands around them."""
    if not in_a_calendar(number, of_month):
        return False
    if (number, of_month) == ALWAYS and c.before(i) not in BEFORE_DAY:
        return False
    if ends_a_list_of_days(c, i):
        return True
    before = c.before(i)
    if before in BEFORE_DAY or (
        number > of_month and (before in FEASTS or is_told(c, i))
    ):  # "ngày 5/5 xã họp"
        return True
    if c.after(i) in COUNTED:
        return False
    return (
        (before in DAY_WORDS and not _and_a_part(c, i, number, of_month))
        or (before in PLACES and (number, of_month) in tables.days())
        or is_weekday(c, i)
        or is_told(c, i)
        or (number > of_month and _alone_in_brackets(c, i))
        or _after_the_clock(c, i)
        or _has_a_name(c, i)
        or c.after(i, 2) in ("âm lịch", "dương lịch")
        or c.after(i) in ("âl", "dl")
        or (
            (number, of_month) in tables.days()
            and before not in AMOUNTS
            and not _counts(c, i, number, of_month)
        )
    )


def is_weekday(c: Context, i: int) -> bool:
    """Whether a day of the week stands before token `i`: "thứ Bảy (29.11)"."""
    previous = c.neighbour(i, -1)
    if previous and previous.text in ("(", ","):
        previous = c.neighbour(i - 1, -1)
    start = c.tokens[i].start
    named = _WEEKDAY.search(c.text, max(0, start - LONGEST_WEEKDAY), start)
    return named is not None or bool(previous and previous.kind == "weekdays")


def is_told(c: Context, i: int) -> bool:
    """Whether the hour or "hạn chót", "khai mạc" … stand before token `i`: a day follows."""
    previous = c.neighbour(i, -1)
    clock = previous is not None and previous.kind == "time"
    return clock or c.before(i, 2).replace(" ", "_") in WHEN or _after_the_clock(c, i)


def exceeds_its_month(c: Context, i: int) -> bool:
    """ "từ 15-5, " and "trước 15.5": no range falls, and nothing is counted after."""
    found = _DAY_AND_MONTH.match(c.text, c.tokens[i].start)
    if not found or c.before(i) not in DAY_WORDS or int(found[1]) <= int(found[3]):
        return False
    following = c.text[found.end() : found.end() + 13].lstrip()[:12].split(" ")[0].lower()
    return not following[:1].isalnum() or following.rstrip(",.;") in AFTER_A_DAY | MUST


def _counts(c: Context, i: int, number: int, of_month: int) -> bool:
    """ "mở 1/5 cửa van": what a share is of stands after it, after a day a small word or nothing."""
    following = c.after(i)
    return number < of_month and following.isalpha() and following not in AFTER_A_DAY


def _and_a_part(c: Context, i: int, over: int, under: int) -> bool:
    """The 1/2 of "2 và 1/2"."""
    whole, *joined = c.before(i, 2).split()
    return joined == ["và"] and whole.isdigit() and over < under <= LARGEST_PART


def of_a_range_of_parts(c: Context, i: int) -> bool:
    """Whether a/b is one end of "từ 1/3 đến 1/2 diện tích" or "giảm từ 1/3 xuống 1/4": parts, no days."""
    token = c.tokens[i]
    ranges = _PARTS.finditer(c.text, max(0, token.start - FAR), token.end + FAR)
    found = next((found for found in ranges if found.end(5) >= token.end), None)
    if not found or found.start() > token.start:
        return False
    over, under, to_over, to_under = (int(found[n]) for n in (1, 2, 4, 5))
    if not (over < under <= LARGEST_PART and to_over < to_under <= LARGEST_PART):
        return False
    if found[3] in FALLING:
        return True
    return over * to_under < to_over * under and (
        found[3] == "lên"
        or found[6] in SHARED
        or unit_pattern().match(c.text, found.end(5)) is not None
    )


def is_of_a_span(c: Context, i: int) -> bool:
    """Whether token `i` begins one end of "từ ngày 24 đến 30-8", "từ 1-7 đến 31-7" or "đêm nay 7.10 đến 9.10"."""
    start = c.tokens[i].start
    if _BY_THE_MOON.match(c.text, start):
        return True
    if c.before(i) == "từ" and (
        _OPEN_SPAN.match(c.text, start) or _SPAN_BY_DOT.match(c.text, start)
    ):
        return True
    found = c.found(_SPAN, i)
    if not found or unit_pattern().match(c.text, found.end()):
        return False
    number, of_month = int(found[4]), int(found[6])
    begins_in = int(found[3] or of_month)
    days_told = found[3] is not None or found[5] == "-" or "ngày" in found[0]
    return days_told and number <= LARGEST_DAY and 1 <= begins_in <= of_month <= LARGEST_MONTH


def _has_a_name(c: Context, i: int) -> bool:
    """ "Ngày Pháp luật 9/11"."""
    name = c.since(_NAMED_DAY, i)
    return name is not None and len(name) < FAR and not re.search(r"[\d.,;:(]", name)


def _after_the_clock(c: Context, i: int) -> bool:
    """ "từ 20h30-21h30, 22/3"."""
    earlier = [token for token in c.tokens[max(0, i - 3) : i] if token.kind != "space"]
    return len(earlier) > 1 and earlier[-1].text == "," and earlier[-2].kind == "time"


def _alone_in_brackets(c: Context, i: int) -> bool:
    """ "21h00 (28/11)": no count, for it would exceed its whole."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    return bool(left and right and left.text == "(" and right.text == ")")


def ends_a_list_of_days(c: Context, i: int) -> bool:
    """The last of "các ngày 20, 21, 22/11"."""
    first = c.first_of_list(i)
    return first != i and c.before(first) in BEFORE_DAY


def day_with_dash_or_dot(c: Context, i: int) -> Said | None:
    """After "ngày": 27.02 or 17-7, as some papers write; "từ ngày 5-7" and "ngày 5-7 tháng 3" are ranges."""
    token = c.tokens[i]
    if found := _DAYS_AND_MONTH.match(c.text, token.start):
        first, last, of_month = (int(found[n]) for n in (1, 2, 3))
        if 1 <= first < last and in_a_calendar(last, of_month):
            said = f"{_day_of_month(c, first)} đến ngày {_day_of_month(c, last)} tháng {month(of_month)}"
            return Said(said, c.at(found.end(), i), "date")
    if not (found := _DAY_AND_MONTH.match(c.text, token.start)):
        return None
    number, of_month = int(found[1]), int(found[3])
    several = any(word in _SEVERAL for word in c.before(i, 2).split()[:1])
    if found.end() < token.end or not in_a_calendar(number, of_month):
        return None
    if (
        found[2] != "."
        and number < of_month
        and (several or c.text.startswith(" Tết", found.end()))
    ):
        return None
    return Said(day(c, i, number, of_month), c.at(found.end(), i), "date")


def date(c: Context, i: int) -> Said:
    """15/5/2016."""
    parts = c.tokens[i].parts
    number, of_month, year = int(parts["d"]), int(parts["m"]), int(parts["y"])
    if in_a_calendar(number, of_month):
        return Said(day(c, i, number, of_month, year), i + 1, "date")
    said = " trên ".join(figure(parts[name], c.options.zero_tens) for name in "dmy")
    return Said(said, i + 1, "ratio", doubt=True)


def short_date(c: Context, i: int) -> Said:
    """10/01/17; where that is no day, or after the words of an address, three figures."""
    token = c.tokens[i]
    number, of_month, year = (int(token.parts[name]) for name in ("sd", "sm", "sy"))
    if in_a_calendar(number, of_month) and c.before(i) not in HOUSES:
        return Said(
            day(c, i, number, of_month, year + (2000 if year < YOUNGEST else 1900)), i + 1, "date"
        )
    return Said(
        " trên ".join(figure(part, c.options.zero_tens) for part in token.text.split("/")),
        i + 1,
        "ratio",
    )


def iso_date(c: Context, i: int) -> Said:
    """2025-10-07, as machines write days."""
    parts = c.tokens[i].parts
    return Said(day(c, i, int(parts["id"]), int(parts["im"]), int(parts["iy"])), i + 1, "date")


def dates(c: Context, i: int) -> Said:
    """10-15/3, 28/2-5/3/2024; where that is no range of days, a range of numbers."""
    if of_a_range_of_parts(c, i):  # 1/3-1/2 diện tích
        first, last = (part(*end.split("/")) for end in re.split(r"\s?[-–—]\s?", c.tokens[i].text))
        return measured(c, f"{first} đến {last}", i + 1, "ratio")
    parts = {name: int(text) if text else None for name, text in c.tokens[i].parts.items()}
    d1, m1, y1, d2, m2, y2 = (parts[name] for name in ("d1", "m1", "y1", "d2", "m2", "y2"))
    if d1 is None or d2 is None or m2 is None:
        raise AssertionError("the pattern has these parts")
    if not (in_a_calendar(d1, m2 if m1 is None else m1) and in_a_calendar(d2, m2)):
        first, last = re.split(r"\s?[-–—]\s?", c.tokens[i].text)
        ends = [
            " trên ".join(figure(n, c.options.zero_tens) for n in part.split("/"))
            for part in (first, last)
        ]
        return Said(" đến ".join(ends), i + 1, "ratio", doubt=True)
    begins = _day_of_month(c, d1) if m1 is None else day(c, i, d1, m1, y1).removeprefix("ngày ")
    if c.before(i) not in BEFORE_DAY:
        begins = f"ngày {begins}"
    ends_on = f"{_day_of_month(c, d2)} tháng {month(m2)}"
    if y2 is not None:
        ends_on += f" năm {cardinal(y2, c.options.zero_tens)}"
    return Said(f"{begins} đến ngày {ends_on}", i + 1, "date")


def month_of_year(c: Context, i: int) -> Said:
    """4/2024 → tháng tư năm …; after "quý" the quarter."""
    parts, before = c.tokens[i].parts, c.before(i)
    number = int(parts["mm"])
    said = cardinal(number) if before in _ORDINAL_MONTHS else month(number)
    lead = "" if before == "tháng" or before in _ORDINAL_MONTHS else "tháng "
    return Said(
        f"{lead}{said} năm {cardinal(int(parts['my']), c.options.zero_tens)}", i + 1, "date"
    )


def time(c: Context, i: int) -> Said:
    """7h30, 15h05, 07:30, 7h."""
    parts = c.tokens[i].parts
    minutes, seconds = parts["mi"] or parts["mi2"] or parts["mi3"], parts["sec"] or parts["sec2"]
    said = f"{cardinal(int(parts['h']))} giờ"
    if minutes and (int(minutes) or seconds):
        spoken = digits(minutes) if minutes[0] == "0" and not seconds else cardinal(int(minutes))
        said += f" {spoken}" + (" phút" if c.options.minutes or seconds else "")
    if seconds and int(seconds):
        said += f" {cardinal(int(seconds))} giây"
    half = c.neighbour(i, 1)
    if half and half.text in ("AM", "PM") and int(parts["h"]) <= NOON:  # 8:00 PM
        return Said(
            f"{said} {_half_of_a_day(int(parts['h']), half.text)}", c.at(half.end, i), "time"
        )
    return Said(said, i + 1, "time")


def _half_of_a_day(hour: int, half: str) -> str:
    """AM and PM, as Vietnamese tells them."""
    if half == "AM":
        return "sáng"
    return "trưa" if hour == NOON else "chiều" if hour < EVENING else "tối"


def _day_of_month(c: Context, number: int) -> str:
    said = cardinal(number)
    return f"mùng {said}" if c.options.mung and number <= 10 else said


def minutes_and_seconds(c: Context, i: int) -> Said:
    """4'25" and 12"40, as runners are timed."""
    parts = c.tokens[i].parts
    if parts["ss"]:
        return Said(
            f"{cardinal(int(parts['ss']))} giây {cardinal(int(parts['hs']))}", i + 1, "time"
        )
    return Said(
        f"{cardinal(int(parts['dm']))} phút {cardinal(int(parts['ds']))} giây", i + 1, "time"
    )


def days_and_nights(c: Context, i: int) -> Said:
    """2N1Đ, as tours are sold."""
    days, nights = (cardinal(int(c.tokens[i].parts[name])) for name in ("days", "nights"))
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
    floors, rooms = (cardinal(int(c.tokens[i].parts[name])) for name in ("floors", "rooms"))
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


def after_the_hour(c: Context, i: int) -> bool:
    """7h/15/9."""
    return i > 1 and c.tokens[i - 1].text == "/" and c.tokens[i - 2].kind == "time"
