"""Days as they stand in a text: what may tell for them and against them,
each a question with a name.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context
from service.vietnamese.days import Days, in_a_calendar
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

LARGEST_PART = 10  # fractions go up to tenths
ALWAYS = (24, 7)  # hours a day, days a week: "trực 24/7"
FAR = 50  # characters
LONGEST_WEEKDAY = 14  # characters, with a mark and spaces
FALLING = ("xuống", "xuống còn", "còn")
SPANNING = ("từ", "trước", "sau", "đến", "tới")
SEVERAL = ("từ", "các", "hai", "ba", "những")  # "từ ngày 5-7" is a span of numbers
_EVENT = re.compile(
    r"\b(?:ngày|dịp|lễ|quốc khánh|kỷ niệm|chào mừng|mừng)\b", re.IGNORECASE
)
_NAMED_DAY = re.compile(r"\b[Nn]gày (?=[A-ZĐ])")
_WEEKDAY = re.compile(
    r"(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)[,:]?\s?[(“\"]?$",
    re.IGNORECASE,
)
BY_THE_MOON = re.compile(r"\s\(?(?:ÂL|AL|âl|âm lịch|DL|dl|dương lịch)(?!\w)")
_UNTIL = re.compile(r"\s(?:đến|tới)\s(?:hết\s)?(?:tháng|ngày|nay|cuối)")
_DECIMAL_OF = re.compile(r"\s?(?:điểm|triệu|tỷ|nghìn|độ|phần|lần)(?!\w)", re.IGNORECASE)
_PART = r"(\d{1,2})/(\d{1,2})(?![\d/])"
_PARTS = re.compile(
    rf"(?<![\d/.,]){_PART}\s?(-|–|đến|tới|lên|xuống còn|xuống|còn)\s?{_PART}(?:\s([^\W\d_]{{1,7}}))?"
)


class Case(NamedTuple):
    """Days and what stands around them: the token that they begin with,
    the words before and after.
    """

    c: Context
    i: int
    days: Days
    end: int
    before: str
    after: str

    @property
    def number(self) -> int:
        """Of the first day."""
        return self.days.days[0].number

    @property
    def of_month(self) -> int:
        """Of the last day."""
        return self.days.last.month or 1

    @property
    def exceeds(self) -> bool:
        """Whether the day is larger than the month: 29/11 is more than its whole."""
        return self.number > self.of_month

    @property
    def is_alone(self) -> bool:
        """Whether it is one day."""
        return len(self.days.days) == 1

    @property
    def is_a_span(self) -> bool:
        """Whether it is a first and a last day, each with its month or not."""
        return len(self.days.days) == 2 and not self.days.joints[0].startswith(
            (",", "và", "hoặc")
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
    return clock or c.before(i, 2) in cues(Cue.WHEN) or _after_the_clock(c, i)


def ends_a_list_of_days(c: Context, i: int) -> bool:
    """The last of "các ngày 20, 21, 22/11"."""
    first = c.first_of_list(i)
    return first != i and c.before(first) in cues(Cue.DAY)


def _after_the_clock(c: Context, i: int) -> bool:
    """ "từ 20h30-21h30, 22/3"."""
    earlier = [token for token in c.tokens[max(0, i - 3) : i] if token.kind != "space"]
    return len(earlier) > 1 and earlier[-1].text == "," and earlier[-2].kind == "time"


def after_the_hour(c: Context, i: int) -> bool:
    """7h/15/9."""
    return i > 1 and c.tokens[i - 1].text == "/" and c.tokens[i - 2].kind == "time"


def has_a_name(c: Context, i: int) -> bool:
    """ "Ngày Pháp luật 9/11"."""
    name = c.since(_NAMED_DAY, i)
    return name is not None and len(name) < FAR and not re.search(r"[\d.,;:(]", name)


def is_of_an_event(case: Case) -> bool:
    """The day of a feast, as in "Ngày Phụ nữ Việt Nam 20-10" and "Quốc khánh 2-9"."""
    between = case.c.since(_EVENT, case.i)
    if between is None or len(between) > FAR or re.search(r"[\d.,;:]", between):
        return False
    return case.exceeds or (case.number, case.of_month) in tables.days()


def is_known(case: Case) -> bool:
    """A day that is known by its date: 2/9, 20/11."""
    return (case.number, case.of_month) in tables.days()


def goes_on_from_a_day(case: Case) -> bool:
    """The 1/5 of "30/4, 1/5": what stands before is more than its whole,
    so it is a day, and so is this.
    """
    previous = case.c.neighbour(case.i, -1)
    if previous is None or previous.text not in (",", "và", "hoặc", "-", "–"):
        return False
    earlier = case.c.before(case.i, 2).removesuffix(f" {previous.text}").split()[-1:]
    over, slash, under = "".join(earlier).partition("/")
    if not slash or not (over.isdigit() and under.isdigit()):
        return False
    falls = int(over) > int(under) and in_a_calendar(int(over), int(under))
    return falls and not case.exceeds and (is_known(case) or ends_there(case))


def counts(case: Case) -> bool:
    """ "mở 1/5 cửa van": what a share is of stands after it, after a day a small word or nothing."""
    return (
        not case.exceeds
        and case.after.isalpha()
        and case.after not in cues(Cue.AFTER_A_DAY)
    )


def and_a_part(case: Case) -> bool:
    """The 1/2 of "2 và 1/2"."""
    whole, *joined = case.c.before(case.i, 2).split()
    return (
        joined == ["và"]
        and whole.isdigit()
        and case.number < case.of_month <= LARGEST_PART
    )


def is_of_parts(c: Context, i: int) -> bool:
    """Whether a/b is one end of "từ 1/3 đến 1/2 diện tích" or "giảm từ 1/3 xuống 1/4":
    parts, no days.
    """
    token = c.tokens[i]
    ranges = _PARTS.finditer(c.text, max(0, token.start - FAR), token.end + FAR)
    span = next((span for span in ranges if span.end(5) >= token.end), None)
    if not span or span.start() > token.start:
        return False
    over, under, to_over, to_under = (int(span[n]) for n in (1, 2, 4, 5))
    if not (over < under <= LARGEST_PART and to_over < to_under <= LARGEST_PART):
        return False
    if span[3] in FALLING:
        return True
    shared = (
        span[6] in cues(Cue.SHARED)
        or unit_pattern().match(c.text, span.end(5)) is not None
    )
    return over * to_under < to_over * under and (span[3] == "lên" or shared)


def in_brackets(case: Case) -> bool:
    """ "21h00 (28/11)"."""
    c, end = case.c, case.end
    left = c.beside(case.i, -1)
    return bool(
        left and left.text == "(" and end < len(c.tokens) and c.tokens[end].text == ")"
    )


def is_measured(case: Case) -> bool:
    """A unit, or what decimals are told of, stands after: 5.3-20.3 km, 7.5-8.5 điểm."""
    end = case.days.last.end
    return bool(
        unit_pattern().match(case.c.text, end) or _DECIMAL_OF.match(case.c.text, end)
    )


def ends_there(case: Case) -> bool:
    """A mark or a small word stands after, so that nothing is counted."""
    return not case.after[:1].isalnum() or case.after.rstrip(",.;") in cues(
        Cue.AFTER_A_DAY
    )


def begins_a_span(case: Case) -> bool:
    """ "từ 22-3 đến tháng 8"."""
    return (
        case.before == "từ"
        and _UNTIL.match(case.c.text, case.days.last.end) is not None
    )


def rises(case: Case) -> bool:
    """Whether the last day of a span does not come before its first,
    as years go: 28.12 - 3.1 is no decimal.
    """
    first, last = case.days.days[0], case.days.last
    begins = (first.month or case.of_month, first.number)
    ends = (case.of_month, last.number)
    return begins < ends or (begins[0] > 10 and ends[0] < 3)


def is_several(case: Case) -> bool:
    """ "từ ngày 5-7" and "những ngày 5-7 Tết": numbers of days, not a day and its month."""
    named_before = case.c.before(case.i, 2).split()[:1]
    tet = case.c.text.startswith(" Tết", case.days.last.end)
    return not case.exceeds and (
        tet or named_before[0] in SEVERAL if named_before else tet
    )


def counts_points(case: Case) -> bool:
    """ "IELTS từ 6.5", "điểm từ 5.5": marks, of which the least is told."""
    what, _, word = case.c.before(case.i, 2).partition(" ")
    return word == "từ" and what in cues(Cue.AMOUNT, Cue.VERSION)


def can_be_nothing_else(case: Case) -> bool:
    """29/11 is more than its whole, and no address, no blood pressure: a day."""
    other = cues(Cue.ADDRESS, Cue.AMOUNT, Cue.PRESSURE)
    return (
        case.exceeds
        and case.before not in other
        and "lệ" not in case.c.before(case.i, 2)
        and not is_measured(case)
    )


def written_with_a_slash(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """For one day, and written 15/5."""
    return lambda case: case.is_alone and case.days.mark == "/" and holds(case)


def written_with_a_point(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """For one day, and written 15.5 or 15-5: more often these are something else."""
    return lambda case: case.is_alone and case.days.mark != "/" and holds(case)


def of_a_span(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """For a first and a last day."""
    return lambda case: case.is_a_span and holds(case)
