"""Days as people write them: one grammar for single days, spans and lists, whatever mark they are written with.

    days  = days in a row, joint by joint
    day   = number [mark month [mark year]]     the mark is "/", "." or "-", the same in both places
    joint = "-" | "–" | "đến" | "tới"           a span
          | "," | "và" | "hoặc"                 a list

Days without a month (20, 21 and 22/11) take that of the next one that has it. What is written so may be
something else: a decimal (5.3), a share (3/5 thôn), a range (5-7 người). `RULES` tell which, by what stands around.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.measures import unit_pattern
from service.vietnamese.numbers import cardinal, figure, month
from service.vietnamese.rules import Sign, first_verdict
from service.vietnamese.scores import is_score, is_score_of_a_set
from service.vietnamese.tables import cues

LARGEST_DAY, LARGEST_MONTH = 31, 12
LARGEST_PART = 10  # fractions go up to tenths
YOUNGEST = 50  # a year of two figures below this is of our century
MOST_DAYS = 12  # in one list
ALWAYS = (24, 7)  # hours a day, days a week: "trực 24/7"
DASHES = ("-", "–", "—")
FAR = 50  # characters
LONGEST_WEEKDAY = 14  # characters, with a mark and spaces
FALLING = ("xuống", "xuống còn", "còn")
SPANNING = ("từ", "trước", "sau", "đến", "tới")
SEVERAL = ("từ", "các", "hai", "ba", "những")  # "từ ngày 5-7" is a span of numbers

_NUMBER = r"\d{1,2}"
_BEGINS = re.compile(r"(?:(?<![\d/])(?<!\d[.,])|(?<=h/))\d")  # not in the middle of a figure
_SLASHED = rf"{_NUMBER}\s?/\s?\d{{1,2}}(?:\s?/\s?(?:\d{{4}}|\d\d))?"
_DOTTED = rf"{_NUMBER}\.\d{{1,2}}(?:\.\d{{4}})?"
_LEFT_OVER = r"(?:/(?!\s?[\w.]))?"  # "hạn 30/11/, quá hạn …"
_NO_CODE = r"(?!\d|[.,]\d|\s?/\s?\d|/[A-ZĐ])"  # 5/3/7, 12/5/KH
_NO_OTHER = r"(?!\d|[.,/-]\d|/[A-ZĐ]|\s*tháng)"  # 5.3.1, 1-7-8, "5-7 tháng 3"
_DATED = re.compile(
    rf"(?:{_SLASHED}{_LEFT_OVER}{_NO_CODE}|{_DOTTED}(?!\d|[.,/]\d|/[A-ZĐ]|\s*tháng))"
)
_DASHED = re.compile(
    rf"{_NUMBER}(?:-\d{{1,2}}(?:-\d{{4}})?|\s-\s?\d{{1,2}}|-\s\d{{1,2}}){_NO_OTHER}"
)
_BARE = re.compile(r"\d{1,2}(?!\d|\.\d)")
_SPAN = re.compile(r"\s?[-–—]\s?|\s(?:cho )?(?:đến|tới)(?: hết)?(?: ngày)?\s(?=\d)")
_LIST = re.compile(r",\s?|\s(?:và|hoặc)\s(?=\d)")
_FIGURES = re.compile(r"\d{1,4}")
_MAY_BEGIN = re.compile(r"\d{1,2}(?:\s?[/.,\-–—]\s?|\s(?:đến|tới|và|hoặc|cho)\s)\D{0,10}\d")
_EVENT = re.compile(r"\b(?:ngày|dịp|lễ|quốc khánh|kỷ niệm|chào mừng|mừng)\b", re.IGNORECASE)
_NAMED_DAY = re.compile(r"\b[Nn]gày (?=[A-ZĐ])")
_WEEKDAY = re.compile(
    r"(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)[,:]?\s?[(“\"]?$", re.IGNORECASE
)
_BY_THE_MOON = re.compile(r"\s\(?(?:ÂL|AL|âl|âm lịch|DL|dl|dương lịch)(?!\w)")
_UNTIL = re.compile(r"\s(?:đến|tới)\s(?:hết\s)?(?:tháng|ngày|nay|cuối)")
_DECIMAL_OF = re.compile(r"\s?(?:điểm|triệu|tỷ|nghìn|độ|phần|lần)(?!\w)", re.IGNORECASE)
_PART = r"(\d{1,2})/(\d{1,2})(?![\d/])"
_PARTS = re.compile(
    rf"(?<![\d/.,]){_PART}\s?(-|–|đến|tới|lên|xuống còn|xuống|còn)\s?{_PART}(?:\s([^\W\d_]{{1,7}}))?"
)


class Day(NamedTuple):
    """A day as it is written; `mark` is what parts its figures, "" where it is only a number."""

    number: int
    month: int | None
    year: int | None
    mark: str
    end: int

    @property
    def is_in_the_calendar(self) -> bool:
        """Whether there is such a day."""
        return in_a_calendar(self.number, 1 if self.month is None else self.month)


class Days(NamedTuple):
    """Days in a row. Each joint is said between two of them: " đến ", ", ", "và"."""

    days: tuple[Day, ...]
    joints: tuple[str, ...]

    def moved(self, by: int) -> "Days":
        """The same days in a text that they stand in from there."""
        return self._replace(days=tuple(day._replace(end=day.end + by) for day in self.days))

    @property
    def last(self) -> Day:
        """The one that has the month."""
        return self.days[-1]

    @property
    def mark(self) -> str:
        """What the figures of the last day are parted by."""
        return self.last.mark


def in_a_calendar(number: int, of_month: int) -> bool:
    """Whether these can be a day and its month."""
    return 1 <= number <= LARGEST_DAY and 1 <= of_month <= LARGEST_MONTH


def has_a_month(text: str, position: int) -> bool:
    """Whether what is written there is a day with its month, if it is a day."""
    return _DATED.match(text, position) is not None


def parse(text: str, position: int) -> Days | None:
    """The days that are written at a place of a text, or what looks like them."""
    if not _BEGINS.match(text, position):
        return None
    return _begun_with_a_month(text, position) or _numbers_then_a_month(text, position)


def _begun_with_a_month(text: str, position: int) -> Days | None:
    """15/5, 15.5.2016, 28/2-5/3, "7.10 đến 9.10"."""
    first = _day(_DATED, text, position)
    return _spanned(text, first) if first else None


def _numbers_then_a_month(text: str, position: int) -> Days | None:
    """20, 21 và 22/11; 10-15/3; "24 đến 30-8"; where no month comes, the dash may be a mark: 17-7."""
    dashed = _day(_DASHED, text, position)
    if dashed and len((span := _spanned(text, dashed)).days) > 1:  # 1-7 đến 31-7
        return span
    days: list[Day] = []
    joints: list[str] = []
    place = position
    while len(days) < MOST_DAYS and (bare := _day(_BARE, text, place)):
        days.append(bare)
        joint = _SPAN.match(text, bare.end) or _LIST.match(text, bare.end)
        if joint is None:
            break
        place = joint.end()
        joints.append(_said_joint(joint))
        last = _day(_DATED, text, place)
        if last is None and joint[0].strip(" ") not in DASHES:  # 5-7-8 is nothing
            last = _day(_DASHED, text, place)
        if last:
            return Days((*days, last), tuple(joints))
    return Days((dashed,), ()) if dashed else None


def _spanned(text: str, first: Day) -> Days:
    """A day, or the span that it begins: 5.3 - 20.3; but 1-7-8-7 is none."""
    joint = _SPAN.match(text, first.end)
    if joint is None or (first.mark == "-" and joint[0] in DASHES):
        return Days((first,), ())
    last = _day(_DATED, text, joint.end()) or _day(_DASHED, text, joint.end())
    if last is None or not (first.is_in_the_calendar and last.is_in_the_calendar):
        return Days((first,), ())
    return Days((first, last), (_said_joint(joint),))


def _day(pattern: re.Pattern[str], text: str, position: int) -> Day | None:
    written = pattern.match(text, position)
    if written is None:
        return None
    number, *others = (int(figures) for figures in _FIGURES.findall(written[0]))
    of_month, year = [*others, None, None][:2]
    if year is not None and year < 100:
        year += 2000 if year < YOUNGEST else 1900
    mark = next((mark for mark in "/.-" if mark in written[0]), "")
    return Day(number, of_month, year, mark, written.end())


def _said_joint(joint: re.Match[str]) -> str:
    """What is said between two days: words and a comma as they stand, a dash is "đến"."""
    return {"": "đến", ",": ","}.get(written := joint[0].strip(" -–—"), written)


class Case(NamedTuple):
    """Days and what stands around them: the token that they begin with, the words before and after."""

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
        return len(self.days.days) == 2 and not self.days.joints[0].startswith((",", "và", "hoặc"))


def days_at(c: Context, i: int) -> Said | None:
    """The days that begin with token `i`; None where these are none."""
    token = c.tokens[i]
    if not _MAY_BEGIN.match(c.text, token.start):
        return None
    days = parse(c.text, token.start)
    if days is None and token.kind == "date":  # 25/12/2025-1: what follows is no part of it
        days = parse(token.text, 0)
        days = days and days.moved(token.start)
    if days is None or days.last.end < token.end:
        return None
    end = c.at(days.last.end, i)
    case = Case(c, i, days, end, c.before(i), c.after(end - 1))
    if first_verdict(SIGNS, case):
        return Said(_said(case), end, "date")
    return _no_day(case) if case.is_alone and days.last.year is not None else None


def _no_day(case: Case) -> Said:
    """31/13/2020 and "số nhà 25/7/12": three figures."""
    last = case.days.last
    written = _FIGURES.findall(case.c.text[case.c.tokens[case.i].start : last.end])
    spoken = " trên ".join(figure(figures, case.c.options.zero_tens) for figures in written)
    return Said(spoken, case.end, "ratio", doubt=not last.is_in_the_calendar)


def _said(case: Case) -> str:
    """ "ngày mười đến ngày mười lăm tháng ba": "ngày" where the text has none, the month where it stands."""
    c, first, *others = case.c, *case.days.days
    said = [say_day(c, first)]
    if case.before not in cues("day") and (not case.is_alone or needs_its_name(c, case.i)):
        said.insert(0, "ngày")
    for joint, day in zip(case.days.joints, others, strict=True):
        said.append(joint)
        if case.is_a_span and not joint.endswith("ngày"):
            said.append("ngày")
        said.append(say_day(c, day))
    return " ".join(said).replace(" ,", ",")


def say_day(c: Context, day: Day) -> str:
    """ "mười lăm tháng năm năm hai nghìn …": what the day has of month and year."""
    said = day_of_month(c, day.number)
    if day.month is not None:
        said += f" tháng {month(day.month)}"
    if day.year is not None:
        said += f" năm {cardinal(day.year, c.options.zero_tens)}"
    return said


def needs_its_name(c: Context, i: int) -> bool:
    """Whether "ngày" has to be said: nothing before token `i`, or before its list, says so already."""
    named = c.before(i) in cues("day") | cues("place named for a day")
    return not named and c.before(c.first_of_list(i)) not in cues("day")


def day_of_month(c: Context, number: int) -> str:
    """The number of a day: "hai", or "mùng hai" as an option."""
    said = cardinal(number)
    return f"mùng {said}" if c.options.mung and number <= 10 else said


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
    return clock or c.before(i, 2) in cues("when") or _after_the_clock(c, i)


def ends_a_list_of_days(c: Context, i: int) -> bool:
    """The last of "các ngày 20, 21, 22/11"."""
    first = c.first_of_list(i)
    return first != i and c.before(first) in cues("day")


def _after_the_clock(c: Context, i: int) -> bool:
    """ "từ 20h30-21h30, 22/3"."""
    earlier = [token for token in c.tokens[max(0, i - 3) : i] if token.kind != "space"]
    return len(earlier) > 1 and earlier[-1].text == "," and earlier[-2].kind == "time"


def _after_the_hour(c: Context, i: int) -> bool:
    """7h/15/9."""
    return i > 1 and c.tokens[i - 1].text == "/" and c.tokens[i - 2].kind == "time"


def _has_a_name(c: Context, i: int) -> bool:
    """ "Ngày Pháp luật 9/11"."""
    name = c.since(_NAMED_DAY, i)
    return name is not None and len(name) < FAR and not re.search(r"[\d.,;:(]", name)


def _is_of_an_event(case: Case) -> bool:
    """The day of a feast, as in "Ngày Phụ nữ Việt Nam 20-10" and "Quốc khánh 2-9"."""
    between = case.c.since(_EVENT, case.i)
    if between is None or len(between) > FAR or re.search(r"[\d.,;:]", between):
        return False
    return case.exceeds or (case.number, case.of_month) in tables.days()


def _is_known(case: Case) -> bool:
    return (case.number, case.of_month) in tables.days()


def _counts(case: Case) -> bool:
    """ "mở 1/5 cửa van": what a share is of stands after it, after a day a small word or nothing."""
    return not case.exceeds and case.after.isalpha() and case.after not in cues("after a day")


def _and_a_part(case: Case) -> bool:
    """The 1/2 of "2 và 1/2"."""
    whole, *joined = case.c.before(case.i, 2).split()
    return joined == ["và"] and whole.isdigit() and case.number < case.of_month <= LARGEST_PART


def is_of_parts(c: Context, i: int) -> bool:
    """Whether a/b is one end of "từ 1/3 đến 1/2 diện tích" or "giảm từ 1/3 xuống 1/4": parts, no days."""
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
    shared = span[6] in cues("shared") or unit_pattern().match(c.text, span.end(5)) is not None
    return over * to_under < to_over * under and (span[3] == "lên" or shared)


def _in_brackets(case: Case) -> bool:
    """ "21h00 (28/11)"."""
    c, end = case.c, case.end
    left = c.beside(case.i, -1)
    return bool(left and left.text == "(" and end < len(c.tokens) and c.tokens[end].text == ")")


def _is_measured(case: Case) -> bool:
    """A unit, or what decimals are told of, stands after: 5.3-20.3 km, 7.5-8.5 điểm."""
    end = case.days.last.end
    return bool(unit_pattern().match(case.c.text, end) or _DECIMAL_OF.match(case.c.text, end))


def _ends_there(case: Case) -> bool:
    """A mark or a small word stands after, so that nothing is counted."""
    return not case.after[:1].isalnum() or case.after.rstrip(",.;") in cues("after a day")


def _begins_a_span(case: Case) -> bool:
    """ "từ 22-3 đến tháng 8"."""
    return case.before == "từ" and _UNTIL.match(case.c.text, case.days.last.end) is not None


def _rises(case: Case) -> bool:
    """Whether the last day of a span does not come before its first, as years go: 28.12 - 3.1 is no decimal."""
    first, last = case.days.days[0], case.days.last
    begins, ends = (first.month or case.of_month, first.number), (case.of_month, last.number)
    return begins < ends or (begins[0] > 10 and ends[0] < 3)


def _is_several(case: Case) -> bool:
    """ "từ ngày 5-7" and "những ngày 5-7 Tết": numbers of days, not a day and its month."""
    named_before = case.c.before(case.i, 2).split()[:1]
    tet = case.c.text.startswith(" Tết", case.days.last.end)
    return not case.exceeds and (tet or named_before[0] in SEVERAL if named_before else tet)


def _can_be_nothing_else(case: Case) -> bool:
    """29/11 is more than its whole, and no address, no blood pressure: a day."""
    other = cues("address") | cues("amount") | cues("pressure")
    return (
        case.exceeds
        and case.before not in other
        and "lệ" not in case.c.before(case.i, 2)
        and not _is_measured(case)
    )


def _slash(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: case.is_alone and case.days.mark == "/" and holds(case)


def _point(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: case.is_alone and case.days.mark != "/" and holds(case)


def _span(holds: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: case.is_a_span and holds(case)


# Read from above: the first sign that holds decides.
SIGNS: tuple[Sign[Case], ...] = (
    Sign(
        "no such day",
        False,
        lambda case: not all(day.is_in_the_calendar for day in case.days.days),
        "có 17/23 xã",
        "có mười bảy trên hai mươi ba xã",
    ),
    Sign(
        "with an old house's number",
        False,
        lambda case: case.days.last.year is not None and case.before in cues("address"),
        "số nhà 25/7/12",
        "số nhà hai mươi lăm trên bảy trên mười hai",
    ),
    Sign(
        "with its year",
        True,
        lambda case: case.days.last.year is not None and case.is_alone,
        "sinh 15.5.2016",
        "sinh ngày mười lăm tháng năm năm hai nghìn không trăm mười sáu",
    ),
    Sign(
        "always",
        False,
        lambda case: (
            case.is_alone
            and (case.number, case.of_month) == ALWAYS
            and case.before not in cues("day")
        ),
        "trực 24/7",
        "trực hai mươi tư trên bảy",
    ),
    Sign(
        "parts of a whole",
        False,
        lambda case: case.days.mark == "/" and is_of_parts(case.c, case.i),
        "từ 1/3 đến 1/2 diện tích",
        "từ một phần ba đến một phần hai diện tích",
    ),
    Sign(
        "numbers of days",
        False,
        _point(lambda case: case.days.mark == "-" and _is_several(case)),
        "từ ngày 5-7 tại xã",
        "từ ngày năm đến bảy tại xã",
    ),
    Sign(
        "after ngày",
        True,
        lambda case: case.before in cues("day"),
        "ngày 5.5 xã họp",
        "ngày năm tháng năm xã họp",
    ),
    Sign(
        "a score",
        False,
        lambda case: case.days.mark == "-" and is_score(case.c, case.i + 1),
        "tỷ số là 5-4.",
        "tỷ số là năm bốn.",
    ),
    Sign(
        "a list without ngày",
        False,
        lambda case: len(case.days.days) > 1 and not case.is_a_span,
        "hộ 5, 20/11 họp",
        "hộ năm, ngày hai mươi tháng mười một họp",
    ),
    Sign(
        "a span with a slash",
        True,
        _span(lambda case: case.days.mark == "/"),
        "nghỉ 10-15/3",
        "nghỉ ngày mười đến ngày mười lăm tháng ba",
    ),
    Sign(
        "a span of measures",
        False,
        _span(_is_measured),
        "dài 5.3 - 20.3 km",
        "dài năm phẩy ba đến hai mươi phẩy ba ki lô mét",
    ),
    Sign(
        "a span of two days with their months",
        True,
        _span(
            lambda case: (
                case.days.days[0].month is not None
                and _rises(case)
                and case.before not in cues("amount")
            )
        ),
        "Đợt 2: 15.8-20.8",
        "Đợt hai, ngày mười lăm tháng tám đến ngày hai mươi tháng tám",
    ),
    Sign(
        "a span after từ",
        True,
        _span(
            lambda case: case.before in cues("perhaps a day") | cues("today") and _ends_there(case)
        ),
        "từ 6 – 8.4, xã họp",
        "từ ngày sáu đến ngày tám tháng tư, xã họp",
    ),
    Sign(
        "another span",
        False,
        lambda case: not case.is_alone,
        "nặng 3-4.5",
        "nặng ba đến bốn chấm năm",
    ),
    Sign(
        "ends a list of days",
        True,
        lambda case: ends_a_list_of_days(case.c, case.i),
        "các ngày 2, 3, 5/4",
        "các ngày hai, ba, năm tháng tư",
    ),
    Sign(
        "after the hour or what has an end",
        True,
        lambda case: (case.exceeds or case.days.mark != "/") and is_told(case.c, case.i),
        "Hạn nộp 30.11, quá hạn trả lại",
        "Hạn nộp ngày ba mươi tháng mười một, quá hạn trả lại",
    ),
    Sign(
        "of a feast",
        True,
        _slash(lambda case: case.exceeds and case.before in cues("feast")),
        "dịp 30/4 thôn họp",
        "dịp ngày ba mươi tháng tư thôn họp",
    ),
    Sign(
        "what is counted follows",
        False,
        _slash(lambda case: case.after in cues("counted")),
        "từ 7/9 thôn",
        "từ bảy trên chín thôn",
    ),
    Sign(
        "after a word that days often follow",
        True,
        _slash(
            lambda case: (
                case.before in cues("day") | cues("perhaps a day") and not _and_a_part(case)
            )
        ),
        "từ 5/6 tại xã",
        "từ ngày năm tháng sáu tại xã",
    ),
    Sign(
        "after today",
        True,
        _point(lambda case: case.before in cues("today") or case.before == "hết"),
        "đến hết 31.12",
        "đến hết ngày ba mươi mốt tháng mười hai",
    ),
    Sign(
        "a place that is named for it",
        True,
        _slash(lambda case: case.before in cues("place named for a day") and _is_known(case)),
        "quảng trường 26/3",
        "quảng trường hai mươi sáu tháng ba",
    ),
    Sign(
        "after the day of the week",
        True,
        lambda case: is_weekday(case.c, case.i),
        "thứ Bảy (29.11)",
        "thứ Bảy, ngày hai mươi chín tháng mười một",
    ),
    Sign(
        "after the hour",
        True,
        lambda case: is_told(case.c, case.i) or _after_the_hour(case.c, case.i),
        "lúc 7h/15/9",
        "lúc bảy giờ ngày mười lăm tháng chín",
    ),
    Sign(
        "alone in brackets",
        True,
        _slash(lambda case: case.exceeds and _in_brackets(case)),
        "họp đầu tuần (28/11)",
        "họp đầu tuần, ngày hai mươi tám tháng mười một",
    ),
    Sign(
        "a day with a name",
        True,
        _slash(lambda case: _has_a_name(case.c, case.i)),
        "Ngày Pháp luật 9/11",
        "Ngày Pháp luật ngày chín tháng mười một",
    ),
    Sign(
        "a feast by its date",
        True,
        _point(_is_of_an_event),
        "Quốc khánh 2-9",
        "Quốc khánh ngày hai tháng chín",
    ),
    Sign(
        "by the moon",
        True,
        lambda case: _BY_THE_MOON.match(case.c.text, case.days.last.end) is not None,
        "giỗ tổ 10-3 âm lịch",
        "giỗ tổ ngày mười tháng ba âm lịch",
    ),
    Sign(
        "the begin of a span",
        True,
        _point(_begins_a_span),
        "từ 22-3 đến tháng 8",
        "từ ngày hai mươi hai tháng ba đến tháng tám",
    ),
    Sign(
        "more than its month, where no range falls",
        True,
        _point(
            lambda case: (
                case.exceeds
                and case.before in cues("day") | cues("perhaps a day")
                and _ends_there(case)
            )
        ),
        "trước 15.5, xã họp",
        "trước ngày mười lăm tháng năm, xã họp",
    ),
    Sign(
        "known by its date",
        True,
        _slash(
            lambda case: _is_known(case) and case.before not in cues("amount") and not _counts(case)
        ),
        "mít tinh 2/9",
        "mít tinh ngày hai tháng chín",
    ),
    Sign(
        "known by its date, with a point",
        True,
        _point(
            lambda case: (
                _is_known(case)
                and case.before in SPANNING
                and not _counts(case)
                and not _is_measured(case)
            )
        ),
        "từ 1.7, xã mới hoạt động",
        "từ ngày một tháng bảy, xã mới hoạt động",
    ),
    Sign(
        "with a nought",
        True,
        _slash(lambda case: case.c.tokens[case.i].text[0] == "0"),
        "xã họp 05/3 tới",
        "xã họp ngày năm tháng ba tới",
    ),
    Sign(
        "the score of a set",
        False,
        lambda case: is_score_of_a_set(case.c, case.i),
        "thắng 3-0 (25/10, 25/11)",
        "thắng ba không, hai mươi lăm mười, hai mươi lăm mười một",
    ),
    Sign(
        "more than its whole",
        True,
        _slash(_can_be_nothing_else),
        "xã họp 29/11",
        "xã họp ngày hai mươi chín tháng mười một",
    ),
)
