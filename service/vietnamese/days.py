"""Days as people write them: one grammar for single days, spans and lists,
whatever mark they are written with.

    days  = days in a row, joint by joint
    day   = number [mark month [mark year]]     the mark is "/", "." or "-", the same in both places
    joint = "-" | "–" | "đến" | "tới"           a span
          | "," | "và" | "hoặc"                 a list

Days without a month (20, 21 and 22/11) take that of the next one that has it. What is written so
may be something else: a decimal (5.3), a share (3/5 thôn), a range (5-7 người). `RULES` tell which,
by what stands around.
"""

import re
from typing import NamedTuple

from service.vietnamese.context import Context
from service.vietnamese.numbers import cardinal, month
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue

LARGEST_DAY, LARGEST_MONTH = 31, 12
YOUNGEST = 50  # a year of two figures below this is of our century
MOST_DAYS = 12  # in one list
DASHES = ("-", "–", "—")
_NUMBER = r"\d{1,2}"
# Not in the middle of a figure
_BEGINS = re.compile(r"(?:(?<![\d/])(?<!\d[.,])|(?<=h/))\d")
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
_BARE = re.compile(r"\d{1,2}(?!\d|\.\d)(?:/(?=\s?[-–]))?")  # "20/ - 25/12", too
_SPAN = re.compile(r"\s?[-–—]\s?|\s(?:cho )?(?:đến|tới)(?: hết)?(?: ngày)?\s(?=\d)")
_LIST = re.compile(r",\s?|\s(?:và|hoặc)\s(?=\d)")
# What is worth a closer look: most figures are nothing of the kind.
MAY_BEGIN = re.compile(
    r"\d{1,2}(?:\.\d{1,2}(?!\d)|\s?[/–—-]\s?\d{1,2}(?!\d)|/\s?[-–]"
    r"|,\s?\d{1,2}(?=/|\.\d|\s?[-–—/,]|\s(?:cho|đến|tới|và|hoặc)\s)"
    r"|\s(?:đến|tới|và|hoặc|cho)\s\D{0,10}\d)"
)
FIGURES = re.compile(r"\d{1,4}")
_ENDLESS = re.compile(rf"\d{{1,2}}(?:-\d{{1,2}}){{{MOST_DAYS + 1}}}")  # 1-1-1-1-…


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
        return self._replace(
            days=tuple(day._replace(end=day.end + by) for day in self.days)
        )

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
    # So many dashes in a row are no days: else each figure of a long row would walk through a
    # dozen.
    if not _BEGINS.match(text, position) or _ENDLESS.match(text, position):
        return None
    return _begun_with_a_month(text, position) or _numbers_then_a_month(text, position)


def _begun_with_a_month(text: str, position: int) -> Days | None:
    """15/5, 15.5.2016, 28/2-5/3, "7.10 đến 9.10"."""
    first = _day(_DATED, text, position)
    return _spanned(text, first) if first else None


def _numbers_then_a_month(text: str, position: int) -> Days | None:
    """20, 21 và 22/11.

    10-15/3; "24 đến 30-8"; where no month comes, the dash may be a mark: 17-7.
    """
    dashed = _day(_DASHED, text, position)
    if dashed and (both := _two_dashed(text, dashed)):
        return both
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


def _two_dashed(text: str, first: Day) -> Days | None:
    """ "1-7 đến 31-7"; "30-4 và 1-5", of which the first can be no range, as it falls."""
    if len((span := _spanned(text, first)).days) > 1:
        return span
    joint = _LIST.match(text, first.end)
    falls = first.month is not None and first.number > first.month
    last = _day(_DASHED, text, joint.end()) if joint and falls else None
    return Days((first, last), (_said_joint(joint),)) if joint and last else None


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
    number, *others = (int(figures) for figures in FIGURES.findall(written[0]))
    of_month, year = [*others, None, None][:2]
    if year is not None and year < 100:
        year += 2000 if year < YOUNGEST else 1900
    mark = next((mark for mark in "/.-" if mark in written[0]), "")
    return Day(number, of_month, year, mark, written.end())


def _said_joint(joint: re.Match[str]) -> str:
    """What is said between two days: words and a comma as they stand, a dash is "đến"."""
    return {"": "đến", ",": ","}.get(written := joint[0].strip(" -–—"), written)


def needs_its_name(c: Context, i: int) -> bool:
    """Whether "ngày" has to be said: nothing before token `i`,
    or before its list, says so already.
    """
    named = c.before(i) in cues(Cue.DAY, Cue.PLACE_NAMED_FOR_A_DAY)
    return not named and c.before(c.first_of_list(i)) not in cues(Cue.DAY)


def day_of_month(c: Context, number: int) -> str:
    """The number of a day: "hai", or "mùng hai" as an option."""
    said = cardinal(number)
    return f"mùng {said}" if c.options.mung and number <= 10 else said


def say_day(c: Context, day: Day) -> str:
    """ "mười lăm tháng năm năm hai nghìn …": what the day has of month and year."""
    said = day_of_month(c, day.number)
    if day.month is not None:
        said += f" tháng {month(day.month)}"
    if day.year is not None:
        said += f" năm {cardinal(day.year, c.options.zero_tens)}"
    return said
