"""Figures: numbers that count, and those that name."""

import re
from functools import lru_cache

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.day_reading import days_at
from service.vietnamese.measures import measured
from service.vietnamese.naming import is_digit_wise, names_in_groups, of_a_mixture
from service.vietnamese.numbers import cardinal, digits, figure, integer, month, ordinal
from service.vietnamese.rules import Rule, concerning, first_said
from service.vietnamese.tables import cues, mentions
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

DASHES = frozenset("-–—")
MONTHS = 12
LONGEST_DAY = 2  # digits
NEAR = 60  # characters
# 18-220C, where ° was a small nought
_LOST_DEGREE = re.compile(r"(?<=\d\d)C(?![^\W_])")
_DECIMAL = re.compile(r"\d{1,9}\.\d{1,2}")
_DECIMAL_OF = re.compile(r"\s?(?:điểm|triệu|tỷ|nghìn|độ|phần|lần)(?!\w)", re.IGNORECASE)
_RANGED = re.compile(r"(?:\s?[-–]\s?|\s(?:đến|lên|xuống|còn)\s)\d+(?:\.\d{1,2})?(?!\d)")
_YEAR_FOLLOWS = re.compile(r" (?:19|20)\d\d(?![\d.,])")
_TWO = re.compile(r"([1-9]\d?),([1-9]\d?)")
_NAME_AND_COUNT = re.compile(r"(\d{1,2}) (\d{3})")
_MARKS_GIVEN = re.compile(r"\b[Đđ]iểm\b")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


def number(c: Context, i: int) -> Said:
    """A figure with what belongs to it: a range, a unit, a rate."""
    text = c.tokens[i].text
    if (said := first_said(_rules_for(text), c, i)) is not None:
        return said
    return _measured(c, text, i)


# Most rules can be ruled out by the digits and marks of a figure alone
@lru_cache(maxsize=20_000)
def _rules_for(text: str) -> tuple[Rule, ...]:
    return concerning(NUMBERS, text)


def _measured(c: Context, text: str, i: int) -> Said:
    point = "phẩy" if _is_decimal(c, i) else "chấm"
    return measured(c, figure(text, c.options.zero_tens, point), i + 1, "number")


def _no_minutes(c: Context, i: int) -> Said | None:
    if c.before(i) != "giờ" or "giây" in c.after(i, 3).split():
        return None
    return Said("", i + 3 if c.after(i) == "phút" else i + 1, "time")


def _lost_degree(c: Context, i: int) -> Said | None:
    token = c.tokens[i]
    if not _LOST_DEGREE.match(c.text, token.end):
        return None
    if not mentions(c.near(i), Cue.WARMTH):
        return None
    return Said(f"{figure(token.text[:-1], c.options.zero_tens)} độ", i + 2, "unit")


def _ordinal(c: Context, i: int) -> Said | None:
    value = integer(c.tokens[i].text) if c.before(i) in cues(Cue.ORDINAL) else None
    if value is None:
        return None
    return Said(ordinal(value, c.options.zero_tens), i + 1, "ordinal")


def _first_of_months(c: Context, i: int) -> Said | None:
    following = c.tokens[i + 1 : i + 3]
    ranged = (
        len(following) == 2
        and following[1].kind == "month"
        and following[0].text in DASHES
    )
    if not ranged:
        return None
    lead = "" if c.before(i) == "tháng" else "tháng "
    return Said(f"{lead}{month(int(c.tokens[i].text))} đến", i + 2, "date")


def _month(c: Context, i: int) -> Said | None:
    token = c.tokens[i]
    if c.before(i) != "tháng":
        return None
    year = " năm" if _YEAR_FOLLOWS.match(c.text, token.end) else ""
    return Said(f"{month(int(token.text))}{year}", i + 1, "date")


def _is_of_a_month(text: str) -> bool:
    value = integer(text)
    return value is not None and 1 <= value <= MONTHS


def _named(c: Context, i: int) -> Said | None:
    return (
        Said(digits(c.tokens[i].text), i + 1, "digits") if is_digit_wise(c, i) else None
    )


