"""Scores of a match: two figures side by side where a contest is told of."""

import re
from collections.abc import Sequence
from functools import cache

from service.vietnamese.context import Context
from service.vietnamese.tables import CueRow, cue_rows
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token
from service.vietnamese.unit_forms import unit_pattern

_GOALS = re.compile(r"\d{1,3}\s?[-:]\s?\d{1,3}(?!\w|[.,]\d| [^\W\d_])")
_BARE = re.compile(r"\d{1,2}")
MOST_DIGITS = 3  # of a score: nothing but years and crowds has more
REACH = 120  # characters


def is_score(c: Context, i: int) -> bool:
    """Whether the mark at token `i` stands between the figures of a score: 3-1, 2:1."""
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    if any(side and len(side.text) > MOST_DIGITS for side in (left, right)):
        return False
    if right and unit_pattern().match(c.text, right.end):
        return False
    if _is_no_range(left, right) or _is_near(c.since(_contest(), i)):
        return True
    goals = _GOALS.match(c.text, left.start) if left else None
    return goals is not None and _is_near(c.since(_match(), i))


def is_score_of_a_set(c: Context, i: int) -> bool:
    """Whether the ratio at token `i` is a score: "thắng 3-0 (25/20,
    25/18)", never a count as in "thắng 5/6 trận".
    """
    return _is_near(c.since(_contest(), i)) and not c.after(i)[:1].isalpha()


def _is_no_range(left: Token | None, right: Token | None) -> bool:
    """1-1, 3-0: a range rises; what falls otherwise may be a day (30-4)."""
    if left is None or right is None or not _BARE.fullmatch(left.text):
        return False
    return right.text in (left.text, "0")


def _is_near(between: str | None) -> bool:
    return between is not None and len(between) < REACH and ". " not in between


@cache
def _contest() -> re.Pattern[str]:
    """What a score follows, within some words."""
    return _one_of(cue_rows(Cue.CONTEST))


@cache
def _match() -> re.Pattern[str]:
    """What a score perhaps follows: only one that nothing is counted after."""
    return _one_of(cue_rows(Cue.MATCH), re.IGNORECASE)


def _one_of(cues: Sequence[CueRow], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The cues as one pattern.

    Few words begin with one of their letters, so that is looked at first.
    """
    initials = "".join(
        sorted({letter for cue in cues for letter in _both_cases(cue.written[0])})
    )
    return re.compile(rf"\b(?=[{initials}])(?:{'|'.join(map(_written, cues))})", flags)


def _both_cases(letter: str) -> tuple[str, str]:
    return letter, letter.upper()


def _written(cue: CueRow) -> str:
    """A cue where it is no part of another word, nor of a name (Tân Hòa, Quyết Thắng).

    With a capital it is one only at the begin of a line, before a figure.
    """
    apart = "".join(rf"(?<!{word} )" for word in cue.not_after)
    alone = rf"(?! (?:{'|'.join(cue.not_before)})\b)" if cue.not_before else ""
    begun = rf"(?<![^\W\d_] ){cue.written.capitalize()}(?= \d)"
    return rf"{apart}{cue.written}\b{alone}|{begun}"
