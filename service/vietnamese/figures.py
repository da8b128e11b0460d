"""Figures: numbers that count, and those that name."""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, Said, words
from service.vietnamese.days import days_at
from service.vietnamese.measures import MAGNITUDES, measured, unit_pattern
from service.vietnamese.numbers import GROUPED, cardinal, digits, figure, integer, month, ordinal

DASHES = frozenset("-–—")
CALLED = words(
    "gọi hotline nóng thoại đài đt sđt"
)  # numbers after these are phones, short ones too
CALLED_UP = words("công thanh tân người quân lượt chiến dân")  # whom the army calls, no phone
SENT = words("để và hoặc miễn theo")
FINE_GOLD = "9999"
NUMBERED = words(
    "khoản máy cccd cmnd mst imei stk cước mã mật"
)  # after these, long ones are read digit by digit
STANDARDS = words("QCVN TCVN TCXDVN")
EMERGENCY = words("111 112 113 114 115")
SHORTEST_CALLED, SHORTEST_NUMBERED, SHORTEST_IN_A_NAME = 3, 5, 4  # digits
LONGEST_SERIES = 3  # letters
LONGEST_COUNTED = 6  # digits: as many without a point after letters are a series, "CT 123456"
COUNTING = words("tổng trong một")  # ... số
LONGEST_MARKED = 8  # characters: "khoản 1.256" is a thousand, "tài khoản 8888.6868.1234" is not
NEAR = 60  # characters
SECTIONS = words("mục điểm khoản phần bản")
LISTED = words(
    "ương tw lớp loại tổ thôn bản ấp xóm khối quý điều khoản chương mục tháng khóa khoá chí phường đội vực số hạng bậc"
)
WARMTH = (" nhiệt độ ", " rét ", " nắng ", " trời ")
_LOST_DEGREE = re.compile(r"(?<=\d\d)C(?![^\W_])")  # 18-220C, where ° was a small nought
_DECIMAL_OF = re.compile(r"\s?(?:điểm|triệu|tỷ|nghìn|độ|phần|lần)(?!\w)", re.IGNORECASE)
_RANGED = re.compile(r"(?:\s?[-–]\s?|\s(?:đến|lên|xuống|còn)\s)\d+(?:\.\d{1,2})?(?!\d)")
_YEAR_FOLLOWS = re.compile(r" (?:19|20)\d\d(?![\d.,])")
_TWO = re.compile(r"([1-9]\d?),([1-9]\d?)")
_MARKS_GIVEN = re.compile(r"\b[Đđ]iểm\b")


def number(c: Context, i: int) -> Said:
    """A figure with what belongs to it: a range, a unit, a rate."""
    token, before = c.tokens[i], c.before(i)
    text, zero_tens = token.text, c.options.zero_tens
    short = integer(text)
    if text == "00" and before == "giờ" and "giây" not in c.after(i, 3).split():  # "8 giờ 00 phút"
        return Said("", i + 3 if c.after(i) == "phút" else i + 1, "time")
    if (
        text[-1] == "0"
        and _LOST_DEGREE.match(c.text, token.end)
        and any(word in c.near(i) for word in WARMTH)
    ):
        return Said(f"{figure(text[:-1], zero_tens)} độ", i + 2, "unit")
    if before in ("thứ", "hạng") and short is not None:
        return Said(ordinal(short, zero_tens), i + 1, "ordinal")
    if short is not None and 1 <= short <= 12 and (end := _month_range(c, i)):
        return Said(f"{'' if before == 'tháng' else 'tháng '}{month(short)} đến", end, "date")
    if before == "tháng" and short is not None and 1 <= short <= 12:
        year = " năm" if _YEAR_FOLLOWS.match(c.text, token.end) else ""
        return Said(f"{month(short)}{year}", i + 1, "date")
    if _is_digit_wise(c, i):
        return Said(digits(text), i + 1, "digits")
    if "." in text and _names_in_groups(c, i):  # a phone without its area: 3.866.456
        return Said(", ".join(map(digits, text.split("."))), i + 1, "phone")
    if days := days_at(c, i):
        return days
    if (first := _two_in_a_row(c, i)) is not None:
        return Said(f"{cardinal(first)}, {cardinal(first + 1)}", i + 1, "number")
    point = "phẩy" if _is_decimal(c, i) else "chấm"
    return measured(c, figure(text, zero_tens, point), i + 1, "number")


def _two_in_a_row(c: Context, i: int) -> int | None:
    """The 5 of "lớp 5,6" and "Nghị quyết Trung ương 5,6": two that stand next to each other, no decimal."""
    found = _TWO.fullmatch(c.tokens[i].text)
    if not found or int(found[2]) != int(found[1]) + 1 or c.before(i) not in LISTED:
        return None
    return int(found[1])