def _named_in_groups(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not names_in_groups(c, i):
        return None
    return Said(", ".join(map(digits, text.split("."))), i + 1, "phone")


def _two_in_a_row(c: Context, i: int) -> Said | None:
    two = _TWO.fullmatch(c.tokens[i].text)
    if not two or c.before(i) not in cues(Cue.LISTED):
        return None
    first, second = int(two[1]), int(two[2])
    if second != first + 1:
        return None
    return Said(f"{cardinal(first)}, {cardinal(second)}", i + 1, "number")


def _name_and_count(c: Context, i: int) -> Said | None:
    both = _NAME_AND_COUNT.fullmatch(c.tokens[i].text)
    if not both or c.before(i) not in cues(Cue.LISTED):
        return None
    counted = measured(c, cardinal(int(both[2]), c.options.zero_tens), i + 1, "number")
    return counted._replace(spoken=f"{cardinal(int(both[1]))}, {counted.spoken}")


def _thousands_with_a_comma(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not _THOUSANDS.fullmatch(text) or not _counts_thousands(c, i):
        return None
    return measured(
        c, cardinal(int(text.replace(",", "")), c.options.zero_tens), i + 1, "number"
    )


# Read from above: the first rule that holds says the figure.
NUMBERS = (
    Rule(
        "no minutes",
        _no_minutes,
        "lúc 8 giờ 00 phút",
        "lúc tám giờ",
        lambda text: text == "00",
    ),
    Rule(
        "a lost degree",
        _lost_degree,
        "nhiệt độ 220C",
        "nhiệt độ hai mươi hai độ",
        lambda text: text[-1] == "0",
    ),
    Rule(
        "ordinal",
        _ordinal,
        "lần thứ 4",
        "lần thứ tư",
        lambda text: integer(text) is not None,
    ),
    Rule(
        "first of months",
        _first_of_months,
        "tháng 02-03/2000",
        "tháng hai đến tháng ba năm hai nghìn",
        _is_of_a_month,
    ),
    Rule(
        "month",
        _month,
        "tháng 4 2025",
        "tháng tư năm hai nghìn không trăm hai mươi lăm",
        _is_of_a_month,
    ),
    Rule(
        "of a mixture",
        of_a_mixture,
        "phân NPK-S 5.10.3-8",
        "phân nờ pê ca ét năm mười ba tám",
        lambda text: len(text.partition(".")[0]) <= LONGEST_DAY,
    ),
    Rule("names", _named, "mã số 123456", "mã số một hai ba bốn năm sáu", str.isdigit),
    Rule(
        "names, in groups",
        _named_in_groups,
        "gọi 3.866.456",
        "gọi ba, tám sáu sáu, bốn năm sáu",
        lambda text: "." in text,
    ),
    Rule(
        "days",
        days_at,
        "ngày 5.3",
        "ngày năm tháng ba",
        lambda text: len(text) <= LONGEST_DAY or not text.isdigit(),
    ),
    Rule(
        "two in a row",
        _two_in_a_row,
        "lớp 5,6",
        "lớp năm, sáu",
        lambda text: _TWO.fullmatch(text) is not None,
    ),
    Rule(
        "a name and a count",
        _name_and_count,
        "thôn 3 250 hộ",
        "thôn ba, hai trăm năm mươi hộ",
        lambda text: _NAME_AND_COUNT.fullmatch(text) is not None,
    ),
    Rule(
        "thousands with a comma",
        _thousands_with_a_comma,
        "có 1,256 hộ",
        "có một nghìn hai trăm năm mươi sáu hộ",
        lambda text: _THOUSANDS.fullmatch(text) is not None,
    ),
)


def _counts_thousands(c: Context, i: int) -> bool:
    """Whether 1,500 is a thousand and a half of a thousand: money, people, what has no fractions.

    Nobody writes a nought at the end of a decimal: 28,500 is none, whatever follows. What is
    measured (12,125 ha) or counted by a magnitude (1,256 tỷ) has decimals.
    """
    token = c.tokens[i]
    if token.text.endswith("0"):
        return bool(c.before(i) or c.after(i))  # alone, it may be anything
    if c.after(i) in tables.magnitudes():
        return False
    unit = unit_pattern().match(c.text, token.end)
    if unit:
        return tables.units()[unit[1]] in cues(Cue.MONEY)
    return c.after(i) in cues(Cue.COUNTED, Cue.COUNTED_PEOPLE, Cue.MONEY)


def _is_decimal(c: Context, i: int) -> bool:
    """8.5 điểm and 3.5 km are decimals as a foreigner writes them; 4.0 and 2.1.6 are versions."""
    text = c.tokens[i].text
    if not _DECIMAL.fullmatch(text):
        return False
    marks = c.since(_MARKS_GIVEN, i)  # "Điểm trung bình: Toán 6,35; Văn 7.25"
    of_marks = (
        marks is not None and len(marks) < NEAR and c.before(i) not in cues(Cue.SECTION)
    )
    if of_marks and len(text.partition(".")[2]) == 2:
        return True
    # 3.5-4.5 km, từ 1.05 lên 1.45 triệu
    ranged = _RANGED.match(c.text, c.tokens[i].end)
    end = ranged.end() if ranged else c.tokens[i].end
    return bool(_DECIMAL_OF.match(c.text, end) or unit_pattern().match(c.text, end))
