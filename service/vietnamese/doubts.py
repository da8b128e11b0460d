"""Figures that could be said otherwise: a second look that turns what has a rival into a doubt."""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import cardinal, month
from service.vietnamese.tables import Cue

DAYS, MONTHS = 31, 12
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})")
_COUNT = re.compile(r"[1-9]\d{1,3}")


class Doubt(NamedTuple):
    """A kind of figure that may be another; `rival` gives the other words, "" where nothing speaks for them."""

    name: str
    rival: Callable[[Context, int, Said], str]
    example: str
    rival_said: str


def second_look(c: Context, i: int, said: Said) -> Said:
    """What a figure is said as, marked with its rival where it has one."""
    if said.doubt:
        return said
    for doubt in DOUBTS:
        if rival := doubt.rival(c, i, said):
            return said._replace(rule=said.rule or "number", doubt=True, rivals=(rival,))
    return said


def _a_day(c: Context, i: int, said: Said) -> str:
    """7.12 said as a figure: no version, item or brand stands before it, and no unit after it."""
    date = _DAY.fullmatch(c.tokens[i].text)
    if date is None or " chấm " not in said.spoken or c.beside(i, -1) is not None:
        return ""
    day_number, month_number = int(date[1]), int(date[2])
    if not (0 < day_number <= DAYS and 0 < month_number <= MONTHS):
        return ""
    previous = c.neighbour(i, -1)
    if previous is None or previous.text[0].isupper() or c.before(i) in tables.cues(Cue.VERSION):
        return ""
    return f"ngày {cardinal(day_number)} tháng {month(month_number)}"


def _a_count(c: Context, i: int, said: Said) -> str:
    """ "tổng đài 200 ghế" said digit by digit: no hotline that everybody knows, and something is counted."""
    text = c.tokens[i].text
    if said.rule != "digits" or not _COUNT.fullmatch(text):
        return ""
    previous, following = c.neighbour(i, -1), c.neighbour(i, 1)
    if previous is not None and previous.kind == "number":
        return ""  # a group of an account
    counted = following is not None and following.kind == "word" and following.text.islower()
    if not counted or text in tables.cues(Cue.HOTLINE):
        return ""
    return cardinal(int(text), c.options.zero_tens)


DOUBTS = (
    Doubt("a day", _a_day, "quét rác vào 7.12", "ngày bảy tháng mười hai"),
    Doubt("a count", _a_count, "tổng đài 250 hỏi", "hai trăm năm mươi"),
)
