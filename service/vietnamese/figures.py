"""Figures: numbers that count, and those that name."""

import re
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.days import days_at
from service.vietnamese.measures import measured, unit_pattern
from service.vietnamese.numbers import (
    GROUPED,
    cardinal,
    digits,
    figure,
    integer,
    month,
    ordinal,
)
from service.vietnamese.rules import Rule, Sign, first_said, first_verdict
from service.vietnamese.tables import cues

DASHES = frozenset("-–—")
FINE_GOLD = "9999"
SHORTEST_CALLED, SHORTEST_NUMBERED, SHORTEST_IN_A_NAME = 3, 5, 4  # digits
LONGEST_SERIES = 3  # letters
LONGEST_COUNTED = 6  # digits: as many without a point after letters are a series, "CT 123456"
LONGEST_MARKED = 8  # characters: "khoản 1.256" is a thousand, "tài khoản 8888.6868.1234" is not
MONTHS = 12
NEAR = 60  # characters
_LOST_DEGREE = re.compile(r"(?<=\d\d)C(?![^\W_])")  # 18-220C, where ° was a small nought
_DECIMAL = re.compile(r"\d{1,9}\.\d{1,2}")
_DECIMAL_OF = re.compile(r"\s?(?:điểm|triệu|tỷ|nghìn|độ|phần|lần)(?!\w)", re.IGNORECASE)
_RANGED = re.compile(r"(?:\s?[-–]\s?|\s(?:đến|lên|xuống|còn)\s)\d+(?:\.\d{1,2})?(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_FOLLOWS = re.compile(r" (?:19|20)\d\d(?![\d.,])")
_TWO = re.compile(r"([1-9]\d?),([1-9]\d?)")
_NAME_AND_COUNT = re.compile(r"(\d{1,2}) (\d{3})")
_MARKS_GIVEN = re.compile(r"\b[Đđ]iểm\b")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


def number(c: Context, i: int) -> Said:
    """A figure with what belongs to it: a range, a unit, a rate."""
    if (said := first_said(NUMBERS, c, i)) is not None:
        return said
    return _measured(c, c.tokens[i].text, i)


def _measured(c: Context, text: str, i: int) -> Said:
    point = "phẩy" if _is_decimal(c, i) else "chấm"
    return measured(c, figure(text, c.options.zero_tens, point), i + 1, "number")


def _no_minutes(c: Context, i: int) -> Said | None:
    of_the_clock = c.tokens[i].text == "00" and c.before(i) == "giờ"
    if not of_the_clock or "giây" in c.after(i, 3).split():
        return None
    return Said("", i + 3 if c.after(i) == "phút" else i + 1, "time")


def _lost_degree(c: Context, i: int) -> Said | None:
    token = c.tokens[i]
    if token.text[-1] != "0" or not _LOST_DEGREE.match(c.text, token.end):
        return None
    if not any(f" {word} " in c.near(i) for word in cues("warmth")):
        return None
    return Said(f"{figure(token.text[:-1], c.options.zero_tens)} độ", i + 2, "unit")


def _ordinal(c: Context, i: int) -> Said | None:
    value = integer(c.tokens[i].text)
    if value is None or c.before(i) not in cues("ordinal"):
        return None
    return Said(ordinal(value, c.options.zero_tens), i + 1, "ordinal")


def _first_of_months(c: Context, i: int) -> Said | None:
    value = integer(c.tokens[i].text)
    following = c.tokens[i + 1 : i + 3]
    ranged = len(following) == 2 and following[0].text in DASHES and following[1].kind == "month"
    if not ranged or value is None or not 1 <= value <= MONTHS:
        return None
    lead = "" if c.before(i) == "tháng" else "tháng "
    return Said(f"{lead}{month(value)} đến", i + 2, "date")


def _month(c: Context, i: int) -> Said | None:
    token = c.tokens[i]
    value = integer(token.text)
    if value is None or not 1 <= value <= MONTHS or c.before(i) != "tháng":
        return None
    year = " năm" if _YEAR_FOLLOWS.match(c.text, token.end) else ""
    return Said(f"{month(value)}{year}", i + 1, "date")


def _named(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    return Said(digits(text), i + 1, "digits") if _is_digit_wise(c, i) else None


def _named_in_groups(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if "." not in text or not _names_in_groups(c, i):
        return None
    return Said(", ".join(map(digits, text.split("."))), i + 1, "phone")


def _two_in_a_row(c: Context, i: int) -> Said | None:
    two = _TWO.fullmatch(c.tokens[i].text)
    if not two or c.before(i) not in cues("listed"):
        return None
    first, second = int(two[1]), int(two[2])
    if second != first + 1:
        return None
    return Said(f"{cardinal(first)}, {cardinal(second)}", i + 1, "number")


def _name_and_count(c: Context, i: int) -> Said | None:
    both = _NAME_AND_COUNT.fullmatch(c.tokens[i].text)
    if not both or c.before(i) not in cues("listed"):
        return None
    counted = measured(c, cardinal(int(both[2]), c.options.zero_tens), i + 1, "number")
    return counted._replace(spoken=f"{cardinal(int(both[1]))}, {counted.spoken}")


def _thousands_with_a_comma(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not _THOUSANDS.fullmatch(text) or not _counts_thousands(c, i):
        return None
    return measured(c, cardinal(int(text.replace(",", "")), c.options.zero_tens), i + 1, "number")


# Read from above: the first rule that holds says the figure.
NUMBERS = (
    Rule("no minutes", _no_minutes, "lúc 8 giờ 00 phút", "lúc tám giờ"),
    Rule("a lost degree", _lost_degree, "nhiệt độ 220C", "nhiệt độ hai mươi hai độ"),
    Rule("ordinal", _ordinal, "lần thứ 4", "lần thứ tư"),
    Rule(
        "first of months",
        _first_of_months,
        "tháng 02-03/2000",
        "tháng hai đến tháng ba năm hai nghìn",
    ),
    Rule("month", _month, "tháng 4 2025", "tháng tư năm hai nghìn không trăm hai mươi lăm"),
    Rule("names", _named, "mã số 123456", "mã số một hai ba bốn năm sáu"),
    Rule(
        "names, in groups",
        _named_in_groups,
        "gọi 3.866.456",
        "gọi ba, tám sáu sáu, bốn năm sáu",
    ),
    Rule("days", days_at, "ngày 5.3", "ngày năm tháng ba"),
    Rule("two in a row", _two_in_a_row, "lớp 5,6", "lớp năm, sáu"),
    Rule("a name and a count", _name_and_count, "thôn 3 250 hộ", "thôn ba, hai trăm năm mươi hộ"),
    Rule(
        "thousands with a comma",
        _thousands_with_a_comma,
        "có 1,256 hộ",
        "có một nghìn hai trăm năm mươi sáu hộ",
    ),
)


class Figure(NamedTuple):
    """Digits without a mark, and what stands around them."""

    c: Context
    i: int
    text: str
    before: str
    after: str

    @property
    def is_counted(self) -> bool:
        """Whether what follows is what there are so many of: "gọi 250 đoàn viên", "113 hộ"."""
        if self.after in cues("counted") | cues("counted people") | tables.magnitudes():
            return True
        return unit_pattern().match(self.c.text, self.c.tokens[self.i].end) is not None

    @property
    def has_an_end(self) -> bool:
        """Whether a mark, or a word that says what to call for, follows: "gọi 114.", "gọi 115 để"."""
        return not self.after[:1].isalpha() or self.after in cues("after a number to call")


def _is_digit_wise(c: Context, i: int) -> bool:
    """Numbers that name rather than count: phones, accounts, the 02 of a document, J02 and PC07."""
    text = c.tokens[i].text
    if not text.isdigit():
        return False
    return first_verdict(NAMING, Figure(c, i, text, c.before(i), c.after(i)))


def _is_called(case: Figure) -> bool:
    """After "gọi", where nothing is counted; after "đường dây nóng" unless something plainly is."""
    around = f" {case.c.before(case.c.first_of_list(case.i), 3)} "
    if any(f" {cue} " in around for cue in cues("number to call")):
        return not case.is_counted
    weak = any(f" {cue} " in around for cue in cues("perhaps a number to call"))
    return weak and case.has_an_end and " kêu gọi " not in around


def _is_numbered(case: Figure) -> bool:
    around = f" {case.c.before(case.c.first_of_list(case.i), 3)} "
    long = len(case.text) >= SHORTEST_NUMBERED or _in_groups(case.c, case.i)
    return long and any(f" {cue} " in around for cue in cues("number that names"))


def _is_an_emergency(case: Figure) -> bool:
    around = case.c.near(case.i)
    called = cues("number to call") | cues("perhaps a number to call")
    return (
        case.text in cues("emergency")
        and not case.is_counted
        and any(f" {cue} " in around for cue in called)
    )


def _is_a_long_number(case: Figure) -> bool:
    if len(case.text) < SHORTEST_NUMBERED or case.before != "số":
        return False
    return case.c.before(case.i, 2).split()[0] not in cues("counting")


NAMING: tuple[Sign[Figure], ...] = (
    Sign(
        "a year",
        False,
        lambda case: case.before == "năm" and _YEAR.fullmatch(case.text) is not None,
        "gọi nhập ngũ năm 2024",
        "gọi nhập ngũ năm hai nghìn không trăm hai mươi tư",
    ),
    Sign(
        "a document's number",
        True,
        lambda case: (
            case.text[0] == "0"
            and _after_a_document(case.c, case.i)
            and case.after not in tables.magnitudes()
            and not _counts_after_a_document(case)
        ),
        "Đề án 06 của xã",
        "Đề án không sáu của xã",
    ),
    Sign(
        "in a name",
        True,
        lambda case: (
            _in_a_name(case.c, case.i)
            and (
                case.text[0] == "0"
                or (len(case.text) >= SHORTEST_IN_A_NAME and not case.text.endswith("00"))
            )
        ),
        "xe máy XL-01",
        "xe máy ích lờ không một",
    ),
    Sign(
        "after a series",
        True,
        lambda case: len(case.text) >= SHORTEST_NUMBERED and _after_a_code(case.c, case.i),
        "giấy BK 123456",
        "giấy bê ca một hai ba bốn năm sáu",
    ),
    Sign(
        "too short to name",
        False,
        lambda case: len(case.text) < SHORTEST_CALLED,
        "gọi 25 người",
        "gọi hai mươi lăm người",
    ),
    Sign(
        "sent to",
        True,
        lambda case: case.before == "gửi" and case.has_an_end,
        "soạn tin gửi 1414",
        "soạn tin gửi một bốn một bốn",
    ),
    Sign(
        "fine gold",
        True,
        lambda case: case.text == FINE_GOLD and " vàng " in case.c.near(case.i),
        "vàng 9999",
        "vàng chín chín chín chín",
    ),
    Sign(
        "a long number",
        True,
        _is_a_long_number,
        "thẻ số 123456",
        "thẻ số một hai ba bốn năm sáu",
    ),
    Sign(
        "an emergency",
        True,
        _is_an_emergency,
        "gọi cứu hỏa theo số 114",
        "gọi cứu hỏa theo số một một bốn",
    ),
    Sign(
        "to call",
        True,
        _is_called,
        "tổng đài 1022 tiếp nhận",
        "tổng đài một không hai hai tiếp nhận",
    ),
    Sign(
        "after a phone",
        True,
        lambda case: (
            case.c.tokens[case.c.first_of_list(case.i)].kind == "phone" and not case.is_counted
        ),
        "gọi 0219.3866.456, 114",
        "gọi không hai một chín, ba tám sáu sáu, bốn năm sáu, một một bốn",
    ),
    Sign(
        "of an account",
        True,
        _is_numbered,
        "Số TK: 1500201234567",
        "Số tài khoản, một năm không không hai không một hai ba bốn năm sáu bảy",
    ),
)


def _in_groups(c: Context, i: int) -> bool:
    """Whether only a space parts a figure from the next: "tài khoản 1020 1000 2345"."""
    for step in (-1, 1):
        following = c.neighbour(i, step)
        apart = c.beside(i, step) is None
        if apart and following and following.kind == "number" and following.text.isdigit():
            return True
    return False


def _names_in_groups(c: Context, i: int) -> bool:
    """Figures in groups after "gọi" or "tài khoản"; those after "khoản" and "mã số" only when they are many."""
    text, around = c.tokens[i].text, f" {c.before(i, 3)} "
    called = cues("number to call") | cues("perhaps a number to call")
    if any(f" {cue} " in around for cue in called):
        # "gọi 1.150 công dân nhập ngũ"
        return not GROUPED.fullmatch(text) or len(text) > LONGEST_MARKED
    numbered = any(f" {cue} " in around for cue in cues("number that names"))
    return len(text) > LONGEST_MARKED and numbered


def _counts_thousands(c: Context, i: int) -> bool:
    """Whether 1,500 is a thousand and a half of a thousand: money, people, what has no fractions.

    Nobody writes a nought at the end of a decimal: 28,500 is none, whatever follows. What is measured
    (12,125 ha) or counted by a magnitude (1,256 tỷ) has decimals.
    """
    token = c.tokens[i]
    if token.text.endswith("0"):
        return bool(c.before(i) or c.after(i))  # alone, it may be anything
    if c.after(i) in tables.magnitudes():
        return False
    unit = unit_pattern().match(c.text, token.end)
    if unit:
        return tables.units()[unit[1]] in cues("money")
    return c.after(i) in cues("counted") | cues("counted people") | cues("money")


def _is_decimal(c: Context, i: int) -> bool:
    """8.5 điểm and 3.5 km are decimals as a foreigner writes them; 4.0 and 2.1.6 are versions."""
    text = c.tokens[i].text
    if not _DECIMAL.fullmatch(text):
        return False
    marks = c.since(_MARKS_GIVEN, i)  # "Điểm trung bình: Toán 6,35; Văn 7.25"
    of_marks = marks is not None and len(marks) < NEAR and c.before(i) not in cues("section")
    if of_marks and len(text.partition(".")[2]) == 2:
        return True
    ranged = _RANGED.match(c.text, c.tokens[i].end)  # 3.5-4.5 km, từ 1.05 lên 1.45 triệu
    end = ranged.end() if ranged else c.tokens[i].end
    return bool(_DECIMAL_OF.match(c.text, end) or unit_pattern().match(c.text, end))


def _after_a_document(c: Context, i: int) -> bool:
    """The 06 of "Đề án 06" and "số 06"; "trong số 06 hộ" counts."""
    *earlier, last = c.before(i, 2).split() or [""]
    first = earlier[0] if earlier else ""
    if last == "số":
        return first not in cues("counting")
    previous = c.neighbour(i, -1)
    short = previous is not None and (
        previous.text in tables.documents() or previous.text in cues("standard")
    )  # "HD 05"
    return short or bool({last, f"{first} {last}"} & tables.document_names())


def _counts_after_a_document(case: Figure) -> bool:
    """ "báo cáo 09 tháng": so many months; "Chỉ thị 05 tháng 3" has the day it was made."""
    if case.before == "số" or case.after not in cues("counted after a document"):
        return False
    return not case.c.after(case.i, 2).split()[-1].isdigit()


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
