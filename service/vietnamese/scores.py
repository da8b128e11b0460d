"""Scores of a match: two figures side by side where a contest is told of."""

import re

from service.vietnamese.context import Context
from service.vietnamese.measures import unit_pattern

CONTEST = re.compile(
    r"\bt[ỷỉ] số\b|\b(?:thắng|thua|dẫn|(?<!điều )(?<!cộng )(?<!hài )(?:hòa|hoà))\b", re.IGNORECASE
)  # a score follows
MATCH = re.compile(r"\b(?:trận|hiệp|chung kết|bán kết|tứ kết|vòng bảng)\b", re.IGNORECASE)  # one perhaps follows
_GOALS = re.compile(r"\d\s?[-:]\s?\d(?!\w|[.,]\d| [^\W\d_])")
REACH = 120  # characters


def is_score(c: Context, i: int) -> bool:
    """Whether the mark at token `i` stands between the figures of a score: 3-1, 2:1."""
    right = c.neighbour(i, 1)
    if right and unit_pattern().match(c.text, right.end):
        return False
    between = c.since(CONTEST, i)
    if between is None:
        between = c.since(MATCH, i) if _GOALS.match(c.text, c.tokens[i - 1].start) else None
    return between is not None and _is_near(between)


def is_score_of_a_set(c: Context, i: int) -> bool:
    """Whether the ratio at token `i` is a score: "thắng 3-0 (25/20, 25/18)", never a count as in "thắng 5/6 trận"."""
    between = c.since(CONTEST, i)
    return between is not None and _is_near(between) and not c.after(i)[:1].isalpha()


def _is_near(between: str) -> bool:
    return len(between) < REACH and ". " not in between
