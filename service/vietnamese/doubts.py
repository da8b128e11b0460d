"""What could be said otherwise: a second look that turns a reading with a rival into a doubt.

Each kind of doubt is a row of `DOUBTS`: the kinds of tokens it concerns, what else they may be, an
example whose rival is a test, and a counter-example that is plain. A doubt changes nothing of what
is said.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.day_case import is_of_parts
from service.vietnamese.numbers import cardinal, digits, month, roman
from service.vietnamese.syllable import spell
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

DAYS, MONTHS = 31, 12
ALWAYS = "24/7"
SPANS_OF_TIME = ("năm", "lần", "tết")  # "5-7 năm", although "3-5 năm 2024" is a day
EACH_MONTH = ("hằng tháng", "hàng tháng", "mỗi tháng")  # from the 5th to the 10th
SHORTEST_NAMING, LETTERS_OF_A_NAME = 3, 2  # digits, and letters before them: NK 6253
SHORTEST_SERIES = 5  # digits without a point that may name rather than count
LEAST_MONEY = 100  # đồng: nobody asks for less, but marks are told so
SINGLE_NUMERALS = frozenset("IVX")
ENDING = frozenset(".,;:!?)”")
SMALL_SIGNS = frozenset("<>=+#*")  # said by their names in formulas only
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})")
_COUNT = re.compile(r"[1-9]\d{1,3}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = re.compile(r"\d{1,2}")
_COMMA = re.compile(r"(\d{1,3}),(\d{3})")
_POINT = re.compile(r"(\d{1,3})\.(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})")
_MARKS = re.compile(r"(\d{1,2})\s?[đĐ]")
_AGE = re.compile(r"(\d{1,2})[tT]")


class Doubt(NamedTuple):
    """A kind of reading that may be another.

    `rival` gives the other words, "" where nothing speaks for them.
    """

    name: str
    kind: str  # of a token
    rule: str  # that it was said by
    rival: Callable[[Context, int, Said], str]
    example: str
    rival_said: str
    plain: str  # looks alike, and is no doubt


def second_look(c: Context, i: int, said: Said) -> Said:
    """What a token is said as, marked with its rival where it has one."""
    if said.doubt or not said.rule:
        return said
    for doubt in _BY_KIND_AND_RULE.get((c.tokens[i].kind, said.rule), ()):
        if rival := doubt.rival(c, i, said):
            return said._replace(doubt=True, rivals=(rival,))
    return said


def _written(c: Context, i: int, said: Said) -> str:
    """All that was said at once, as it is written."""
    return c.text[c.tokens[i].start : c.tokens[said.end - 1].end]


def _named_day(number: int, of_month: int) -> str:
    """ "ngày bảy tháng mười hai"; "" where there is no such day."""
    if not (0 < number <= DAYS and 0 < of_month <= MONTHS):
        return ""
    return f"ngày {cardinal(number)} tháng {month(of_month)}"


def _is_counted(c: Context, i: int) -> bool:
    """Whether a unit or a word in small letters follows token `i`, as what there are so many of."""
    if unit_pattern().match(c.text, c.tokens[i].end):
        return True
    following = c.neighbour(i, 1)
    if following is None or following.kind != "word" or not following.text.islower():
        return False
    return following.text not in tables.cues(Cue.AFTER_A_DAY)


def _a_day_with_a_point(c: Context, i: int, said: Said) -> str:
    """7.12 said as a figure: no version, item or brand stands before it, and no unit after it."""
    date = _DAY.fullmatch(c.tokens[i].text)
    if date is None or " chấm " not in said.spoken or c.beside(i, -1) is not None:
        return ""
    previous = c.neighbour(i, -1)
    named = previous is None or previous.text[0].isupper()
    if named or c.before(i) in tables.cues(Cue.VERSION):
        return ""
    return _named_day(int(date[1]), int(date[2]))


def _a_decimal(c: Context, i: int, said: Said) -> str:
    """8.75 said with "chấm", where nothing before it names a version, an item or a brand."""
    decimal = _POINT.fullmatch(c.tokens[i].text)
    if decimal is None or " chấm " not in said.spoken or c.beside(i, -1) is not None:
        return ""
    previous = c.neighbour(i, -1)
    named = previous is None or not previous.text.islower()
    if named or c.before(i) in tables.cues(Cue.VERSION, Cue.SECTION):
        return ""
    return said.spoken.replace(" chấm ", " phẩy ")


def _a_count(c: Context, i: int, said: Said) -> str:
    """ "tổng đài 200 ghế" said digit by digit: no hotline that everybody knows,
    and something is counted.
    """
    text = c.tokens[i].text
    if not _COUNT.fullmatch(text):
        return ""
    previous, following = c.neighbour(i, -1), c.neighbour(i, 1)
    if previous is not None and previous.kind == "number":
        return ""  # a group of an account
    counted = (
        following is not None and following.kind == "word" and following.text.islower()
    )
    if not counted or text in tables.cues(Cue.HOTLINE):
        return ""
    return cardinal(int(text), c.options.zero_tens)


def _a_series(c: Context, i: int, said: Said) -> str:
    """12345 said as a count: who counts so many writes points, and says of what."""
    text = c.tokens[i].text
    named = c.neighbour(i, -1)
    long = text.isdigit() and len(text) >= SHORTEST_SERIES
    if named is not None and named.text.isupper():
        return ""  # ISO 22000
    return digits(text) if long and not _is_counted(c, i) else ""


def _an_emergency(c: Context, i: int, said: Said) -> str:
    """114 said as a count, where nothing is counted."""
    text = c.tokens[i].text
    following = c.neighbour(i, 1)
    ends = following is None or following.text in ENDING
    known = text in tables.cues(Cue.EMERGENCY) and c.before(i) == "số"
    return digits(text) if known and ends else ""


def _thousands(c: Context, i: int, said: Said) -> str:
    """1,256 said as a decimal, where no unit tells that it is one."""
    parts = _COMMA.fullmatch(c.tokens[i].text)
    if parts is None or " phẩy " not in said.spoken or parts[1] == "0":
        return ""
    if c.after(i) in tables.magnitudes():
        return ""
    return cardinal(int(parts[1] + parts[2]), c.options.zero_tens)


def _marks(c: Context, i: int, said: Said) -> str:
    """9đ said as money: so little is none, but marks of an examination are told so."""
    marks = _MARKS.fullmatch(_written(c, i, said))
    if (
        marks is None
        or not said.spoken.endswith("đồng")
        or int(marks[1]) >= LEAST_MONEY
    ):
        return ""
    return f"{cardinal(int(marks[1]), c.options.zero_tens)} điểm"


def _an_age(c: Context, i: int, said: Said) -> str:
    """67t said as tonnes, where nothing is loaded."""
    age = _AGE.fullmatch(_written(c, i, said))
    if age is None or not said.spoken.endswith("tấn"):
        return ""
    if not tables.cues(Cue.LOADED).isdisjoint(c.before(i, 3).split()):
        return ""
    return f"{cardinal(int(age[1]), c.options.zero_tens)} tuổi"


def _a_slashed_day(c: Context, i: int, said: Said) -> str:
    """3/5 said as a share, where nothing after it is shared or counted."""
    date = _SLASHED.fullmatch(c.tokens[i].text)
    if date is None or _is_counted(c, i) or date[0] == ALWAYS:
        return ""
    right = c.beside(i, 1)
    joined = right is not None and right.text not in ENDING
    if joined or c.before(i) in tables.cues(
        Cue.ADDRESS, Cue.AMOUNT, Cue.PRESSURE, Cue.ORDINAL
    ):
        return ""
    return "" if is_of_parts(c, i) else _named_day(int(date[1]), int(date[2]))


def _a_dashed_day(c: Context, i: int, said: Said) -> str:
    """30-4 said as a range, where nothing is counted and no word before it begins a range."""
    if said.spoken != "đến":
        return ""
    left, right = c.beside(i, -1), c.beside(i, 1)
    if left is None or right is None:
        return ""
    bare = _BARE.fullmatch(left.text) and _BARE.fullmatch(right.text)
    named = c.neighbour(i - 1, -1)
    if not bare or named is None or not named.text.islower() or _is_counted(c, i + 1):
        return ""
    if c.after(i + 1) in SPANS_OF_TIME or c.after(i + 1, 2) in EACH_MONTH:
        return ""
    of_a_range = named.text in tables.cues(
        Cue.LEVEL, Cue.NUMERAL, Cue.LISTED, Cue.ADDRESS, Cue.AMOUNT
    )
    return "" if of_a_range else _named_day(int(left.text), int(right.text))


def _no_minus(c: Context, i: int, said: Said) -> str:
    """-19 said as a negative, where no degrees are measured."""
    if said.spoken != "âm":
        return ""
    right = c.beside(i, 1)
    if right is None or right.kind != "number":
        return ""
    of_degrees = tables.mentions(c.near(i), Cue.WARMTH)
    return "" if of_degrees or _is_counted(c, i + 1) else ","


def _no_formula(c: Context, i: int, said: Said) -> str:
    """The + of "mẹ + bé", said by its name: no figure stands beside it."""
    text = c.tokens[i].text
    if text not in SMALL_SIGNS:
        return ""
    sides = (c.neighbour(i, -1), c.neighbour(i, 1))
    words = all(
        side is not None and side.kind == "word" and len(side.text) > 1
        for side in sides
    )
    return "," if words else ""


def _a_single_numeral(c: Context, i: int, said: Said) -> str:
    """The V of "hội nghị V", said as a letter."""
    text = c.tokens[i].text
    previous = c.neighbour(i, -1)
    if text not in SINGLE_NUMERALS or previous is None:
        return ""
    if not previous.text.islower() or c.before(i) in tables.cues(Cue.LETTER):
        return ""
    return cardinal(roman(text) or 0)


def _letters(c: Context, i: int, said: Said) -> str:
    """Two or three small letters taken for an abbreviation, or capitals alone taken for a word."""
    text = c.tokens[i].text
    if text.isascii() and not c.capitals:
        alone = not any(
            side is not None and side.text.isupper()
            for side in (c.neighbour(i, -1), c.neighbour(i, 1))
        )
        return spell(text) if alone else ""
    return ""


def _a_name_and_its_figure(c: Context, i: int, said: Said) -> str:
    """NK 6253 said as "nhiệm kỳ" and a count.

    Two letters that are no document, and a long figure after them that counts nothing.
    """
    text, following = c.tokens[i].text, c.neighbour(i, 1)
    if following is None or following.kind != "number" or not text.isupper():
        return ""
    figure = following.text
    long = figure.isdigit() and len(figure) >= SHORTEST_NAMING
    counts = _YEAR.fullmatch(figure) or _is_counted(c, c.at(following.start, i))
    if not long or counts or text in tables.documents():
        return ""
    return spell(text) if len(text) == LETTERS_OF_A_NAME else ""


DOUBTS = (
    Doubt(
        "a day with a point",
        "number",
        "number",
        _a_day_with_a_point,
        "quét rác vào 7.12",
        "ngày bảy tháng mười hai",
        "phiên bản 7.12",
    ),
    Doubt(
        "a decimal",
        "number",
        "number",
        _a_decimal,
        "lãi suất giữ 7.45",
        "bảy phẩy bốn mươi lăm",
        "mục 7.45",
    ),
    Doubt(
        "a count",
        "number",
        "digits",
        _a_count,
        "tổng đài 250 hỏi",
        "hai trăm năm mươi",
        "gọi 113 ngay",
    ),
    Doubt(
        "a series",
        "number",
        "number",
        _a_series,
        "phiếu ghi 12345",
        "một hai ba bốn năm",
        "phiếu của 12345 người",
    ),
    Doubt(
        "thousands",
        "number",
        "number",
        _thousands,
        "xã gieo 1,256",
        "một nghìn hai trăm năm mươi sáu",
        "xã gieo 1,256 ha",
    ),
    Doubt(
        "an emergency",
        "number",
        "number",
        _an_emergency,
        "bà con nhớ số 114.",
        "một một bốn",
        "bà con nhớ 114 hộ",
    ),
    Doubt("marks", "number", "unit", _marks, "em được 9đ", "chín điểm", "phí 900đ"),
    Doubt(
        "an age",
        "number",
        "unit",
        _an_age,
        "cụ Mỷ 67t đến",
        "sáu mươi bảy tuổi",
        "xe tải 5t",
    ),
    Doubt(
        "a day with a slash",
        "ratio",
        "ratio",
        _a_slashed_day,
        "họp bản 3/5.",
        "ngày ba tháng năm",
        "có 3/5 bản họp",
    ),
    Doubt(
        "a day with a dash",
        "mark",
        "range",
        _a_dashed_day,
        "khai mạc đợt ấy 3-5.",
        "ngày ba tháng năm",
        "có 3-5 bản họp",
    ),
    Doubt("no minus", "mark", "number", _no_minus, "dịch sởi -19", ",", "lạnh -2°C"),
    Doubt("no formula", "mark", "symbol", _no_formula, "mẹ + bé", ",", "5 + 3"),
    Doubt(
        "a single numeral",
        "word",
        "spelled",
        _a_single_numeral,
        "anh theo V",
        "năm",
        "vitamin C",
    ),
    Doubt(
        "a name and its figure",
        "word",
        "abbreviation",
        _a_name_and_its_figure,
        "chọn NK 6253.",
        "nờ ca",
        "có NK 6253 tấn",
    ),
    Doubt(
        "letters",
        "word",
        "capitals",
        _letters,
        "bà con dùng TINH này",
        "tê i nờ hát",
        "tin VUI CHUNG",
    ),
)

_BY_KIND_AND_RULE = {
    (kind, rule): tuple(doubt for doubt in DOUBTS if doubt[1:3] == (kind, rule))
    for _, kind, rule, *_ in DOUBTS
}