def _is_digit_wise(c: Context, i: int) -> bool:
    """Numbers that name rather than count: phones, accounts, the 02 of a document, J02 and PC07."""
    text = c.tokens[i].text
    if not text.isdigit():
        return False
    if text[0] == "0" and _after_a_document(c, i) and c.after(i) not in MAGNITUDES:
        return True
    if _in_a_name(c, i) and (
        text[0] == "0" or (len(text) >= SHORTEST_IN_A_NAME and not text.endswith("00"))
    ):
        return True
    if _after_a_code(c, i) and len(text) >= SHORTEST_NUMBERED:
        return True
    if len(text) < SHORTEST_CALLED:
        return False
    if c.before(i) == "gửi" and (
        not c.after(i)[:1].isalpha() or c.after(i) in SENT
    ):  # "soạn tin … gửi 1414"
        return True
    if text == FINE_GOLD and " vàng " in c.near(i):
        return True
    if (
        len(text) >= SHORTEST_NUMBERED
        and c.before(i) == "số"
        and c.before(i, 2).split()[0] not in COUNTING
    ):
        return True
    if text in EMERGENCY and any(f" {word} " in c.near(i) for word in CALLED):
        return True
    first = c.first_of_list(i)
    near = set(c.before(first, 3).split())
    return (
        (bool(CALLED & near) and c.after(i) not in CALLED_UP)
        or c.tokens[first].kind == "phone"
        or ((len(text) >= SHORTEST_NUMBERED or _in_groups(c, i)) and bool(NUMBERED & near))
    )


def _in_groups(c: Context, i: int) -> bool:
    """Whether only a space parts a figure from the next: "tài khoản 1020 1000 2345"."""
    for step in (-1, 1):
        following = c.neighbour(i, step)
        if (
            c.beside(i, step) is None
            and following
            and following.kind == "number"
            and following.text.isdigit()
        ):
            return True
    return False


def _names_in_groups(c: Context, i: int) -> bool:
    """Figures in groups after "gọi" or "tài khoản"; those after "khoản" and "mã số" only when they are many."""
    text = c.tokens[i].text
    if CALLED & set(c.before(i, 2).split()):
        return (
            not GROUPED.fullmatch(text) or len(text) > LONGEST_MARKED
        )  # "gọi 1.150 công dân nhập ngũ"
    return len(text) > LONGEST_MARKED and bool(NUMBERED & set(c.before(i, 2).split()))


def _is_decimal(c: Context, i: int) -> bool:
    """8.5 điểm and 3.5 km are decimals as a foreigner writes them; 4.0 and 2.1.6 are versions."""
    text = c.tokens[i].text
    if not re.fullmatch(r"\d{1,9}\.\d{1,2}", text):
        return False
    marks = c.since(_MARKS_GIVEN, i)  # "Điểm trung bình: Toán 6,35; Văn 7.25"
    if (
        marks is not None
        and len(marks) < NEAR
        and len(text.partition(".")[2]) == 2
        and c.before(i) not in SECTIONS
    ):
        return True
    ranged = _RANGED.match(c.text, c.tokens[i].end)  # 3.5-4.5 km, từ 1.05 lên 1.45 triệu
    end = ranged.end() if ranged else c.tokens[i].end
    return (
        _DECIMAL_OF.match(c.text, end) is not None or unit_pattern().match(c.text, end) is not None
    )


def _after_a_document(c: Context, i: int) -> bool:
    """The 06 of "Đề án 06" and "số 06"; "trong số 06 hộ" counts."""
    *earlier, last = c.before(i, 2).split() or [""]
    first = earlier[0] if earlier else ""
    if last == "số":
        return first not in COUNTING
    previous = c.neighbour(i, -1)
    short = previous is not None and (
        previous.text in tables.documents() or previous.text in STANDARDS
    )  # "HD 05"
    return short or bool({last, f"{first} {last}"} & tables.document_names())


def _in_a_name(c: Context, i: int) -> bool:
    """J02, PC07, NK7328, XL-01: digits that touch capitals."""
    previous = c.beside(i, -1)
    if previous and previous.text in "-." and c.tokens[i].text[0] == "0":
        previous = c.beside(i - 1, -1)
    return bool(previous and previous.kind == "word" and previous.text.isupper())


def _after_a_code(c: Context, i: int) -> bool:
    """ "số BK 123456": what stands before is a series."""
    previous = c.neighbour(i, -1)
    if not previous:
        return False
    series = previous.text.isupper() and len(previous.text) <= LONGEST_SERIES
    known = previous.text in tables.abbreviations() and len(c.tokens[i].text) < LONGEST_COUNTED
    return series and previous.text.isalpha() and not known


def _month_range(c: Context, i: int) -> int:
    """Past the dash of 02-03/2000, where a month with its year follows; 0 where none does."""
    following = c.tokens[i + 1 : i + 3]
    ranged = len(following) == 2 and following[0].text in DASHES and following[1].kind == "month"
    return i + 2 if ranged else 0
